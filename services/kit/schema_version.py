"""At which migration the database stands, and whether this code may run on it."""

from __future__ import annotations

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

from services.kit.db import Database


async def check(database: Database, migrations: str = "migrations") -> None:
    """Refuses to go on when the database is behind this code. Ahead is allowed: during a rollout it must be."""
    script = ScriptDirectory.from_config(Config(config_args={"script_location": migrations}))
    async with database.reading() as connection:
        found = (await connection.execute(text("SELECT version_num FROM kit.alembic_version"))).scalars().all()
    known = {revision.revision for revision in script.walk_revisions()}
    behind = set(script.get_heads()) - set(found)
    if behind and known.issuperset(found):
        raise RuntimeError(f"the database is behind this code: at {sorted(found)}, needed {sorted(behind)}; run the migrations")
