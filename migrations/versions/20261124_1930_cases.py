"""cases: first tables"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "cases_0001"
down_revision = "training_0001"
branch_labels = None
depends_on = None

# In the order of their names: the case files first, then the reviews that stand on them.
SQL = sorted(Path(__file__).parent.glob("20261124_1930_cases*.sql"))


def upgrade() -> None:
    for part in SQL:
        op.execute(part.read_text(encoding="utf-8"))


def downgrade() -> None:
    op.execute("DROP SCHEMA cases CASCADE")
    op.execute("CREATE SCHEMA cases")
    op.execute("GRANT USAGE ON SCHEMA cases TO zhifa_cases")
