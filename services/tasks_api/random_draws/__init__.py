"""Random draws (双随机, task 9): objects and inspectors drawn by the protocol of the reviews' draws, for anybody to repeat."""
