"""How certificates that were issued elsewhere come in: in batches that the bureau or the province sends again and again."""
