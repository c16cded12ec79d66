"""Shared building blocks of the four services and the gateway. Knows no feature."""
