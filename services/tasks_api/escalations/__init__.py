"""Escalations (督办升级): the steps of the ladder that were taken, and the sweep that takes them."""
