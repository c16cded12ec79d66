"""Dated settings of the ledger (学时规则): what waits for confirmation, how much of a source counts, what is carried over."""
