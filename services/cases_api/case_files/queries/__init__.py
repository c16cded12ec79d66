"""Reads of case files: what is shown of them, who sees it, lists and searches, rows to be changed."""
