"""The parts of `koutu cut`: which photos, where results go, running them, watching a folder."""
