"""The year the demonstration tells of."""

YEAR = 2025
