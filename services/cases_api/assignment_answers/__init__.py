"""What a reviewer answers to an assignment: accept, decline, recuse; and how the bureau gives a file to somebody else."""
