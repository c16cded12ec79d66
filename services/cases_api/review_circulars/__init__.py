"""Circulars (通报): a campaign's figures as an official paper, for print and for further editing."""
