"""Number patterns (案号编号规则): how a case number is written, as data per unit, kind and year."""
