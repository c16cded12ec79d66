"""Index of the recordings of a case (执法全过程记录索引): what was recorded at which stage, and where it lies."""
