"""The salient object of a photo."""
