"""The audit trail (审计记录) as read by the auditor, and the proof that nothing in it was bent."""
