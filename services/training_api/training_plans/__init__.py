"""Training plans (培训计划) of a year: the annual one of every enforcement unit, the professional one of every department."""
