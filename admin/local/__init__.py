"""The process starter: embedded PostgreSQL, migrations, services and gateway of one home (ZHIFA_HOME)."""
