"""The service: it knows callers and never touches a pixel."""
