"""Webhook deliveries (推送记录): each message sent to an endpoint, until it arrived or was given up."""
