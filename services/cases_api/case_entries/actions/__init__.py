"""How case files come in: `entries` one by one and in batches, `news` what a repeated import brings, `writing` the rows."""
