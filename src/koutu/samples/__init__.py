"""Sample photos that ship with Koutu, all openly licensed; README.md names their sources."""
