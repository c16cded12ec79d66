"""Notifications (站内消息): the inbox of an account. Messages go to the people of some roles in a unit or the district."""
