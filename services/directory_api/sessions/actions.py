"""Signing in, refreshing, signing out, changing the own password."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from services.directory_api.accounts import actions as accounts
from services.directory_api.accounts import external
from services.directory_api.accounts import queries as account_queries
from services.directory_api.accounts.rules import AccountState
from services.directory_api.accounts.tables import Account
from services.directory_api.clients import queries as client_queries
from services.directory_api.sessions import queries, rules
from services.directory_api.sessions.schemas import PasswordIn, TokenForm, TokenOut
from services.directory_api.sessions.tables import RefreshToken, Session, SignInAttempt
from services.kit import addresses, audit, db, ids
from services.kit.errors import raise_if
from services.kit.principal import Principal, Role
from services.kit.settings import Settings

OBJECT = "session"
TOKEN_SECONDS = 900
BEARER: Literal["Bearer"] = "Bearer"


@dataclass(frozen=True, slots=True)
class Desk:
    """What signing in needs beside the request: settings, the signer, the caller's address, the time."""

    settings: Settings
    signer: Any
    address: str | None
    now: datetime

    @property
    def origin(self) -> str:
        """Under what the caller's address is counted and locked."""
        return f"address:{addresses.bucket(self.address or '')}"

    @property
    def idle(self) -> timedelta:
        return timedelta(minutes=self.settings.session_idle_minutes)


async def grant(session: db.Session, form: TokenForm, desk: Desk) -> TokenOut:
    """Tokens for one of the three grants.

    Raises GrantFieldsMissing, LockedOut, SignInRefused, MustChangePassword, RefreshRefused.
    """
    given = form.model_dump()
    if form.grant_type == "password":
        raise_if(rules.missing_fields(given, ("username", "password")))
        return await sign_in(session, form.username or "", form.password or "", desk)
    if form.grant_type == "refresh_token":
        raise_if(rules.missing_fields(given, ("refresh_token",)))
        return await refresh(session, form.refresh_token or "", desk)
    raise_if(rules.missing_fields(given, ("client_id", "client_secret")))
    return await admit_client(session, form.client_id or "", form.client_secret or "", desk)


async def sign_in(session: db.Session, username: str, password: str, desk: Desk) -> TokenOut:
    """Checks the password and opens a session. Raises SignInRefused, LockedOut, MustChangePassword."""
    account = await _proven(session, username, password, desk)
    if account.must_change_password:
        raise rules.MustChangePassword
    row = Session(
        id=ids.new_id(), account_id=account.id, created_at=desk.now, used_at=desk.now, address=desk.address,
        ends_at=desk.now + timedelta(hours=desk.settings.session_hours), access_jti=ids.new_id(),
    )  # fmt: skip
    session.add(row)
    await session.flush()
    audit.record(session, await _as_principal(session, account), "session.opened", OBJECT, row.id, None, account.unit_id)
    return await _tokens(session, account, row, desk)


async def change_password(session: db.Session, wanted: PasswordIn, desk: Desk) -> None:
    """The own new password, proven by the current one; all sessions and tokens end. Raises WeakPassword and as sign_in."""
    account = await _proven(session, wanted.username, wanted.current_password, desk)
    await accounts.set_password(session, account, wanted.new_password, desk.settings.password_min_length, desk.now)
    who = await _as_principal(session, account)
    audit.record(session, who, "account.password_changed", accounts.OBJECT, account.id, None, account.unit_id)


async def refresh(session: db.Session, token: str, desk: Desk) -> TokenOut:
    """New tokens for an old refresh token, once. A second use after the grace ends the whole family (RFC 9700, 4.14).

    Raises RefreshRefused, whatever the reason, so that nothing is told of the session.
    """
    found = await queries.by_token(session, rules.token_hash(token))
    if found is None:
        raise rules.RefreshRefused
    row, used = found
    account = await account_queries.by_id(session, row.account_id)
    assert account is not None
    if rules.is_reused(used.used_at, desk.now):
        await _end(session, row, "reused", desk.now)
        audit.record(session, None, "session.reuse_found", OBJECT, row.id, result="refused", actor_name="session")
        raise rules.RefreshRefused
    if not rules.is_alive(row, desk.idle, desk.now) or _is_barred(account, row):
        raise rules.RefreshRefused
    used.used_at = used.used_at or desk.now
    row.used_at, row.access_jti = desk.now, ids.new_id()
    await session.flush()
    audit.record(session, await _as_principal(session, account), "session.refreshed", OBJECT, row.id, None, account.unit_id)
    return await _tokens(session, account, row, desk)


