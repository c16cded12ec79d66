"""From an old rubric to a new one: which item became which, and what finished reviews would come to."""
