"""People as a whole."""
