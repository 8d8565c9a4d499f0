"""The heads for things and places: masks in boxes, scenes, logos."""
