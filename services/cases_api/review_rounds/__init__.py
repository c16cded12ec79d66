"""Review rounds (评查轮次): who reviews which files of a campaign, and how far that has come."""
