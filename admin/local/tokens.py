"""`token`: an access token for an account of this home. Works only where the signing key lies."""

from __future__ import annotations

from typing import Any

import psycopg

from admin.local import database, programs, trouble
from admin.local import home as homes
from services.kit import auth, clock, ids
from services.kit.principal import Role

ACCOUNT = """
    SELECT a.id, a.display_name, a.roles, a.state, a.unit_id, u.path
    FROM directory.accounts a LEFT JOIN published.units u ON u.id = a.unit_id
    WHERE a.username = %s
"""


def issue(home: homes.Home, username: str) -> str:
    """A token of 15 minutes. Trouble when there is no such active account, or no key here."""
    if not home.signing_key.exists():
        raise trouble.Trouble(f"The home {home.path} holds no signing key. Start it once with: ./zhifa up")
    account_id, name, roles, state, unit_id, path = _account(home, username)
    if state != "active":
        raise trouble.Trouble(f"The account {username} is not active ({state}).")
    issuer = programs.public_url(home.read_state().get("port", 8000))
    signer = auth.Signer.from_files(home.signing_key, home.jwks, issuer)
    now = int(clock.now().timestamp())
    return signer.access_token(account_id, name, [Role(role) for role in roles], unit_id, path or [], now, ids.new_id())


def _account(home: homes.Home, username: str) -> tuple[Any, ...]:
    try:
        with psycopg.connect(database.running(home).owner_url, connect_timeout=5) as connection:
            row = connection.execute(ACCOUNT, [username]).fetchone()
    except psycopg.OperationalError as error:
        raise trouble.Trouble("The database of this home does not answer; see ./zhifa status") from error
    if row is None:
        raise trouble.Trouble(f"There is no account {username} in the home {home.path}.")
    return row
