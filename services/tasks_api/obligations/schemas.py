"""Obligations as asked for and answered."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from services.kit import fields
from services.kit.pagination import PageQuery
from services.tasks_api.obligations.rules import Basis, Status

Name = Annotated[str, Field(min_length=2, max_length=8, pattern="^[OR][0-9]{1,2}[a-z]?$", examples=["O2a"])]
Number = Annotated[int, Field(strict=True, ge=1, le=999, json_schema_extra={"format": "int32"})]
SettingKey = Annotated[str, Field(min_length=1, max_length=40, examples=["time_words"])]
Numbers = Annotated[list[Number], Field(max_length=24)]


class ObligationFilter(PageQuery):
    """Which year, and named filters."""

    year: Annotated[fields.QueryYear, Field(description="年度。")]
    unit_id: fields.Id | None = None
    id: Annotated[Name | None, Field(description="义务编号。")] = None
    status: Status | None = None
    as_of: Annotated[fields.Moment | None, Field(description="按该时刻的记录计算，不得晚于现在。")] = None
    sort: Literal["id"] = "id"


class DefinitionOut(fields.Out):
    """What an obligation asks, and where it comes from in the plan."""

    id: Name
    measure: fields.Line
    basis: Annotated[Basis, Field(description="figure：方案写明数量或时限；record：方案只提出要求，以记录为证。")]
    tasks: Numbers
    requirements: Numbers
    declarable: Annotated[fields.Flag, Field(description="无记录可查时，是否接受自行申报。")]
    settings: Annotated[list[SettingKey], Field(max_length=10, description="计量或时限所依据的参数。")]


class ReadingOut(fields.Out):
    """A dated setting by which open words of the plan were read, and the reading it stands for."""

    key: SettingKey
    valid_from: fields.Day
    value: dict[str, Any]
    reading: Annotated[str, Field(max_length=500)]
    url: Annotated[str, Field(max_length=300)]


class DefinitionsOut(fields.Out):
    """Every obligation known."""

    items: Annotated[list[DefinitionOut], Field(max_length=200)]


class ObligationOut(fields.Out):
    """An obligation of a unit in a year: done when `value` reaches `threshold`."""

    id: Name
    district_id: fields.Id
    unit_id: fields.Id
    unit_name: fields.Line
    year: fields.Year
    measure: fields.Line
    basis: Basis
    tasks: Numbers
    requirements: Numbers
    value: fields.Whole
    threshold: fields.Whole
    status: Status
    due_on: fields.Day
    self_declared: Annotated[fields.Flag, Field(description="数值由单位自行申报，系统中无记录。")]
    evidence_url: Annotated[str, Field(max_length=300, description="作为依据的记录。")]
    readings: Annotated[list[ReadingOut], Field(max_length=10, description="对方案未尽明确之处的理解，各为有生效日期的参数。")]


class ObligationPage(fields.Page[ObligationOut]):
    """A page of obligations."""


class RecordQuery(PageQuery):
    """Records of a year, of all who owe the obligation or of one unit."""

    year: Annotated[fields.QueryYear, Field(description="年度。")]
    unit_id: Annotated[fields.Id | None, Field(description="承担义务的单位。")] = None
    sort: Literal["-on"] = "-on"


class RecordFilter(RecordQuery):
    """With the obligation of the path."""

    obligation: Name


class ObligationRecordOut(fields.Out):
    """A record behind an obligation; what it says is read at its own address, by whoever may."""

    type: Annotated[str, Field(max_length=64, description="台账种类或资源名称。")]
    id: fields.Id
    unit_id: fields.Id
    unit_name: fields.Line
    on: fields.Day
    counts: Annotated[fields.Flag, Field(description="是否计入；迟交、未报送或未审定的不计。")]
    url: Annotated[str, Field(max_length=300)]


class RecordPage(fields.Page[ObligationRecordOut]):
    """A page of records."""


class DeclarationIn(fields.In):
    """A number of one's own, and what it rests on."""

    model_config = fields.example(
        {
            "unit_id": "0192f0c8-0000-7000-8000-000000000102",
            "year": 2025,
            "value": 1,
            "note": "纸质签到表存档，系统启用前开展（示例）",
            "attachment_ids": ["0192f0c8-0000-7000-8000-000000000401"],
        }
    )

    unit_id: fields.Id
    year: fields.Year
    value: fields.Whole
    note: Annotated[fields.Prose, Field(description="数值的来源。")]
    attachment_ids: Annotated[list[fields.Id], Field(max_length=50, default_factory=list)]


class DeclarationOut(fields.Out):
    """A declared number; the latest of a unit, year and obligation counts."""

    id: fields.Id
    district_id: fields.Id
    unit_id: fields.Id
    obligation: Name
    year: fields.Year
    value: fields.Whole
    note: fields.Prose
    attachment_ids: Annotated[list[fields.Id], Field(max_length=50)]
    declared_by_name: fields.Line
    declared_at: fields.Moment


class DeclarationFilter(PageQuery):
    """Named filters of the list."""

    year: fields.QueryYear | None = None
    unit_id: fields.Id | None = None
    obligation: Name | None = None
    sort: Literal["-declared_at"] = "-declared_at"


class DeclarationPage(fields.Page[DeclarationOut]):
    """A page of declarations."""


class RankingQuery(fields.In):
    """Which year, and as recorded when."""

    year: fields.QueryYear
    as_of: Annotated[fields.Moment | None, Field(description="按该时刻的记录计算，不得晚于现在。")] = None


class RankedUnit(fields.Out):
    """A unit with what it owes, what is done, and what keeps it behind."""

    rank: fields.Whole
    unit_id: fields.Id
    unit_name: fields.Line
    owed: fields.Whole
    met: fields.Whole
    missed: fields.Whole
    at_risk: fields.Whole
    rate: Annotated[float, Field(ge=0, le=1, json_schema_extra={"format": "double"})]
    behind: Annotated[list[Name], Field(max_length=200, description="未完成或有风险的义务。")]


class RankingOut(fields.Out):
    """Units by the share of their obligations that is met; equal shares have the same rank."""

    year: fields.Year
    as_of: fields.Moment | None = None
    units: Annotated[list[RankedUnit], Field(max_length=1000)]


class ChangesQuery(fields.In):
    """Which year, and between which moments."""

    year: fields.QueryYear
    from_: Annotated[fields.Moment, Field(alias="from", description="较早的时刻。")]
    to: Annotated[fields.Moment | None, Field(description="较晚的时刻，缺省为现在。")] = None


class ChangedOut(fields.Out):
    """An obligation of a unit that stood otherwise at the two moments; absent when it was not owed then."""

    id: Name
    unit_id: fields.Id
    unit_name: fields.Line
    value_before: fields.Whole | None = None
    value_after: fields.Whole | None = None
    status_before: Status | None = None
    status_after: Status | None = None


class ChangesOut(fields.Out):
    """What changed between two moments."""

    year: fields.Year
    changes: Annotated[list[ChangedOut], Field(max_length=10_000)]


class RecordedOut(fields.Out):
    """How many values differed and were kept."""

    recorded: fields.Whole
