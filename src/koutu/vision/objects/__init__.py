"""Things by their kind: boxes, and masks inside boxes."""
