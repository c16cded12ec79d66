"""The chain over the ledger of class hours: sealing, verification, head."""
