"""Teaches models of texts as wholes: counts, trials, fitting, saving."""
