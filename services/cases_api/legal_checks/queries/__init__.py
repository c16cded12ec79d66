"""Reads and writes of the legal check: `snapshots` (cases as the rules see them), `stored` (what was last computed, and what
waits), `lists` (defects and deadlines over many files), `overrides`.
"""
