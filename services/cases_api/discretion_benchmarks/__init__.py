"""Discretion benchmarks (行政裁量权基准): versions with dates, publicity, filing with the bureau (plan task 7)."""
