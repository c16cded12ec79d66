"""Reports: periods, states, and the figures a report leads with. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Final, NamedTuple

import rfc8785

from services.kit import errors
from services.kit.errors import Fault


class Kind(StrEnum):
    """季度报告、年度报告、专题报告."""

    QUARTERLY = "quarterly"
    ANNUAL = "annual"
    SPECIAL = "special"


class State(StrEnum):
    """Gathering its figures, draft, approved by the bureau, sent to the government, void."""

    GATHERING = "gathering"
    DRAFT = "draft"
    APPROVED = "approved"
    SENT = "sent"
    VOID = "void"


class Verb(StrEnum):
    """What may be done to a report."""

    CHANGE = "change"
    REFRESH = "refresh"
    APPROVE = "approve"
    SEND = "send"
    VOID = "void"


MOVES: Final[Mapping[Verb, Mapping[State, State]]] = {
    Verb.CHANGE: {State.DRAFT: State.DRAFT},
    Verb.REFRESH: {State.DRAFT: State.GATHERING},
    Verb.APPROVE: {State.DRAFT: State.APPROVED},
    Verb.SEND: {State.APPROVED: State.SENT},
    Verb.VOID: {State.GATHERING: State.VOID, State.DRAFT: State.VOID, State.APPROVED: State.VOID},
}
PAST: Final = {Verb.CHANGE: "changed", Verb.REFRESH: "asked", Verb.APPROVE: "approved", Verb.SEND: "sent", Verb.VOID: "voided"}


class IllegalMove(errors.Conflict):
    code = "report.illegal_move"
    zh, en = "报告当前状态为 {state}，不能执行 {verb}。", "The report is {state}; {verb} is not possible."


class SamePerson(errors.Conflict):
    code = "report.same_person"
    zh, en = "起草人不能审批自己的报告。", "Whoever drew a report up does not approve it."


class NotReady(errors.Conflict):
    code: ClassVar[str] = "report.not_ready"
    zh, en = "报告数据尚在汇集，请稍后再试。", "The figures are still being gathered; try again later."


def why_not(verb: Verb, state: State) -> errors.DomainError | None:
    """Whether a report in this state allows it."""
    return None if state in MOVES[verb] else IllegalMove(state=state, verb=verb)


def why_not_approve(created_by: object, approver: object) -> errors.DomainError | None:
    """Four eyes: not by whoever drew it up."""
    return SamePerson() if created_by == approver else None


class Period(NamedTuple):
    """From a day to another, both included."""

    start: date
    end: date


def period_of(kind: Kind, year: int, quarter: int | None, span: tuple[date | None, date | None]) -> Period | Sequence[Fault]:
    """The period a report is about, or every fault of what was asked: a quarter, a year, or from one day to another."""
    start, end = span
    faults = [
        Fault("/body/quarter", "missing" if kind is Kind.QUARTERLY else "not_allowed")
        for _ in [0]
        if (kind is Kind.QUARTERLY) != (quarter is not None)
    ]
    for name, day in (("period_start", start), ("period_end", end)):
        if (kind is Kind.SPECIAL) != (day is not None):
            faults.append(Fault(f"/body/{name}", "missing" if kind is Kind.SPECIAL else "not_allowed"))
    if start is not None and end is not None and end < start:
        faults.append(Fault("/body/period_end", "period.ends_before_start"))
    if faults:
        return faults
    if start is not None and end is not None:
        return Period(start, end)
    if quarter is None:
        return Period(date(year, 1, 1), date(year, 12, 31))
    following = date(year + quarter // 4, quarter * 3 % 12 + 1, 1)
    return Period(date(year, quarter * 3 - 2, 1), following - timedelta(1))


def title_of(kind: Kind, period: Period, district: str) -> str:
    """The title where none is given."""
    year = period.start.year
    if kind is Kind.QUARTERLY:
        return f"{district}{year}年第{'一二三四'[(period.start.month - 1) // 3]}季度行政执法工作情况报告"
    if kind is Kind.ANNUAL:
        return f"{district}{year}年度行政执法工作情况报告"
    return f"{district}行政执法工作情况专题报告"


class Form(StrEnum):
    """How a column's numbers are written: text, whole number, share in hundredths of a per cent, fen."""

    TEXT = "text"
    NUMBER = "number"
    SHARE = "share"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Told:
    """A table of a report: what it tells and the form of each column."""

    code: str
    caption: str
    columns: Sequence[tuple[str, Form]]
    rows: Sequence[Sequence[Any]]

    def total(self, place: int) -> int:
        """The sum of a column."""
        return sum(row[place] or 0 for row in self.rows)


class Indicator(NamedTuple):
    """A figure the report leads with; `value` is None where there is nothing to divide."""

    code: str
    title: str
    value: int | None
    form: Form


def share(part: int, whole: int) -> int | None:
    """A share in hundredths of a per cent, half up; None of nothing."""
    return (part * 20_000 + whole) // (2 * whole) if whole else None


def indicators(tables: Mapping[str, Told]) -> Sequence[Indicator]:
    """The figures of the head, from the tables alone. The work report is asked for by plan task 21."""
    tasks, hours, certificates, problems = (tables[name] for name in ("tasks", "hours", "certificates", "problems"))
    benchmarks, owed, complaints = tables["benchmarks"], tables["obligations"], tables["complaints"]
    return [
        Indicator("assignments", "任务交办项数", tasks.total(2), Form.NUMBER),
        Indicator("assignments_done", "任务办结率", share(tasks.total(3), tasks.total(2)), Form.SHARE),
        Indicator("assignments_late", "逾期项数", tasks.total(5), Form.NUMBER),
        Indicator("obligations_met", "可核验义务完成率", share(owed.total(3), owed.total(2)), Form.SHARE),
        Indicator("hours_met", "学时达标率", share(hours.total(2), hours.total(1)), Form.SHARE),
        Indicator("certified", "持证率", share(certificates.total(2), certificates.total(1)), Form.SHARE),
        Indicator("problems_closed", "突出问题销号率", share(problems.total(2), problems.total(1)), Form.SHARE),
        Indicator("benchmarks_filed", "裁量基准按期备案率", share(benchmarks.total(3), benchmarks.total(1)), Form.SHARE),
        Indicator("complaints_in_time", "投诉按期答复率", share(complaints.total(2), complaints.total(1)), Form.SHARE),
    ]


def gathered(tables: Sequence[Told]) -> dict[str, Any]:
    """The figures of a report as kept: the same records give the same bytes."""
    head = indicators({each.code: each for each in tables})
    return {
        "indicators": [{"code": i.code, "title": i.title, "value": i.value, "form": i.form.value} for i in head],
        "tables": [
            {
                "code": each.code,
                "caption": each.caption,
                "columns": [{"title": title, "form": form.value} for title, form in each.columns],
                "rows": [list(row) for row in each.rows],
            }
            for each in tables
        ],
    }


def digest_of(data: Mapping[str, Any]) -> str:
    """SHA-256 of the figures in canonical JSON (RFC 8785), in hex."""
    return hashlib.sha256(rfc8785.dumps(dict(data))).hexdigest()


def written(value: Any, form: str) -> str:
    """A cell as papers show it: shares with two places, money in yuan."""
    if value is None:
        return "—"
    if form == Form.SHARE:
        return f"{value // 100}.{value % 100:02}%"
    if form == Form.MONEY:
        return f"{value // 100:,}.{value % 100:02}"
    return str(value)
