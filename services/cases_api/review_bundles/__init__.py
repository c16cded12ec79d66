"""The whole record of a review campaign as one archive, identities masked, for outsiders to check offline."""
