"""Arbitrations (合议复核): a third person decides on a file whose reviews disagree."""
