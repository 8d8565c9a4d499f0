"""The sky: its matte, and another sky in its place."""
