"""Years of the ledger (学时年度): open, or closed by the bureau so that their figures stand."""
