"""Where what was collected is kept: a database of releases and a folder of raw bytes."""
