"""What the person at the terminal can understand and mend."""

from __future__ import annotations


class Trouble(Exception):
    """A plain message for the terminal; never holds a password."""
