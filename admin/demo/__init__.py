"""The demonstration: synthetic people of a made-up year, and the main story of the plan played through the REST API."""
