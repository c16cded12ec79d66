"""Annual enforcement statistics (行政执法统计年报): tables T1 to T5, as recorded at a moment."""
