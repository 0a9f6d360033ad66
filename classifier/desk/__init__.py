"""Where people sit: the only code that prints, renders or wires rooms together."""
