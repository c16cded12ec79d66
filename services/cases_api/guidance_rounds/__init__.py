"""Rounds of drawing the cases a granting department guides, by the protocol of all draws."""
