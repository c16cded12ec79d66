"""Tasks (任务): the numbered tasks and work requirements of a plan, their parties and deadlines."""
