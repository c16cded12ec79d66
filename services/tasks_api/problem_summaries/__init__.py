"""Summaries of task 6 (总结材料): each unit's, and the district's roll-up of them. Figures are counted, never typed."""
