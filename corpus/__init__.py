"""What a stranger may have of the corpus: codebook, constructed statements, labels by hash; no text of others."""
