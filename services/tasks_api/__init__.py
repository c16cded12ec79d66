"""The plan at work: plan documents, plans, tasks, assignments, deadlines, supervision and reports."""
