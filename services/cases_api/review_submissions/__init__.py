"""Handing in, giving back and withdrawing reviews, with what that means for arbitration."""
