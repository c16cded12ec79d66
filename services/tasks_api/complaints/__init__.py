"""Complaints (投诉举报) of tasks 9 and 18: taken in by channel, handed on, answered in time, rated, linked."""
