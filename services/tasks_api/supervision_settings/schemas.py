"""Supervision settings: the value of each key as a typed model, and the bodies and answers around them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, create_model
from pydantic_core import PydanticCustomError

from services.kit import fields
from services.kit.errors import Fault
from services.kit.pagination import PageQuery
from services.tasks_api.supervision_settings.rules import Period


def _of_every_year(value: str) -> str:
    # 02-30 is no day, and 02-29 none of most years.
    try:
        date.fromisoformat(f"2023-{value}")
    except ValueError as refused:
        raise PydanticCustomError("wrong_format", "wrong format") from refused
    return value


MonthDay = Annotated[
    str,
    Field(min_length=5, max_length=5, pattern="^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$", examples=["01-10"]),
    AfterValidator(_of_every_year),
]
Days = Annotated[int, Field(strict=True, ge=0, le=400, json_schema_extra={"format": "int32"})]
Times = Annotated[int, Field(strict=True, ge=0, le=100, json_schema_extra={"format": "int32"})]
Prefix = Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[^\x00-\x1f〔〕]+$", examples=["晋执督"])]

Bound = Literal["year_before", "through_year"]


class Value(fields.In):
    """The value of one key, and a value to show."""

    KEY: ClassVar[str]
    EXAMPLE: ClassVar[dict[str, Any]]

    def faults(self) -> Sequence[Fault]:
        """What does not go together in it."""
        return ()


class Extensions(Value):
    """Extension requests (延期申请): how many may be approved for one assignment, and how far one may move the date."""

    KEY: ClassVar[str] = "extensions"
    EXAMPLE: ClassVar[dict[str, Any]] = {"most": 1, "longest_days": 60}

    most: Annotated[Times, Field(description="每项任务交办至多批准的延期次数。")]
    longest_days: Annotated[Days, Field(description="每次至多顺延的自然日数。")]


class Reporting(Value):
    """How often progress is reported, until when after the period's end, and after how many more days each it is told to the
    unit's leaders and to the bureau that none came; in working days."""

    KEY: ClassVar[str] = "reporting"
    EXAMPLE: ClassVar[dict[str, Any]] = {"period": "quarter", "due_working_days": 5, "level_working_days": 2}

    period: Period
    due_working_days: Days
    level_working_days: Days


class Reminders(Value):
    """Reminders sent by hand (催办): how many for one assignment, and the least hours between two."""

    KEY: ClassVar[str] = "reminders"
    EXAMPLE: ClassVar[dict[str, Any]] = {"most": 3, "gap_hours": 48}

    most: Times
    gap_hours: Days


class NoticeNumbers(Value):
    """Numbers of supervision notices and circulars: prefix〔year〕sequence号 (GB/T 9704-2012)."""

    KEY: ClassVar[str] = "notice_numbers"
    EXAMPLE: ClassVar[dict[str, Any]] = {"notice": "晋执督", "circular": "晋执督通"}

    notice: Prefix
    circular: Prefix


class ProblemLimit(Value):
    """How long putting a problem right takes where the listing says nothing: so many working or calendar days."""

    KEY: ClassVar[str] = "problem_limit"
    EXAMPLE: ClassVar[dict[str, Any]] = {"days": 20, "kind": "working"}

    days: Annotated[int, Field(strict=True, ge=1, le=400, json_schema_extra={"format": "int32"})]
    kind: Literal["working", "calendar"]


class Limit(fields.In):
    """So many working or calendar days."""

    days: Annotated[int, Field(strict=True, ge=1, le=400, json_schema_extra={"format": "int32"})]
    kind: Literal["working", "calendar"]


class ComplaintLimits(Value):
    """How long the reply to a complaint may take from the day it came in, by channel."""

    KEY: ClassVar[str] = "complaint_limits"
    EXAMPLE: ClassVar[dict[str, Any]] = {
        "hotline_12345": {"days": 5, "kind": "working"}, "petition": {"days": 60, "kind": "calendar"},
        "minzhifa_public": {"days": 10, "kind": "working"}, "enterprise_contact": {"days": 10, "kind": "working"},
    }  # fmt: skip

    hotline_12345: Limit
    petition: Limit
    minzhifa_public: Limit
    enterprise_contact: Limit


class Obligations(Value):
    """Obligations of a year: calendar days before the last one from which what is not begun counts as at risk, how often a
    summary of the problem list is owed (plan task 6), and how often a work report (plan task 21)."""

    KEY: ClassVar[str] = "obligations"
    EXAMPLE: ClassVar[dict[str, Any]] = {"warn_days": 30, "summary_period": "half_year", "report_period": "quarter"}

    warn_days: Days
    summary_period: Period
    report_period: Period


