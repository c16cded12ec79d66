"""When a reviewer falls out: the assignment is withdrawn with what was written, and the next stand-in is called."""
