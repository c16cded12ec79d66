"""What is watched like an assignment without being one (problems, complaints): lamps, lateness and the ladder for them."""