class TimeWords(Value):
    """Words of time that a plan leaves open (时间用语): how a document is read from then on, and in which years a thing owed
    every year "before" one is owed. Dates of a plan in force stay; a new version of the plan moves them."""

    KEY: ClassVar[str] = "time_words"
    EXAMPLE: ClassVar[dict[str, Any]] = {
        "before_year_once": "year_before", "before_year_yearly": "through_year", "month_start_last_day": 10,
        "month_end_first_day": 21, "year_end": "12-31", "publicity_days": 20,
    }  # fmt: skip

    before_year_once: Annotated[Bound, Field(description="“2025年前”完成一次的事项：至上一年年底，或至该年年底。")]
    before_year_yearly: Annotated[Bound, Field(description="“2025年前，每年……”：至上一年为止，或含该年。")]
    month_start_last_day: Annotated[int, Field(strict=True, ge=1, le=15, description="“月初”的最后一日。")]
    month_end_first_day: Annotated[int, Field(strict=True, ge=16, le=28, description="“月底”作为时段的第一日。")]
    year_end: Annotated[
        str, Field(min_length=5, max_length=5, pattern="^12-(0[1-9]|[12][0-9]|3[01])$", description="“年底前”的最后一日。")
    ]
    publicity_days: Annotated[
        Days | None, Field(description="“及时对外公示”：制定之日起的自然日数；空为不计天数，只看是否公示。")
    ]


class InspectionWindow(Value):
    """The days of January in which departments hand in their inspections of the year; later ones count as late."""

    KEY: ClassVar[str] = "inspection_window"
    EXAMPLE: ClassVar[dict[str, Any]] = {"first": "01-01", "last": "01-10"}

    first: MonthDay
    last: MonthDay

    def faults(self) -> Sequence[Fault]:
        """The window has an order."""
        return [Fault("/body/value/last", "period.ends_before_start")] if self.last < self.first else []


class InspectionCodes(Value):
    """Whether an inspection at an enterprise must name the code that was shown or scanned there."""

    KEY: ClassVar[str] = "inspection_codes"
    EXAMPLE: ClassVar[dict[str, Any]] = {"required": True}

    required: fields.Flag


class RandomDrawTerms(Value):
    """Random draws (双随机): the share of each category of objects in ten-thousandths, and the least number, where not said."""

    KEY: ClassVar[str] = "random_draw_terms"
    EXAMPLE: ClassVar[dict[str, Any]] = {"share_per_10000": 500, "least_objects": 3}

    share_per_10000: Annotated[int, Field(strict=True, ge=0, le=10_000, json_schema_extra={"format": "int32"})]
    least_objects: Times


VALUES: Final[Mapping[str, type[Value]]] = {
    model.KEY: model
    for model in (
        Extensions,
        Reporting,
        Reminders,
        NoticeNumbers,
        ProblemLimit,
        ComplaintLimits,
        InspectionWindow,
        InspectionCodes,
        RandomDrawTerms,
        Obligations,
        TimeWords,
    )
}
Key = Annotated[str, Field(min_length=1, max_length=40, pattern="^[a-z][a-z0-9_]*$", examples=["extensions"])]


class SettingIn(fields.In):
    """A value from a day on, and the reading it stands for; each key has a body of its own with its value."""

    valid_from: fields.Day
    reading: Annotated[fields.Line, Field(description="对方案文字的理解或设定该值的理由。")]


def body_of(value: type[Value]) -> type[SettingIn]:
    """The body that records a value of a key, with an example of the whole."""
    example = {"valid_from": "2027-01-01", "value": value.EXAMPLE, "reading": "按本区规定（示例）"}
    return create_model(
        f"{value.__name__}SettingIn",
        __base__=SettingIn,
        __doc__=value.__doc__,
        __cls_kwargs__={"json_schema_extra": {"examples": [example]}},
        value=(value, ...),
    )


class SettingOut(fields.Out):
    """A setting as read; without `district_id` it is the reading the product ships with."""

    id: fields.Id
    district_id: fields.Id | None = None
    key: Key
    valid_from: fields.Day
    value: dict[str, Any]
    reading: fields.Line
    recorded_by_name: fields.Line
    recorded_at: fields.Moment


class SettingPage(fields.Page[SettingOut]):
    """A page of settings."""


class SettingFilter(PageQuery):
    """Named filters of the list."""

    key: Key | None = None
    sort: Literal["-recorded_at"] = "-recorded_at"


class InForceQuery(BaseModel):
    """Which day's settings."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    on: Annotated[fields.Day | None, Field(description="哪一天；缺省为今天。")] = None


class InForceOut(fields.Out):
    """The settings of a day, one of each key."""

    on: fields.Day
    settings: Annotated[list[SettingOut], Field(max_length=100)]
