"""Delegations (任务分解): parts of a task, given by the bureau or by a unit to the units below it, as a tree."""
