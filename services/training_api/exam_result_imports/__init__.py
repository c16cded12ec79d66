"""Exam results by file (考试成绩导入): a list of results of one exam, checked row by row, with a report of every reason."""
