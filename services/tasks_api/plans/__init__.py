"""Plans (行动计划): the three-year plan of a district, from draft to closing."""
