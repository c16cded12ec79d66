"""Rules of inspections carried out. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from uuid import UUID

from services.kit import errors


class State(StrEnum):
    """States of an inspection."""

    RECORDED = "recorded"
    VOID = "void"


class Verb(StrEnum):
    """What may be done to an inspection."""

    VOID = "void"


class Result(StrEnum):
    """What an inspection came to."""

    NO_FINDING = "no_finding"
    CORRECTED_ON_SPOT = "corrected_on_spot"
    ORDERED_TO_CORRECT = "ordered_to_correct"
    CASE_OPENED = "case_opened"
    TRANSFERRED = "transferred"
    NOT_FOUND = "not_found"


class PlanNotApproved(errors.Conflict):
    code = "inspection.plan_not_approved"
    zh, en = "年度计划尚未审定，不能按计划实施检查。", "The year's plan is not approved, so nothing is carried out by it."


class ItemNotActive(errors.Conflict):
    code = "inspection.item_not_active"
    zh, en = "该检查事项已取消或已实施。", "The visit is dropped or carried out already."


class AlreadyVoid(errors.Conflict):
    code = "inspection.already_void"
    zh, en = "该检查记录已作废。", "The inspection is void already."


def why_not_by_plan(plan_state: str, item_state: str, done_on: date | None) -> errors.DomainError | None:
    """Carried out is what an approved plan holds, once."""
    if plan_state != "approved":
        return PlanNotApproved()
    return ItemNotActive() if item_state != "active" or done_on is not None else None


def faults(
    inspected_on: date,
    today: date,
    lead: UUID,
    units: Collection[UUID],
    *,
    planned: tuple[int, Collection[UUID]] | None,
    reason: str | None,
    code_missing: bool,
) -> list[errors.Fault]:
    """Days, units and reasons that do not go together. `planned` is the plan's year and the units of the visit."""
    found = [errors.Fault("/body/inspected_on", "day.in_the_future")] if inspected_on > today else []
    if lead not in units:
        found.append(errors.Fault("/body/unit_ids", "not_found"))
    if planned is None and reason is None:
        found.append(errors.Fault("/body/off_plan_reason", "missing"))
    if planned is not None and inspected_on.year != planned[0]:
        found.append(errors.Fault("/body/inspected_on", "day.not_in_year", {"year": planned[0]}))
    if planned is not None and lead not in planned[1]:
        found.append(errors.Fault("/body/unit_id", "inspection.unit_not_planned"))
    if code_missing:
        found.append(errors.Fault("/body/check_code", "missing"))
    return found


def visits_saved(units: int, visits_before: int | None) -> int:
    """Visits the object was spared: those the plan merged, else one for each unit that came along."""
    return max((visits_before if visits_before is not None else units) - 1, 0)
