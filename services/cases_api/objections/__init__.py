"""Objections (异议): a unit objects to a result; somebody not involved decides, once."""
