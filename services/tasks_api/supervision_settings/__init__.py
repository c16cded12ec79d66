"""Supervision settings (督办参数): readings of the plan and limits that are no law, each dated and never overwritten."""
