"""The first system administrator: made once, however many starters come at once, with a password told once."""

from __future__ import annotations

import asyncio
import json
import os
import sys

import psycopg

from services.directory_api import setup
from services.kit.settings import Settings
from tests import places
from tests.client import ROLES, Services


async def test_starters_at_once_make_one_administrator(
    settings: Settings, services: Services, place: places.Place, owner: psycopg.Connection
) -> None:
    own = settings.model_copy(update={"database_role": ROLES["directory_api"]})
    told = await asyncio.gather(*(setup.first_account(own) for _ in range(5)))
    made = [each for each in told if each]
    assert len(made) == 1
    assert made[0]["username"] == "sysadmin"
    rows = owner.execute("SELECT username, roles, must_change_password, state FROM directory.accounts").fetchall()
    assert rows == [("sysadmin", ["system_admin"], True, "active")]
    trail = owner.execute("SELECT action, actor_id, actor_name FROM kit.audit_events").fetchall()
    assert trail == [("account.created", None, "setup")]
    client = services.client("directory_api")
    form = {"grant_type": "password", "username": "sysadmin", "password": made[0]["password"]}
    refused = await client.post("/auth/token", data=form)
    assert (refused.status_code, refused.json()["code"]) == (403, "auth.password_change_required")
    fresh = "correct-horse-battery-staple"
    change = {"username": "sysadmin", "current_password": made[0]["password"], "new_password": fresh}
    assert (await client.post("/auth/password", json=change)).status_code == 204
    assert (await client.post("/auth/token", data=form | {"password": fresh})).status_code == 200


async def test_the_command_says_nothing_when_there_is_nothing_to_do(settings: Settings, owner: psycopg.Connection) -> None:
    assert settings.jwks_file is not None
    assert settings.signing_key_file is not None
    environment = os.environ | {
        "ZHIFA_DATABASE_URL": settings.database_url or "",
        "ZHIFA_DATABASE_ROLE": ROLES["directory_api"],
        "ZHIFA_JWKS_FILE": str(settings.jwks_file),
        "ZHIFA_SIGNING_KEY_FILE": str(settings.signing_key_file),
    }
    before = owner.execute("SELECT count(*), max(version) FROM directory.accounts").fetchone()
    command = [sys.executable, "-m", "services.directory_api.setup"]
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    assert (process.returncode, json.loads(out)) == (0, {})
    assert owner.execute("SELECT count(*), max(version) FROM directory.accounts").fetchone() == before
