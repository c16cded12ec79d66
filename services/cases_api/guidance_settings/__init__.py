"""Dated settings of guidance (跟案指导): the share, of what it is a share, and what counts as guided."""
