"""Methods that see: arrays in, masks out; one method per file."""
