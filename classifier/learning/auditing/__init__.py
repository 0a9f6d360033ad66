"""Asks a model which labels it doubts; labels are people's, so nothing is changed."""
