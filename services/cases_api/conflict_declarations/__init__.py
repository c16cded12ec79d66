"""Declared conflicts of interest (回避): a reviewer against a unit or a case file."""
