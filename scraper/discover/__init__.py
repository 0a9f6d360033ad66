"""How releases are found: what a source is, what it finds, and the parts that sources are made of."""
