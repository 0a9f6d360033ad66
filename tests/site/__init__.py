"""A site that is made up: pages in all layouts, what truly stands on them, and a server that misbehaves.

Nothing in it was ever published. Every page says so in its first line.
"""
