"""Typed registers of what surrounds a case: one file per kind below `kinds`."""
