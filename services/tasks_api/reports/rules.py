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


def why_not_period(kind: Kind, period: Period, today: date) -> errors.DomainError | None:
    """A period that has not begun has no figures, and sending a report of it would fulfil nothing."""
    field = {Kind.QUARTERLY: "quarter", Kind.ANNUAL: "year", Kind.SPECIAL: "period_start"}[kind]
    return errors.BadInput(Fault(f"/body/{field}", "in_the_future")) if period.start > today else None


def title_of(kind: Kind, period: Period, district: str) -> str:
    """The title where none is given."""
    year = period.start.year
    if kind is Kind.QUARTERLY:
        return f"{district}{year}年第{'一二三四'[(period.start.month - 1) // 3]}季度行政执法工作情况报告"
    if kind is Kind.ANNUAL:
        return f"{district}{year}年度行政执法工作情况报告"
    return f"{district}行政执法工作情况专题报告"


class Form(StrEnum):
    """How a column's numbers are written: text, whole number, share in hundredths of a per cent, hundredths, fen."""

    TEXT = "text"
    NUMBER = "number"
    SHARE = "share"
    HUNDREDTHS = "hundredths"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Told:
    """A table of a report: what it tells and the form of each column."""

    code: str
    caption: str
    columns: Sequence[tuple[str, Form]]
    rows: Sequence[Sequence[Any]]

    def total(self, title: str) -> int:
        """The sum of a column."""
        place = [heading for heading, _ in self.columns].index(title)
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


class Rate(NamedTuple):
    """An indicator made of a table's sums: a column, or one column's share of another."""

    code: str
    title: str
    table: str
    part: str
    whole: str | None = None
    form: Form = Form.SHARE


def _count(code: str, title: str, table: str, column: str) -> Rate:
    return Rate(code, title, table, column, None, Form.NUMBER)


# The figures of the head, in the order of the report on the plan (the report itself is asked for by plan task 21).
RATES: Final = (
    _count("assignments", "任务交办项数", "tasks", "交办"),
    Rate("assignments_done", "任务办结率", "tasks", "办结", "交办"),
    Rate("assignments_in_time", "按期办结率", "tasks", "按期办结", "办结"),
    _count("assignments_late", "逾期项数", "tasks", "逾期"),
    Rate("obligations_met", "可核验义务完成率", "obligations", "已完成", "应完成"),
    Rate("hours_met", "学时达标率", "hours", "达标", "在岗"),
    Rate("certified", "持证率", "certificates", "持证", "在岗"),
    Rate("auxiliaries_tested", "辅助人员考试合格率", "auxiliaries", "考试合格", "辅助人员"),
    Rate("problems_closed", "突出问题销号率", "problems", "销号", "发现"),
    Rate("benchmarks_filed", "裁量基准按期备案率", "benchmarks", "按期备案", "制定调整"),
    _count("cases_filed", "立案件数", "cases", "立案"),
    _count("cases_decided", "作出决定件数", "cases", "决定"),
    Rate("cases_short", "简易快速办理占比", "cases", "简易快速", "决定"),
    Rate("published_in_time", "执法决定按期公示率", "safeguards", "按期公示", "决定"),
    Rate("legally_reviewed", "法制审核率", "safeguards", "已法制审核", "应法制审核"),
    Rate("recorded", "全过程记录率", "safeguards", "有全过程记录", "决定"),
    Rate("files_reviewed", "案卷评查覆盖率", "reviews", "已评案卷", "全年决定"),
    Rate("rectified_in_time", "评查整改和异议按期办理率", "followups", "按期完成", "提出"),
    Rate("guided", "跟案指导比例", "guidance", "已指导", "赋权案件"),
    Rate("inspections_joint", "联合检查占比", "inspections", "联合检查", "本期实施"),
    _count("visits_saved", "减少入企检查次数", "inspections", "减少次数"),
    Rate("mediations_agreed", "行政争议调解成功率", "mediations", "达成协议", "件数"),
    Rate("litigations_lost", "复议诉讼纠错率", "litigations", "撤销变更违法", "审结"),
    Rate("leaders_in_court", "负责人出庭率", "litigations", "负责人出庭", "开庭"),
    Rate("complaints_in_time", "投诉按期答复率", "complaints", "按期答复", "受理"),
    Rate("complaints_satisfied", "投诉回访满意率", "complaints", "满意", "回访"),
    Rate("platform_used", "执法平台应用率", "platform", "平台办理", "立案"),
)


def indicators(tables: Mapping[str, Told]) -> Sequence[Indicator]:
    """The figures of the head, from the tables alone."""
    return [Indicator(each.code, each.title, _value(each, tables[each.table]), each.form) for each in RATES]


def _value(rate: Rate, table: Told) -> int | None:
    part = table.total(rate.part)
    return part if rate.whole is None else share(part, table.total(rate.whole))


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
    if form == Form.HUNDREDTHS:
        sign, size = "-" * (value < 0), abs(value)
        return f"{sign}{size // 100}.{size % 100:02}"
    if form == Form.MONEY:
        return f"{value // 100:,}.{value % 100:02}"
    return str(value)
