"""The scopes of a caller as SQL predicates: the one rights filter below every reader."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, SQLColumnExpression, Uuid, and_, any_, bindparam, exists, false, func, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY, array

from services.kit.principal import Principal, Scope
from services.kit.references import object_readers, units
from services.kit.rights import Right

Predicate = ColumnElement[bool]


def me(who: Principal) -> ColumnElement[UUID]:
    """The caller's account id, as a named place: a statement made for one caller serves every other."""
    return bindparam("who_account_id", who.account_id, type_=Uuid())


def my_unit(who: Principal) -> ColumnElement[UUID]:
    """The caller's unit id, as a named place."""
    return bindparam("who_unit_id", who.unit_id, type_=Uuid())


def my_district(who: Principal) -> ColumnElement[UUID]:
    """The caller's district id, as a named place."""
    return bindparam("who_district_id", who.district_id, type_=Uuid())


def units_below(who: Principal) -> ColumnElement[Any]:
    """Ids of the caller's unit and all below it, as an array computed once per statement."""
    below = select(units.c.id).where(units.c.path.contains(array([my_unit(who)]))).scalar_subquery()
    return func.array(below, type_=ARRAY(units.c.id.type))


def within(
    who: Principal,
    *,
    district: SQLColumnExpression[Any] | None = None,
    unit: SQLColumnExpression[Any] | None = None,
    assigned: Predicate | None = None,
    own: Predicate | None = None,
) -> Predicate:
    """Rows the caller's scopes reach. A scope without the column or predicate it needs reaches nothing."""
    if Scope.ALL in who.scopes:
        return true()
    parts: list[Predicate] = []
    if Scope.DISTRICT in who.scopes and district is not None and who.district_id is not None:
        parts.append(district == my_district(who))
    if Scope.UNIT_AND_BELOW in who.scopes and unit is not None and who.unit_id is not None:
        parts.append(unit == any_(units_below(who)))
    if Scope.UNIT in who.scopes and unit is not None and who.unit_id is not None:
        parts.append(unit == my_unit(who))
    if Scope.ASSIGNED in who.scopes and assigned is not None:
        parts.append(assigned)
    if Scope.SELF in who.scopes and own is not None:
        parts.append(own)
    return or_(*parts) if parts else false()


def assigned(who: Principal, object_type: str | SQLColumnExpression[str], object_id: SQLColumnExpression[UUID]) -> Predicate:
    """Objects the caller reaches by an assignment that lasts (`published.object_readers`)."""
    return assigned_to(me(who), object_type, object_id)


def assigned_to(
    account_id: ColumnElement[UUID], object_type: str | SQLColumnExpression[str], object_id: SQLColumnExpression[UUID]
) -> Predicate:
    """The same for an account known by its place alone."""
    readers = object_readers.c
    same = (readers.object_type == object_type, readers.object_id == object_id)
    return exists().where(*same, readers.account_id == account_id).correlate_except(object_readers)


def under(who: Principal, right: Right, **columns: Any) -> Predicate:
    """Rows this caller reaches under another right than the one at hand (for `allowed_actions`); columns as for `within`."""
    admitted = who.admitted(right.grants)
    return within(admitted, **columns) if admitted is not None else false()


def audience_covers(
    who: Principal,
    *,
    audience: SQLColumnExpression[Any],
    district: SQLColumnExpression[Any],
    unit: SQLColumnExpression[Any],
    accounts: SQLColumnExpression[Any],
    assigned: Predicate | None = None,
) -> Predicate:
    """Rows whose stored audience (role → scope, as in the rights table when they were written) reaches the caller.

    `assigned` says who is assigned beside the accounts named in the row, where that is known as of now.
    """
    parts: list[Predicate] = []
    for role in sorted(who.roles):
        scope = audience.op("->>")(role.value)
        parts.append(scope == Scope.ALL.value)
        if who.district_id is not None:
            parts.append((scope == Scope.DISTRICT.value) & (district == my_district(who)))
        if who.unit_id is not None:
            parts.append((scope == Scope.UNIT_AND_BELOW.value) & (unit == any_(units_below(who))))
            parts.append((scope == Scope.UNIT.value) & (unit == my_unit(who)))
        listed = me(who) == any_(accounts)
        parts.append(scope.in_([Scope.ASSIGNED.value, Scope.SELF.value]) & listed)
        if assigned is not None:
            parts.append(and_(scope == Scope.ASSIGNED.value, assigned))
    return or_(*parts) if parts else false()
