"""Picture files in and out: decoding, limits, colours, return forms, encoding."""
