"""Reading a plan document (实施方案) as governments write it into a draft plan."""
