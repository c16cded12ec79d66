"""Enrolments (报名) in classes, and who was present (考勤)."""
