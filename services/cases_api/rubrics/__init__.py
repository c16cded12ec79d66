"""Rubrics (评查标准): points, deductions, vetoes and grades by which case files are reviewed; unchangeable once published."""
