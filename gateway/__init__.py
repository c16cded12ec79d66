"""The one public door (网关): checks tokens and rights, strips what callers may not say, streams. Holds no data."""
