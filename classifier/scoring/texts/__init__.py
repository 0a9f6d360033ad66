"""Models of texts as wholes, with classes of any names: what they count, how they weigh it, and what they say of a text."""
