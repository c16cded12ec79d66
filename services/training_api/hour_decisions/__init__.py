"""What becomes of class hours once entered: confirmed, refused, reversed."""
