"""How class hours come in: entered one by one, in batches, or for everybody present in a class."""
