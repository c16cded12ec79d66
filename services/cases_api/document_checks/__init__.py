"""The documents of a case held against the templates of their day."""
