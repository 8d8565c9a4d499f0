"""Koutu beside its peers, in one run: speed, memory, start; see `python -m benchmarks.speed --help`."""
