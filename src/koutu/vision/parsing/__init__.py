"""Parts of faces and people: which pixel is hair, skin, a coat."""
