"""One file a site: how its releases are found and, where it has a layout of its own, how its pages are read."""
