"""What records of this service refer to: whether it is there, and in the caller's sight."""
