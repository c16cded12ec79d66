"""Versions of a plan in force (方案调整): what it asked when, what a change did to the assignments, and why it was made."""
