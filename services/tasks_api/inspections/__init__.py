"""Inspections carried out (tasks 9, 13): by the plan or beside it with a reason, which units went together, what came of it."""
