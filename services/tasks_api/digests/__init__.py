"""The digest (待办摘要): what waits on a caller's desk at this moment, in numbers."""
