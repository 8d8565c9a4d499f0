"""One thin class per runtime."""
