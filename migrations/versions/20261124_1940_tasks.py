"""tasks: first tables"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "tasks_0001"
down_revision = "cases_0001"
branch_labels = None
depends_on = None

# In the order of their names: the first tables, then the features that stand on them.
SQL = sorted(Path(__file__).parent.glob("20261124_1940_tasks*.sql"))


def upgrade() -> None:
    for part in SQL:
        op.execute(part.read_text(encoding="utf-8"))


def downgrade() -> None:
    op.execute("DROP SCHEMA tasks CASCADE")
    op.execute("CREATE SCHEMA tasks")
    op.execute("GRANT USAGE ON SCHEMA tasks TO zhifa_tasks")
