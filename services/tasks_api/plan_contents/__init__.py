"""What a plan asked for since when: the whole of it, kept at activation and with each later version."""
