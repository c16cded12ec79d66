"""Long work (长任务) of all services, as its creator watches it."""
