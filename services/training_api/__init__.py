"""Service training_api."""
