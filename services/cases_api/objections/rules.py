"""When a result may be objected to, and who may decide. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.kit import errors


class State(StrEnum):
    """Filed, given to somebody not involved, decided one way or the other, or taken back by the unit."""

    FILED = "filed"
    ASSIGNED = "assigned"
    UPHELD = "upheld"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


MOVES: Final[Mapping[str, Mapping[State, State]]] = {
    "assign": {State.FILED: State.ASSIGNED, State.ASSIGNED: State.ASSIGNED},
    "uphold": {State.ASSIGNED: State.UPHELD},
    "reject": {State.ASSIGNED: State.REJECTED},
    "withdraw": {State.FILED: State.WITHDRAWN, State.ASSIGNED: State.WITHDRAWN},
}


class IllegalMove(errors.Conflict):
    code = "objection.illegal_move"
    zh, en = "该异议当前状态不允许此操作。", "The objection's state does not allow this."


class AlreadyFiled(errors.Conflict):
    code = "objection.already_filed"
    zh, en = "该结果已提出过异议，异议只处理一轮。", "The result has been objected to before; there is one round only."


class TooLate(errors.Conflict):
    code = "objection.too_late"
    zh, en = "提出异议的期限已于 {last} 届满。", "The time for objecting ended on {last}."


class NotFinal(errors.Conflict):
    code = "objection.not_final"
    zh, en = "该结果不是本次评查活动的最终结果。", "The result is not the final one of its campaign."


class Involved(errors.Conflict):
    code = "objection.involved"
    zh, en = (
        "该人员参与过本卷的评查、复核，或存在须回避的情形。",
        "The person reviewed or arbitrated the file, or is in conflict with it.",
    )


class OtherDecider(errors.Forbidden):
    code = "objection.other_decider"
    zh, en = "该异议由另一人答复。", "Somebody else decides on this objection."


def why_not(verb: str, state: State) -> errors.DomainError | None:
    """The state must allow the verb."""
    return None if state in MOVES[verb] else IllegalMove()


def why_not_file(today: date, last: date, *, is_final: bool, is_filed: bool) -> errors.DomainError | None:
    """Once, against the final result, within the working days after it was published."""
    if not is_final:
        return NotFinal()
    if is_filed:
        return AlreadyFiled()
    return TooLate(last=last.isoformat()) if today > last else None


def why_not_give(account_id: UUID, involved: Collection[UUID], *, in_conflict: bool) -> errors.DomainError | None:
    """Whoever decides has had nothing to do with the result and is in no conflict with the file."""
    return Involved() if account_id in involved or in_conflict else None
