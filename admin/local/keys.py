"""Secrets of a home: each made once, at random, in a file of mode 0600."""

from __future__ import annotations

import base64
import json
import os
import secrets

from admin.local import files
from admin.local import home as homes
from services.kit import personal, token_keys

# Login roles of the services; the kit's migration makes them, the starter gives them login and password.
ROLES = ("zhifa_directory", "zhifa_tasks", "zhifa_cases", "zhifa_training")
OWNER = "zhifa_owner"


def make_missing(home: homes.Home) -> None:
    """Makes whatever secret the home does not have yet; what is there is never replaced."""
    token_keys.make_key_files(home.signing_key, home.jwks)
    token_keys.make_key_files(home.ledger_key, home.ledger_jwks)
    token_keys.make_key_files(home.audit_key, home.audit_jwks)
    files.make_once(home.cursor_key, lambda: secrets.token_bytes(32))
    files.make_once(home.personal_keys, personal_keys)
    files.make_once(home.webhook_keys, personal_keys)
    database_passwords(home)


def database_passwords(home: homes.Home) -> dict[str, str]:
    """Password of each database role of this home."""
    content = files.make_once(home.database_passwords, _database_passwords)
    return {str(role): str(password) for role, password in json.loads(content).items()}


def personal_keys() -> bytes:
    """A fresh set: one active key and one of the blind index, of the suite that ZHIFA_PERSONAL_SUITE names."""
    suite = personal.Suite(os.environ.get("ZHIFA_PERSONAL_SUITE") or personal.Suite.AES)
    seal, index = new_personal_keys(suite)
    return json.dumps({"active": "k1", "keys": {"k1": seal}, "index": {"active": "i1", "keys": {"i1": index}}}).encode()


def new_personal_keys(suite: personal.Suite) -> tuple[dict[str, str], dict[str, str]]:
    """A key for sealing and one for the blind index, at random."""
    lengths = (personal.LENGTHS[suite], personal.INDEX_KEY)
    seal, index = (base64.b64encode(secrets.token_bytes(length)).decode() for length in lengths)
    return {"suite": suite.value, "key": seal}, {"suite": suite.value, "key": index}


def _database_passwords() -> bytes:
    return json.dumps({role: secrets.token_urlsafe(24) for role in (OWNER, *ROLES)}).encode()
