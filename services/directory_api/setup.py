"""`python -m services.directory_api.setup`: makes the first system administrator where there is no account yet.

Prints one JSON object: username and one-time password, or `{}` when there was nothing to do. Safe to run twice at once.
"""

from __future__ import annotations

import asyncio
import json
import sys

from sqlalchemy import func, select, text

from services.directory_api.accounts import actions
from services.directory_api.accounts.schemas import AccountIn
from services.directory_api.accounts.tables import Account
from services.kit import audit, clock, db
from services.kit.principal import Role
from services.kit.settings import Settings

USERNAME = "sysadmin"
LOCK = text("SELECT pg_advisory_xact_lock(350111, 3)")


async def first_account(settings: Settings) -> dict[str, str]:
    """The account made, or nothing."""
    database = db.Database(settings)
    try:
        async with database.transaction() as session:
            now = clock.now()
            session.info["circumstances"] = audit.Circumstances("directory_api", now, "")
            await session.execute(LOCK)
            if (await session.execute(select(func.count()).select_from(Account))).scalar_one():
                return {}
            wanted = AccountIn(username=USERNAME, display_name="系统管理员", roles=[Role.SYSTEM_ADMIN])
            _, password = await actions.create(session, None, wanted, settings.password_min_length, now, actor_name="setup")
            return {"username": USERNAME, "password": password or ""}
    finally:
        await database.close()


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(first_account(Settings()))) + "\n")
