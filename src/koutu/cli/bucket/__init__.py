"""A whole bucket through one action, on Ray Data."""
