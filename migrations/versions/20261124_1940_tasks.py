"""tasks: first tables"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "tasks_0001"
down_revision = "cases_0001"
branch_labels = None
depends_on = None

SQL = Path(__file__).with_name("20261124_1940_tasks.sql")


def upgrade() -> None:
    op.execute(SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    op.execute("DROP SCHEMA tasks CASCADE")
    op.execute("CREATE SCHEMA tasks")
    op.execute("GRANT USAGE ON SCHEMA tasks TO zhifa_tasks")
