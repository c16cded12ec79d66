"""The year's plan of 综合查一次 (tasks 9, 13): proposals merged by object and time, submitted, approved by the government."""
