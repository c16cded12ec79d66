"""Dated settings of the legal check (合法性检查参数): limits, thresholds and rates that differ by sector or change with time."""
