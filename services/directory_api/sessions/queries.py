"""Reads of sessions, refresh tokens and attempts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, text

from services.directory_api.sessions.rules import WINDOW
from services.directory_api.sessions.tables import RefreshToken, Session, SignInAttempt
from services.kit import answers, db, errors, pagination, preconditions, reads, visibility
from services.kit.principal import Principal

BODY = answers.json_object(
    {
        "id": Session.id,
        "account_id": Session.account_id,
        "created_at": answers.moment(Session.created_at),
        "used_at": answers.moment(Session.used_at),
        "ends_at": answers.moment(Session.ends_at),
        "ended_at": answers.moment(Session.ended_at),
        "ended_how": Session.ended_how,
        "address": Session.address,
        "version": Session.version,
    }
)
REVOKE_TOKEN = text("INSERT INTO kit.revocations (id, jti, expires_at) VALUES (:id, :jti, :expires_at)")


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of sessions."""
    return visibility.within(who, own=Session.account_id == visibility.me(who))


SESSIONS = reads.Listing(
    body=BODY,
    visible_to=visible_to,
    orders={"-created_at": pagination.Order((Session.created_at, Session.id))},
    filters={"account_id": reads.equals(Session.account_id)},
)
SESSION = reads.Single(body=BODY, version=Session.version, key=Session.id, visible_to=visible_to)


async def one_for_update(session: db.Session, who: Principal, session_id: UUID, version: int) -> Session:
    """The row, locked; NotFound, Stale."""
    found = select(Session).where(Session.id == session_id, visible_to(who)).with_for_update()
    row = (await session.execute(found)).scalar_one_or_none()
    if row is None:
        raise errors.NotFound
    preconditions.expect(row.version, version)
    return row


async def by_token(session: db.Session, token_hash: bytes) -> tuple[Session, RefreshToken] | None:
    """The session of a refresh token, both locked: two refreshes at once come one after the other."""
    found = (
        select(Session, RefreshToken)
        .join(RefreshToken, RefreshToken.session_id == Session.id)
        .where(RefreshToken.token_hash == token_hash)
        .with_for_update()
    )
    row = (await session.execute(found)).one_or_none()
    return (row[0], row[1]) if row else None


async def failures(session: db.Session, subject: str, now: datetime) -> tuple[int, datetime | None]:
    """How often a subject failed within the window, and when last."""
    found = select(func.count(), func.max(SignInAttempt.failed_at)).where(
        SignInAttempt.subject == subject, SignInAttempt.failed_at > now - WINDOW
    )
    row = (await session.execute(found)).one()
    return int(row[0]), row[1]


async def forget_failures(session: db.Session, subject: str) -> None:
    """A success lets a subject begin anew."""
    await session.execute(delete(SignInAttempt).where(SignInAttempt.subject == subject))


async def forget_old_failures(connection: db.Reader, now: datetime) -> None:
    """Drops what no window reaches any more."""
    await connection.execute(delete(SignInAttempt).where(SignInAttempt.failed_at <= now - WINDOW))


async def revoke_token(session: db.Session, values: dict[str, object]) -> None:
    """Makes one access token void on every process."""
    await session.execute(REVOKE_TOKEN, values)
