"""Draws that outsiders can repeat: a frozen frame, then a seed, then the sample."""
