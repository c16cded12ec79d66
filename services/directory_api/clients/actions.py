"""What administrators do with machine clients."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from services.directory_api.accounts import actions as accounts
from services.directory_api.accounts import queries as account_queries
from services.directory_api.accounts import rules
from services.directory_api.accounts.rules import AccountState
from services.directory_api.clients import queries
from services.directory_api.clients.schemas import ClientIn
from services.directory_api.clients.tables import Client
from services.kit import audit, ids
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal

OBJECT = "client"


async def create(session: Session, who: Principal, wanted: ClientIn, now: datetime) -> tuple[Client, str]:
    """Adds a client with a random secret, told once. Raises RolesExclude, UnitNeeded, BadInput (unit), Duplicate."""
    raise_if(rules.why_not_roles(wanted.roles, wanted.unit_id))
    await account_queries.unit_name(session, wanted.unit_id)
    secret, secret_hash = _fresh()
    given = wanted.model_dump(exclude={"roles"})
    client = Client(
        id=ids.new_id(), roles=list(wanted.roles), state=AccountState.ACTIVE, secret_hash=secret_hash, created_at=now, **given
    )
    session.add(client)
    await session.flush()
    audit.record(session, who, "client.created", OBJECT, client.id, None, client.unit_id, after=wanted.model_dump(mode="json"))
    return client, secret


async def rotate_secret(session: Session, who: Principal, client_id: UUID, version: int, now: datetime) -> str:
    """A new secret, told once; the old one and its tokens end. Raises NotFound, Stale."""
    client = await queries.one_for_update(session, who, client_id, version)
    secret, client.secret_hash = _fresh()
    await _bar(session, client, now)
    audit.record(session, who, "client.secret_rotated", OBJECT, client.id, None, client.unit_id)
    return secret


async def set_state(session: Session, who: Principal, client_id: UUID, version: int, state: AccountState, now: datetime) -> None:
    """Disables or enables a client. Raises WrongState."""
    client = await queries.one_for_update(session, who, client_id, version)
    raise_if(rules.why_not_set(client.state, state))
    client.state = state
    await _bar(session, client, now)
    audit.record(session, who, f"client.{state}", OBJECT, client.id, None, client.unit_id, after={"state": state})


async def _bar(session: Session, client: Client, now: datetime) -> None:
    client.barred_before = rules.bar(now)
    values = {"id": ids.new_id(), "subject": client.id, "not_before": client.barred_before}
    await account_queries.revoke(session, values | {"expires_at": now + accounts.TOKEN_LIFE})
    await session.flush()


def _fresh() -> tuple[str, bytes]:
    secret = secrets.token_urlsafe(32)
    return secret, hashlib.sha256(secret.encode()).digest()
