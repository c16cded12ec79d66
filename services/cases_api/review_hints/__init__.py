"""Hints (自动核查提示): what the legal check found stands beside the items of a review sheet, and never scores."""
