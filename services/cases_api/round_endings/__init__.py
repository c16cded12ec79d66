"""How rounds end: published with their results, closed, or voided."""
