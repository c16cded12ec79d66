"""Exams (资格考试) and their results, which count once they are published."""
