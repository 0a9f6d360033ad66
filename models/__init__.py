"""Shipped models, one folder each; `CURRENT` names the one in use."""
