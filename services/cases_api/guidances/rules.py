"""Rules of guidances: their states, visits, what ends them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from services.kit import errors


class State(StrEnum):
    """Picked; under way from the first visit on; finished with an outcome; void when another case stands in its place."""

    PICKED = "picked"
    UNDER_WAY = "under_way"
    FINISHED = "finished"
    VOID = "void"


class How(StrEnum):
    """By the draw, by its growth, as a substitute, or chosen by the department beside the draw."""

    DRAW = "draw"
    GROWTH = "growth"
    SUBSTITUTE = "substitute"
    CHOSEN = "chosen"


class Form(StrEnum):
    """How guidance was given: on site, by reading the papers, online, in a meeting."""

    ON_SITE = "on_site"
    PAPERS = "papers"
    ONLINE = "online"
    MEETING = "meeting"


class Outcome(StrEnum):
    """What became of the advice: adopted, in part, not; or there was nothing to correct."""

    ADOPTED = "adopted"
    PARTLY_ADOPTED = "partly_adopted"
    NOT_ADOPTED = "not_adopted"
    NOTHING_TO_CORRECT = "nothing_to_correct"


MOVES: Final[Mapping[str, Mapping[State, State]]] = {
    "change": {State.PICKED: State.PICKED, State.UNDER_WAY: State.UNDER_WAY},
    "visit": {State.PICKED: State.UNDER_WAY, State.UNDER_WAY: State.UNDER_WAY},
    "finish": {State.UNDER_WAY: State.FINISHED},
    "reopen": {State.FINISHED: State.UNDER_WAY},
    "void": {State.PICKED: State.VOID, State.UNDER_WAY: State.VOID},
}


class IllegalMove(errors.Conflict):
    code = "guidance.illegal_move"
    zh, en = "跟案指导当前状态不允许此操作。", "The guidance's state does not allow this."


class Drawn(errors.Conflict):
    code = "guidance.drawn"
    zh, en = "抽取产生的案件不能单独作废，请在轮次中替换。", "A drawn case is not voided by itself; substitute it in its round."


def why_not(verb: str, state: State, how: How) -> errors.DomainError | None:
    """The state must allow the verb; what was drawn leaves the sample only for its next ticket."""
    if state not in MOVES[verb]:
        return IllegalMove()
    return Drawn() if verb == "void" and how is not How.CHOSEN else None


def faults_of_visit(visited_on: date, filed_on: date, today: date) -> Iterator[errors.Fault]:
    """A case is guided once it is filed, and not ahead of time."""
    if visited_on > today:
        yield errors.Fault("/body/visited_on", "day.in_the_future")
    if visited_on < filed_on:
        yield errors.Fault("/body/visited_on", "record.out_of_order")


def faults_of_finish(finished_on: date, last_visit_on: date, today: date) -> Iterator[errors.Fault]:
    """It ends after its last visit."""
    if finished_on > today:
        yield errors.Fault("/body/finished_on", "day.in_the_future")
    if finished_on < last_visit_on:
        yield errors.Fault("/body/finished_on", "record.out_of_order")
