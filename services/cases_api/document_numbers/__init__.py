"""Numbers of documents (文号): a row per unit, type and year, without gaps; void ones are kept with their reason."""
