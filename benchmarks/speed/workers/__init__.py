"""The programs that are timed; each answers a line of JSON for every photo that it is given."""
