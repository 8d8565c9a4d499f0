"""Inference on a Ray cluster."""
