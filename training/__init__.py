"""How the shipped heads are trained, exported and scored. Not part of the installed package; needs PyTorch."""
