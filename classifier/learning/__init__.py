"""What labels teach: corpora, training, figures (scikit-learn)."""
