"""Rules of escalation: which steps are due (ladder), what they say (wording), and reminders by hand. Pure."""
