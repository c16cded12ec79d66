"""Service directory_api."""
