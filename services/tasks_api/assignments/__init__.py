"""Assignments (任务交办): what one unit owes for one task, from issue to approval."""
