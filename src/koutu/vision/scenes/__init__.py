"""Scenes: a class for every pixel."""
