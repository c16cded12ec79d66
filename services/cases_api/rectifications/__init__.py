"""Rectifications (整改): what a review found is put right within a limit, checked by somebody else, and closed (销号)."""
