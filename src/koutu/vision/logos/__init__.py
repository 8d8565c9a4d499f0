"""Logos on any background."""
