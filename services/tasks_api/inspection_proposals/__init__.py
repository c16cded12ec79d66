"""Proposals of 综合查一次 (task 13): which objects a department means to inspect in a year, handed in at the start of January."""
