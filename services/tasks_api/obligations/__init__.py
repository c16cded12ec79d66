"""Obligations (可核验义务): what the plan asks of whom, measured from the records themselves."""
