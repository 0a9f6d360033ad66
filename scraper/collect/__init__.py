"""Discover, fetch, read, keep: one collection from a source into a store, to be broken off and taken up at any point."""
