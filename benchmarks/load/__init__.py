"""Load and faults against a server of their own: chaos, overload, soak, fuzz."""
