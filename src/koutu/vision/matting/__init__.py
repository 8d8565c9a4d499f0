"""Soft edges: from coarse masks to alpha."""
