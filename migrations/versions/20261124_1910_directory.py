"""directory: first tables"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "directory_0001"
down_revision = "kit_0001"
branch_labels = None
depends_on = None

# In the order of their names: units first, then what stands on them.
SQL = sorted(Path(__file__).parent.glob("20261124_1910_directory*.sql"))


def upgrade() -> None:
    for part in SQL:
        op.execute(part.read_text(encoding="utf-8"))


def downgrade() -> None:
    op.execute("DROP SCHEMA directory CASCADE")
    op.execute("CREATE SCHEMA directory")
    op.execute("GRANT USAGE ON SCHEMA directory TO zhifa_directory")
