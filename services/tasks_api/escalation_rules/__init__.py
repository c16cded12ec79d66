"""Escalation rules (督办规则): which step follows on which day before or after a due date. Dated; rows are only ever added."""
