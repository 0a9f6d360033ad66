"""Looks at a labelled corpus before anything is learnt from it: what would make figures false is refused, the rest is said."""
