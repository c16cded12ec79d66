"""Reads of accounts."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, Text, any_, select
from sqlalchemy.sql import text

from services.directory_api.accounts.schemas import MeOut, UnitOfMe
from services.directory_api.accounts.tables import Account
from services.directory_api.units.tables import Unit
from services.kit import answers, errors, pagination, preconditions, reads, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal

BODY = answers.json_object(
    {
        "id": Account.id,
        "username": Account.username,
        "display_name": Account.display_name,
        "roles": Account.roles,
        "unit_id": Account.unit_id,
        "state": Account.state,
        "must_change_password": Account.must_change_password,
        "version": Account.version,
        "created_at": answers.moment(Account.created_at),
    }
)
REVOKE = text(
    "INSERT INTO kit.revocations (id, subject, not_before, expires_at) VALUES (:id, :subject, :not_before, :expires_at)"
)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of accounts."""
    return visibility.within(who, own=Account.id == visibility.me(who))


ACCOUNTS = reads.Listing(
    body=BODY,
    visible_to=visible_to,
    orders={"username": pagination.Order((Account.username, Account.id), descending=False)},
    filters={
        "username": reads.equals(Account.username),
        "unit_id": reads.equals(Account.unit_id),
        "state": reads.equals(Account.state),
        "role": reads.Filter(Text(), lambda value: value == any_(Account.roles)),
    },
)
ACCOUNT = reads.Single(body=BODY, version=Account.version, key=Account.id, visible_to=visible_to)


async def one_for_update(session: Session, who: Principal, account_id: UUID, version: int) -> Account:
    """The row, locked; NotFound, Stale."""
    found = select(Account).where(Account.id == account_id, visible_to(who)).with_for_update()
    account = (await session.execute(found)).scalar_one_or_none()
    if account is None:
        raise errors.NotFound
    preconditions.expect(account.version, version)
    return account


async def by_username(session: Session, username: str) -> Account | None:
    """The account that signs in under this name, locked against a second sign-in at the same moment."""
    return (await session.execute(select(Account).where(Account.username == username).with_for_update())).scalar_one_or_none()


async def by_id(session: Session, account_id: UUID) -> Account | None:
    """The account with this id."""
    return await session.get(Account, account_id)


async def unit_name(session: Session, unit_id: UUID | None) -> str:
    """Name of the unit, empty without one; BadInput when there is no such unit."""
    if unit_id is None:
        return ""
    name = (await session.execute(select(Unit.name).where(Unit.id == unit_id))).scalar_one_or_none()
    if name is None:
        raise errors.BadInput(errors.Fault("/body/unit_id", "not_found"))
    return name


async def unit_path(session: Session, unit_id: UUID | None) -> tuple[UUID, ...]:
    """Ids from the district down to the unit; empty without one."""
    if unit_id is None:
        return ()
    return tuple((await session.execute(select(Unit.path).where(Unit.id == unit_id))).scalar_one())


async def revoke(session: Session, values: dict[str, object]) -> None:
    """Makes all earlier tokens of a subject void on every process."""
    await session.execute(REVOKE, values)


async def me(read: Reader, who: Principal) -> MeOut:
    """The caller with the unit."""
    unit = None
    if who.unit_id is not None:
        columns = (Unit.id, Unit.code, Unit.name, Unit.short_name)
        row = (await read.execute(select(*columns).where(Unit.id == who.unit_id))).mappings().one_or_none()
        unit = UnitOfMe(**dict(row)) if row else None
    return MeOut(id=who.account_id, display_name=who.name, roles=sorted(who.roles), unit=unit)
