"""Faces: where they are and how they are turned."""
