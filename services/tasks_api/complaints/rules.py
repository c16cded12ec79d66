"""Rules of complaints. Pure."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final, Protocol

from services.kit import errors
from services.tasks_api.watched_items.rules import Move, Moves


class Channel(StrEnum):
    """How a complaint comes in: hotline 12345, petition (信访), the provincial platform's public end, a contact point."""

    HOTLINE = "hotline_12345"
    PETITION = "petition"
    PUBLIC = "minzhifa_public"
    ENTERPRISE = "enterprise_contact"


class State(StrEnum):
    """States of a complaint."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    REPLIED = "replied"
    CLOSED = "closed"
    VOID = "void"


class Satisfaction(StrEnum):
    """What the complainant said to the reply."""

    SATISFIED = "satisfied"
    MOSTLY_SATISFIED = "mostly_satisfied"
    DISSATISFIED = "dissatisfied"
    NOT_REACHED = "not_reached"


class Verb(StrEnum):
    """What may be done to a complaint."""

    ACCEPT = "accept"
    TRANSFER = "transfer"
    REPLY = "reply"
    RETURN = "return"
    RATE = "rate"
    CLOSE = "close"
    VOID = "void"
    LINK = "link"


MOVES: Final = Moves(
    (
        Move(Verb.ACCEPT, State.RECEIVED, State.ACCEPTED),
        # The unit it is handed to takes it in anew.
        Move(Verb.TRANSFER, State.RECEIVED, State.RECEIVED),
        Move(Verb.TRANSFER, State.ACCEPTED, State.RECEIVED),
        Move(Verb.REPLY, State.ACCEPTED, State.REPLIED),
        Move(Verb.RETURN, State.REPLIED, State.ACCEPTED),
        Move(Verb.RATE, State.REPLIED, State.REPLIED),
        Move(Verb.CLOSE, State.REPLIED, State.CLOSED),
        Move(Verb.VOID, State.RECEIVED, State.VOID),
        Move(Verb.VOID, State.ACCEPTED, State.VOID),
        *(Move(Verb.LINK, state, state) for state in (State.RECEIVED, State.ACCEPTED, State.REPLIED, State.CLOSED)),
    )
)
PAST: Final = {
    Verb.ACCEPT: "accepted",
    Verb.TRANSFER: "transferred",
    Verb.REPLY: "replied",
    Verb.RETURN: "returned",
    Verb.RATE: "rated",
    Verb.CLOSE: "closed",
    Verb.VOID: "voided",
    Verb.LINK: "linked",
}
GREY: Final = (State.VOID,)


class IllegalMove(errors.Conflict):
    code = "complaint.illegal_move"
    zh, en = "投诉当前状态为 {state}，不能执行 {verb}。", "The complaint is {state}; {verb} is not possible."


class NotRated(errors.Conflict):
    code = "complaint.not_rated"
    zh, en = "尚未回访满意度，不能办结。", "The complainant was not asked about the reply yet, so it is not closed."


class AlreadyThere(errors.Conflict):
    code = "complaint.already_there"
    zh, en = "该投诉已由此单位办理。", "This unit handles the complaint already."


class NoComplainant(errors.Conflict):
    code = "complaint.no_complainant"
    zh, en = "匿名投诉没有投诉人信息。", "An anonymous complaint names nobody."


class ComplaintFacts(Protocol):
    """What is asked of a complaint; the row fits as it is."""

    @property
    def state(self) -> str: ...
    @property
    def anonymous(self) -> bool: ...
    @property
    def satisfaction(self) -> str | None: ...


def why_not(verb: Verb, complaint: ComplaintFacts) -> errors.DomainError | None:
    """Whether the state allows the verb; it is closed once the complainant was asked, if there is one to ask."""
    if MOVES.target(complaint.state, verb) is None:
        return IllegalMove(state=complaint.state, verb=verb.value)
    if verb is Verb.CLOSE and complaint.satisfaction is None and not complaint.anonymous:
        return NotRated()
    return None


def day_faults(received_on: date, today: date) -> list[errors.Fault]:
    """It came in today or earlier."""
    return [errors.Fault("/body/received_on", "day.in_the_future")] if received_on > today else []
