"""Rules of units. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.kit import errors

MAX_DEPTH: Final = 8


class UnitKind(StrEnum):
    """Kinds of units of the contract."""

    GOVERNMENT = "government"
    SUBDISTRICT = "subdistrict"
    TOWN = "town"
    TOWNSHIP = "township"
    DEPARTMENT = "department"
    BRANCH = "branch"
    COURT = "court"
    PROCURATORATE = "procuratorate"
    PARTY_ORGAN = "party_organ"
    OFFICE = "office"


class DistrictKind(errors.BadInput):
    code = "unit.district_kind"
    zh, en = "没有上级的单位须为区政府（government）。", "A unit without a parent must be a government."


class TooDeep(errors.BadInput):
    code = "unit.too_deep"
    zh, en = "单位层级过深，至多 {limit} 级。", "The tree of units is too deep; at most {limit} levels."


class EndsBeforeItBegins(errors.BadInput):
    code = "unit.ends_before_it_begins"
    zh, en = "失效日期早于生效日期。", "The last day of validity lies before the first."


def path_below(parent_path: Sequence[UUID], unit_id: UUID) -> tuple[UUID, ...]:
    """Path of a unit below its parent, district first; a district's parent path is empty."""
    return (*parent_path, unit_id)


def why_not_place(kind: UnitKind, parent_path: Sequence[UUID]) -> errors.DomainError | None:
    """Only a district government stands at the top; the tree is bounded."""
    if not parent_path and kind is not UnitKind.GOVERNMENT:
        return DistrictKind(errors.Fault("/body/parent_id", "missing"))
    if len(parent_path) >= MAX_DEPTH:
        return TooDeep(errors.Fault("/body/parent_id", "invalid"), limit=MAX_DEPTH)
    return None


def why_not_valid_between(valid_from: date | None, valid_to: date | None) -> errors.DomainError | None:
    """Validity runs from its first to its last day, both included; either may be open."""
    if valid_from is not None and valid_to is not None and valid_to < valid_from:
        return EndsBeforeItBegins(errors.Fault("/body/valid_to", "invalid"))
    return None
