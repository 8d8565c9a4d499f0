"""The actions, one file each: decoded pictures and typed parameters in, an Outcome out."""
