"""Lateness (逾期记录): which unit was late with what, from when, for how long. Rows are only ever added."""
