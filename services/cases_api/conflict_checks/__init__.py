"""Conflicts of interest between reviewers and case files, as computed and as declared."""
