"""Webhook endpoints (推送端点): where a receiver wants to be told of changes, and of which."""
