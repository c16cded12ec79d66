"""Reads and locks of the pool of reviewers."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, select

from services.cases_api.reviewers.external import POOL
from services.cases_api.reviewers.schemas import ReviewerFilter
from services.cases_api.reviewers.tables import ReviewerRow
from services.kit import answers, errors, pagination, preconditions, references, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal, Role

ACCOUNTS = references.accounts
PLAIN = (
    "id", "district_id", "account_id", "officer_id", "kinds", "legal_review", "former_units", "absent_from", "absent_to",
    "is_active", "version",
)  # fmt: skip
BODY = answers.json_object(
    {name: getattr(ReviewerRow, name) for name in PLAIN}
    | {
        "legal_review": POOL.c.legal_review,
        "areas": POOL.c.areas,
        "officer_id": POOL.c.officer_id,
        "legal_reviewer_id": POOL.c.legal_reviewer_id,
        "qualification": POOL.c.qualification,
        "unit_id": ACCOUNTS.c.unit_id,
        "display_name": ACCOUNTS.c.display_name,
        "created_at": answers.moment(ReviewerRow.created_at),
    }
)


def joined(statement: Select[tuple[object, ...]]) -> Select[tuple[object, ...]]:
    """Reviewers with their accounts."""
    pooled = and_(POOL.c.account_id == ReviewerRow.account_id, POOL.c.district_id == ReviewerRow.district_id)
    return statement.select_from(ReviewerRow).join(POOL, pooled).outerjoin(ACCOUNTS, ACCOUNTS.c.id == ReviewerRow.account_id)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of the pool: the bureau's district, a unit's own people, oneself."""
    own = ReviewerRow.account_id == who.account_id
    return visibility.within(who, district=ReviewerRow.district_id, unit=ACCOUNTS.c.unit_id, assigned=own)


async def page(read: Reader, who: Principal, wanted: ReviewerFilter, start: pagination.Start | None) -> pagination.Page:
    """A page of reviewers by the time they entered the pool."""
    named = wanted.model_dump(exclude={"limit", "cursor", "count", "sort"}, exclude_none=True)
    columns = {"legal_review": POOL.c.legal_review}
    filters = [columns.get(name, getattr(ReviewerRow, name)) == value for name, value in named.items()]
    order = pagination.Order((ReviewerRow.created_at, ReviewerRow.id), descending=wanted.sort.startswith("-"))
    return await pagination.read(read, joined(select(BODY)).where(visible_to(who), *filters), order, wanted, start)


async def one(connection: Reader | Session, who: Principal, reviewer_id: UUID) -> answers.One:
    """One reviewer; NotFound also when the caller may not see it."""
    found = joined(select(BODY, ReviewerRow.version)).where(ReviewerRow.id == reviewer_id, visible_to(who))
    return await answers.read_one(connection, found)


async def one_for_update(session: Session, who: Principal, reviewer_id: UUID, version: int) -> ReviewerRow:
    """The row, locked; NotFound, Stale."""
    wanted = joined(select(ReviewerRow)).where(ReviewerRow.id == reviewer_id, visible_to(who))
    found = (await session.execute(wanted.with_for_update(of=ReviewerRow))).scalar_one_or_none()
    if not isinstance(found, ReviewerRow):
        raise errors.NotFound
    preconditions.expect(found.version, version)
    return found


async def is_reviewer(session: Session, district_id: UUID, account_id: UUID) -> bool:
    """Whether this is an active account of the district with the reviewer's role."""
    units = references.units
    there = and_(ACCOUNTS.c.id == account_id, ACCOUNTS.c.active, units.c.district_id == district_id)
    found = select(ACCOUNTS.c.roles).join(units, units.c.id == ACCOUNTS.c.unit_id).where(there)
    roles = (await session.execute(found)).scalar_one_or_none()
    return roles is not None and Role.REVIEWER in roles


async def is_listed(session: Session, district_id: UUID, account_id: UUID) -> bool:
    """Whether the account is in the pool."""
    same = and_(ReviewerRow.district_id == district_id, ReviewerRow.account_id == account_id)
    return (await session.execute(select(ReviewerRow.id).where(same))).scalar_one_or_none() is not None


async def has_qualified(session: Session, district_id: UUID) -> bool:
    """Whether anybody active in the pool is qualified for legal review."""
    wanted = (POOL.c.district_id == district_id, POOL.c.legal_review, POOL.c.is_active)
    return (await session.execute(select(POOL.c.account_id).where(*wanted).limit(1))).scalar_one_or_none() is not None


async def units_known(session: Session, district_id: UUID) -> set[UUID]:
    """The units of the district."""
    units = references.units
    return set((await session.execute(select(units.c.id).where(units.c.district_id == district_id))).scalars())
