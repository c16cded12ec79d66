"""Attendance (考勤): recorded by the organiser for a class or session, by rows, or by signing in."""