async def sign_out(session: db.Session, token: str, desk: Desk) -> None:
    """Ends the session of a refresh token, its access token included. An unknown token changes nothing and tells nothing."""
    found = await queries.by_token(session, rules.token_hash(token))
    if found is None or found[0].ended_at is not None:
        audit.nothing_changed(session)
        return
    await _end(session, found[0], "signed_out", desk.now)
    account = await account_queries.by_id(session, found[0].account_id)
    assert account is not None
    audit.record(session, await _as_principal(session, account), "session.closed", OBJECT, found[0].id, None, account.unit_id)


async def end(session: db.Session, who: Principal, session_id: UUID, version: int, now: datetime) -> None:
    """Ends a session from outside: the own one, or any by the administrator. Raises NotFound, Stale."""
    row = await queries.one_for_update(session, who, session_id, version)
    if row.ended_at is None:
        await _end(session, row, "ended", now)
    audit.record(session, who, "session.ended", OBJECT, row.id)


async def admit_client(session: db.Session, client_id: str, secret: str, desk: Desk) -> TokenOut:
    """An access token for a machine; no refresh token. Raises SignInRefused, LockedOut."""
    await _demand_patience(session, desk, f"client:{client_id}")
    client = await client_queries.by_client_id(session, client_id)
    known = client is not None and client.state == AccountState.ACTIVE
    if client is None or not known or not secrets.compare_digest(client.secret_hash, rules.token_hash(secret)):
        await _note_failure(session, desk, f"client:{client_id}", client.id if client else None)
        raise rules.SignInRefused
    await queries.forget_failures(session, f"client:{client_id}")
    path = await account_queries.unit_path(session, client.unit_id)
    who = Principal(client.id, client.name, frozenset(Role(role) for role in client.roles), client.unit_id, path)
    audit.record(session, who, "client.admitted", "client", client.id, None, client.unit_id)
    return TokenOut(
        token_type=BEARER, access_token=_signed(who, client.barred_before, ids.new_id(), desk), expires_in=TOKEN_SECONDS
    )


async def _proven(session: db.Session, username: str, password: str, desk: Desk) -> Account:
    """The active account with this name and password; every failure is counted and looks the same."""
    account = await account_queries.by_username(session, username)
    subject = f"account:{account.id}" if account else f"name:{rules.token_hash(username).hex()}"
    await _demand_patience(session, desk, subject)
    right = await external.matches(password, account.password_hash if account else None)
    if account is None or not right or account.state != AccountState.ACTIVE:
        await _note_failure(session, desk, subject, account.id if account else None)
        raise rules.SignInRefused
    await queries.forget_failures(session, subject)
    return account


async def _demand_patience(session: db.Session, desk: Desk, subject: str) -> None:
    subjects = [subject, desk.origin]
    waits = [rules.wait_after(*await queries.failures(session, each, desk.now), desk.now) for each in subjects]
    raise_if(rules.why_not_sign_in(waits))


async def _note_failure(session: db.Session, desk: Desk, subject: str, object_id: UUID | None) -> None:
    """The name as typed is not kept: people type passwords into the wrong field."""
    for each in (subject, desk.origin):
        session.add(SignInAttempt(id=ids.new_id(), subject=each, failed_at=desk.now))
    audit.record(session, None, "session.refused", OBJECT, object_id, result="refused", actor_name="unknown")


def _is_barred(account: Account, row: Session) -> bool:
    """Whether the account was disabled, or its sessions ended by a change, after this one was opened."""
    barred = account.barred_before is not None and row.created_at < account.barred_before
    return barred or account.state != AccountState.ACTIVE


async def _end(session: db.Session, row: Session, how: str, now: datetime) -> None:
    row.ended_at, row.ended_how = now, how
    values = {"id": ids.new_id(), "jti": row.access_jti, "expires_at": now + accounts.TOKEN_LIFE}
    await queries.revoke_token(session, values)
    await session.flush()


async def _as_principal(session: db.Session, account: Account) -> Principal:
    path = await account_queries.unit_path(session, account.unit_id)
    roles = frozenset(Role(role) for role in account.roles)
    return Principal(account.id, account.display_name, roles, account.unit_id, path)


async def _tokens(session: db.Session, account: Account, row: Session, desk: Desk) -> TokenOut:
    token = secrets.token_urlsafe(32)
    session.add(RefreshToken(token_hash=rules.token_hash(token), session_id=row.id, issued_at=desk.now))
    who = await _as_principal(session, account)
    signed = _signed(who, account.barred_before, row.access_jti, desk)
    return TokenOut(token_type=BEARER, access_token=signed, expires_in=TOKEN_SECONDS, refresh_token=token)


def _signed(who: Principal, barred_before: datetime | None, jti: UUID, desk: Desk) -> str:
    """Issued no earlier than the account's bar, which would make it void at once."""
    issued = max(int(desk.now.timestamp()), int(barred_before.timestamp()) if barred_before else 0)
    token: str = desk.signer.access_token(who.account_id, who.name, sorted(who.roles), who.unit_id, who.unit_path, issued, jti)
    return token
