"""Commands that print tables: speed, memory, quality."""
