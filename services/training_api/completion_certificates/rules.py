"""Rules of completion certificates. Pure; hours are whole hundredths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from services.kit import errors

# Digits and capitals that nobody takes for one another.
SIGNS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHECK_SIGNS: Final = 6
MOST_CODE: Final = 24


class Kind(StrEnum):
    """For one class (结业证书), or for all hours of a year (学时证明)."""

    CLASS = "class"
    YEAR = "year"


class State(StrEnum):
    """Valid, superseded by another or withdrawn, or with hours behind it that were reversed since."""

    VALID = "valid"
    SUPERSEDED = "superseded"
    HOURS_REVERSED = "hours_reversed"


class Status(StrEnum):
    """What the public learns of a number, and no more."""

    VALID = "valid"
    SUPERSEDED = "superseded"
    HOURS_REVERSED = "hours_reversed"
    UNKNOWN = "unknown"


class Verb(StrEnum):
    """What is done to a certificate."""

    REISSUE = "reissue"
    WITHDRAW = "withdraw"


MOVES: Final[Mapping[Verb, Mapping[State, State]]] = {
    verb: dict.fromkeys((State.VALID, State.HOURS_REVERSED), State.SUPERSEDED) for verb in Verb
}


class IllegalMove(errors.Conflict):
    code = "completion_certificate.superseded"
    zh, en = "该证书已被替换或撤回。", "The certificate was superseded or withdrawn already."


class IssuedAlready(errors.Conflict):
    code = "completion_certificate.issued_already"
    zh, en = (
        "该人员已有此班次（年度）的有效证书，需要更正时请换发。",
        "A certificate of this class or year stands; reissue it instead.",
    )


class NoHours(errors.Conflict):
    code = "completion_certificate.no_hours"
    zh, en = "该人员没有可证明的已入账学时。", "The officer has no posted hours that this certificate could attest."


class NotIssuer(errors.Forbidden):
    code = "completion_certificate.not_issuer"
    zh, en = "只有颁发单位或区司法局可换发、撤回。", "Only the unit that issued it, or the bureau, may reissue or withdraw it."


class CertificateFacts(Protocol):
    """What a rule may know of a certificate; the row fits as it is."""

    @property
    def is_ended(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """A certificate asked for: of a class, or of a year."""

    officer_id: UUID
    class_id: UUID | None
    year: int

    @property
    def kind(self) -> Kind:
        """Which of both."""
        return Kind.YEAR if self.class_id is None else Kind.CLASS


@dataclass(frozen=True, slots=True)
class Standing:
    """Posted hours that stand, for one certificate: the entries, their sums by category, and the hash of them."""

    entry_ids: tuple[UUID, ...]
    by_category: Mapping[str, int]
    entries_sha256: bytes

    @property
    def hundredths(self) -> int:
        """All categories together, in hundredths of class hours."""
        return sum(self.by_category.values())


def state_of(certificate: CertificateFacts, hours_reversed: bool) -> State:
    """A superseded certificate is that whatever became of its hours: its successor tells of them."""
    if certificate.is_ended:
        return State.SUPERSEDED
    return State.HOURS_REVERSED if hours_reversed else State.VALID


def why_not(verb: Verb, state: State) -> errors.DomainError | None:
    """What is superseded stays so."""
    return None if state in MOVES[verb] else IllegalMove()


def why_not_issue(standing: Standing | None, is_issued: bool) -> errors.DomainError | None:
    """One standing certificate a class or year, and none without hours."""
    if is_issued:
        return IssuedAlready()
    return NoHours() if standing is None or standing.hundredths <= 0 else None


def days_of_year(year: int, today: date) -> tuple[date, date]:
    """The days a year's certificate speaks of: all of it, or up to today."""
    return date(year, 1, 1), min(date(year, 12, 31), today)


def fault_of_year(year: int, today: date) -> errors.Fault | None:
    """A year that has begun."""
    return errors.Fault("/body/year", "in_future") if year > today.year else None


def version_shown(version: int, hours_reversed: bool) -> int:
    """Twice the row's version, plus one when hours behind it were reversed, so that an ETag tells both."""
    return 2 * version + hours_reversed


def number(district_code: str, year: int, serial: int, check: str) -> str:
    """District, year, a serial without gaps, and signs nobody can guess: numbers cannot be tried one after another."""
    code = "".join(sign for sign in district_code.upper() if sign.isascii() and sign.isalnum())[:MOST_CODE]
    return f"{code}-{year}-{serial:06}-{check}"
