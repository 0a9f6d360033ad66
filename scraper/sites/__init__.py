"""One module per layout of page, each saying how the layout shows itself and how it is read."""
