"""directory: first tables"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "directory_0001"
down_revision = "kit_0001"
branch_labels = None
depends_on = None

SQL = Path(__file__).with_name("20261124_1910_directory.sql")


def upgrade() -> None:
    op.execute(SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    op.execute("DROP SCHEMA directory CASCADE")
    op.execute("CREATE SCHEMA directory")
    op.execute("GRANT USAGE ON SCHEMA directory TO zhifa_directory")
