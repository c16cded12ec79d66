"""cases: first tables"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "cases_0001"
down_revision = "training_0001"
branch_labels = None
depends_on = None

SQL = Path(__file__).with_name("20261124_1930_cases.sql")


def upgrade() -> None:
    op.execute(SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    op.execute("DROP SCHEMA cases CASCADE")
    op.execute("CREATE SCHEMA cases")
    op.execute("GRANT USAGE ON SCHEMA cases TO zhifa_cases")
