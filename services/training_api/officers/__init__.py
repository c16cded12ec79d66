"""Officers (执法人员): who serves in which unit since when, with identity numbers that nobody reads in passing."""
