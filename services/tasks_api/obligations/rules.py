"""Obligations of the plan: what each asks, and how its status follows from what was measured. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from services.kit import clock, errors

# So old what was recorded, or made of it, may be though nothing has happened since.
FRESH: Final = timedelta(minutes=15)


def is_fresh(made_at: datetime, now: datetime) -> bool:
    """Whether what was made then may still be told: on the same day, and not for long."""
    return now - made_at <= FRESH and clock.local_day(made_at) == clock.local_day(now)


class Status(StrEnum):
    """Where an obligation of a unit stands."""

    MET = "met"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    MISSED = "missed"
    NOT_APPLICABLE = "not_applicable"


class Basis(StrEnum):
    """Whether the plan's text itself gives number or date, or asks for a thing that one record shows to be there."""

    FIGURE = "figure"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class Obligation:
    """One obligation: its id, the plan's tasks or work requirements it comes from, what is measured and where it is proved.

    `measure` says value and threshold in one sentence. `evidence` is the path of the records behind it, with places
    for `unit_id` and `year`. `declarable`: a unit may declare a number of its own while no record shows one.
    """

    id: str
    measure: str
    evidence: str
    basis: Basis = Basis.RECORD
    tasks: Sequence[int] = ()
    requirements: Sequence[int] = ()
    declarable: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of one unit: done when `value` reaches `threshold`; a threshold of 0 asks nothing of it."""

    value: int
    threshold: int
    risk: bool
    under_way: bool
    due_on: date


def status_of(found: Measured, today: date, warn_days: int) -> Status:
    """The status on a day. What is neither done nor begun is at risk from so many calendar days before its last day on."""
    if found.threshold == 0:
        return Status.NOT_APPLICABLE
    if found.value >= found.threshold:
        return Status.MET
    if today > found.due_on:
        return Status.MISSED
    soon = today > found.due_on - timedelta(days=warn_days)
    return Status.AT_RISK if found.risk or (soon and not found.under_way) else Status.ON_TRACK


class Unknown(errors.NotFound):
    code = "obligation.unknown"
    zh, en = (
        "没有这项义务，见 /v1/obligations/definitions。",
        "There is no such obligation; see GET /v1/obligations/definitions.",
    )


class NoRecords(errors.NotFound):
    code = "obligation.shown_elsewhere"
    zh, en = (
        "该义务的依据见其 evidence_url。",
        "The records behind this obligation are shown where its evidence_url points.",
    )


class NotDeclarable(errors.Conflict):
    code = "obligation.not_declarable"
    zh, en = "该义务由系统记录核验，不接受自行申报。", "This obligation is proved by records; no number can be declared for it."


class Recorded(errors.Conflict):
    code = "obligation.recorded"
    zh, en = "系统中已有记录，申报数不再采用。", "There are records already; a declared number is not taken."


class NotOwed(errors.Conflict):
    code = "obligation.not_owed"
    zh, en = "该单位在该年度没有这项义务。", "The unit does not owe this obligation in that year."


def why_not_declare(found: Obligation, value: int | None) -> errors.DomainError | None:
    """A number is declared only where records could not show one, and do not; `value` is None when nothing is owed."""
    if not found.declarable:
        return NotDeclarable()
    if value is None:
        return NotOwed()
    return Recorded() if value > 0 else None


def why_not_as_of(as_of: datetime | None, now: datetime) -> errors.DomainError | None:
    """The past can be asked for, not the future."""
    return errors.BadInput(errors.Fault("/query/as_of", "in_the_future")) if as_of is not None and as_of > now else None


def why_not_span(start: datetime, end: datetime | None, now: datetime) -> errors.DomainError | None:
    """From one moment to a later one, both past."""
    faults = [errors.Fault("/query/to", "in_the_future")] if end is not None and end > now else []
    last = end or now
    faults += [errors.Fault("/query/to", "day.not_later", {"limit": start.isoformat()})] if start >= last else []
    return errors.BadInput(*faults) if faults else None


_HOURS: Final = "/v1/compliance/officers?year={year}&unit_id={unit_id}"
_PLANS: Final = "/v1/training-plans?year={year}&unit_id={unit_id}&kind="
_CLASSES: Final = (
    "/v1/classes?state=held&starts_at__gte={year}-01-01T00:00:00%2B08:00&starts_at__lte={year}-12-31T23:59:59%2B08:00"
)


def _records(obligation: str) -> str:
    # The list that counts exactly what the measure counts.
    return f"/v1/obligations/{obligation}/records?year={{year}}&unit_id={{unit_id}}"


# In the order of the plan. Figures are the plan's own (tasks 2, 10, 11, 13, 18 and 21); where it gives none, one record a
# year, or four where it names four things.
OBLIGATIONS: Final[Sequence[Obligation]] = (
    Obligation("O1", "本年度政治学习记录，不少于1次", _records("O1"), tasks=(1,)),
    Obligation("O2a", "学时达标人数，须为全部在岗执法人员", _HOURS, Basis.FIGURE, (2,)),
    Obligation("O2b", "已批准的年度培训计划，1份", _PLANS + "annual", Basis.FIGURE, (2,)),
    Obligation("O2c", "面向乡镇（街道）的联合培训，次数按参数", _CLASSES + "&kind=joint_township", Basis.FIGURE, (2,)),
    Obligation("O2d", "已批准的专门业务培训计划，1份", _PLANS + "professional", Basis.FIGURE, (2,)),
    Obligation("O2e", "全员轮训，1次", "/v1/rotations?year={year}&unit_id={unit_id}", Basis.FIGURE, (2,)),
    Obligation("O3", "本年度已举办的培训班，全区不少于1期", _CLASSES, tasks=(3,)),
    Obligation("O4", "赋权部门业务培训计划已批准，1份（含乡镇人员名单核对）", _PLANS + "professional", tasks=(4,)),
    Obligation("O5", "本年度已执行的资格清理，全区不少于1批", "/v1/qualification-reviews?state=applied&year={year}", tasks=(5,)),
    Obligation("O6", "报送整治总结，按参数所定周期", _records("O6"), Basis.FIGURE, (6,)),
    Obligation("O7", "裁量基准制定或调整后按期备案的件数", _records("O7"), Basis.FIGURE, (7,)),
    Obligation("O8", "使用中的执法文书格式，全区不少于1种", _records("O8"), tasks=(8,)),
    Obligation("O9", "四张清单、联系点等工作机制台账，全区不少于1条", _records("O9"), tasks=(9,)),
    Obligation("O10", "执法事项目录已制定并公示，1份", _records("O10"), Basis.FIGURE, (10,)),
    Obligation("O11a", "已评估的赋权承接单位，须为全部", _records("O11a"), Basis.FIGURE, (11,)),
    Obligation("O11b", "跟案指导件数，不少于赋权事项案件的规定比例", "/v1/guidance-shares?year={year}", Basis.FIGURE, (11,)),
    Obligation("O12", "乡镇执法队模式登记，1份", _records("O12"), tasks=(12,)),
    Obligation("O13a", "报送全年检查计划，1份", _records("O13a"), Basis.FIGURE, (13,)),
    Obligation("O13b", "年度检查计划经区政府审定，1份", "/v1/inspection-plans?year={year}", Basis.FIGURE, (13,)),
    Obligation("O14", "以案释法记录，不少于1次", _records("O14"), tasks=(14,)),
    Obligation("O15", "行政争议调解记录，全区不少于1件", _records("O15"), tasks=(15,)),
    Obligation("O16", "自评、互评、抽评三种评查均已开展，3种", "/v1/review-campaigns?year={year}", tasks=(16,)),
    Obligation("O17", "监督协作与试点台账，全区不少于1条", _records("O17"), tasks=(17,)),
    Obligation("O18", "年度监督工作方案，1份", _records("O18"), Basis.FIGURE, (18,)),
    Obligation("O19", "应诉、复议记录或应诉培训，全区不少于1件", _records("O19"), tasks=(19,), declarable=True),
    Obligation("O20", "省执法平台上线记录，1份", _records("O20"), tasks=(20,)),
    Obligation("O21a", "线上案卷评查，全区不少于1次", "/v1/review-campaigns?online=true", Basis.FIGURE, (21,)),
    Obligation("O21b", "执法工作情况报告，按参数所定周期报区政府", _records("O21b"), Basis.FIGURE, (21,)),
    Obligation("O22", "本年度人员编制与岗位情况登记，1份", _records("O22"), tasks=(22,), declarable=True),
    Obligation("O23", "人身保险或心理服务记录，不少于1条", _records("O23"), tasks=(23,), declarable=True),
    Obligation("O24a", "四项执法经费均已编入预算，4项", _records("O24a"), tasks=(24,)),
    Obligation("O24b", "收支脱钩检查，不少于1次", _records("O24b"), tasks=(24,)),
    Obligation("R1", "工作会商，四种形式各不少于1次", _records("R1"), requirements=(1,)),
    Obligation("R2", "单位实施方案，1份", _records("R2"), requirements=(2,)),
    Obligation("R3", "宣传或经验交流材料，全区不少于1件", _records("R3"), requirements=(3,)),
)
# The dated settings by which open words of the plan (2025年前, 及时, 定期, 1月初, of what 30 %) are read in a measure or day.
SETTINGS: Final[Mapping[str, Sequence[str]]] = {
    "O6": ("obligations",),
    "O7": ("benchmark_filing",),
    "O10": ("time_words",),
    "O11a": ("time_words",),
    "O11b": ("time_words", "guidance"),
    "O13a": ("inspection_window", "time_words"),
    "O21a": ("time_words",),
    "O21b": ("obligations",),
}
BY_ID: Final = {each.id: each for each in OBLIGATIONS}
