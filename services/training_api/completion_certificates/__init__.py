"""Completion certificates (结业证书, 学时证明): numbered without gaps, printed, and open to anybody's check."""
