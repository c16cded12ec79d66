"""Attendance by file (考勤导入): a sign-in sheet of a class, checked row by row, with a report of every reason."""
