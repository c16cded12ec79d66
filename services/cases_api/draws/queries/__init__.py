"""SQL of draws: `records` what the world may read, `rows` what the acts freeze, lock and add."""
