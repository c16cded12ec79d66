"""Reports (行政执法工作情况报告): figures gathered from the records, with the bureau's words."""
