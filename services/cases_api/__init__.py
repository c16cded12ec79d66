"""Service cases_api."""
