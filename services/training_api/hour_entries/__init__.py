"""Class hours (学时) of officers: a ledger to which rows are only ever added."""
