"""The public list (公示) of auxiliary staff: open to anybody, names shown as the district has it."""
