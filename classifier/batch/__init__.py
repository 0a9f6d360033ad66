"""Scores many texts, in order, in one process or many: the same rows whatever runs them."""
