"""Brings statements in: fetching, reading, and the `Release` they become."""
