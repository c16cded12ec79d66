"""Documents of a case file (执法文书), each with its number, version and file."""
