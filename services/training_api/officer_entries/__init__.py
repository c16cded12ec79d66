"""How officers come in: one by one, or in batches that other systems send again and again."""
