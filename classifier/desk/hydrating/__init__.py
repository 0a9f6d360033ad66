"""Fetches the texts of the dehydrated corpus again: the labels' room and the fetcher wired together."""
