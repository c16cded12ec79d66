"""Admin scripts that speak REST, one file per noun."""
