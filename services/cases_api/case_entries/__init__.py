"""Entries (录入): how case files come in, one by one or in batches, by hand or from the provincial platform."""
