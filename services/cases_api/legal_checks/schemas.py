"""Bodies and answers of the legal check."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from services.cases_api.case_files.rules.states import State
from services.cases_api.case_numbers.schemas import CaseNo
from services.cases_api.kinds import CaseKind
from services.cases_api.legal_checks.rules.deadlines import Act
from services.cases_api.legal_checks.rules.model import Level, Result
from services.kit import fields
from services.kit.pagination import PageQuery

RuleId = Annotated[str, Field(min_length=3, max_length=3, pattern="^P(0[1-9]|1[0-9]|2[0-6])$", examples=["P14"])]
Told = Annotated[str, Field(min_length=1, max_length=1_000, pattern=r"^[^\x00]+$")]
Article = Annotated[Told, Field(examples=["行政处罚法（2021年修订）第60条"])]
Missing = Annotated[str, Field(max_length=64, pattern=r"^[a-z_]+(\.[a-z0-9_]+)?$", examples=["decision.elements"])]
Text = Annotated[
    Told,
    Field(
        examples=["2025-03-03 立案，作出决定为第 97 日，期限 90 日，不计入 4 日，最后一日为 2025-06-05"],
        description="结论及其计算。",
    ),
]


class FindingOut(fields.Out):
    """A defect in both languages; `facts` holds the days and figures it was computed from."""

    level: Level
    article: Article
    zh: Text
    en: Told
    facts: Annotated[dict[str, Any], Field(max_length=20)]


class MissingOut(fields.Out):
    """What must be known before the rule can be decided."""

    what: Missing
    zh: Told
    en: Told


class OverrideOut(fields.Out):
    """Who answers for leaving the defect as it is, and why. `stands` is false when something else is found by now."""

    reason: fields.Line
    account_id: fields.Id
    account_name: Told
    recorded_at: fields.Moment
    stands: fields.Flag


class OutcomeOut(fields.Out):
    """What a rule came to."""

    rule: RuleId
    title: Told
    title_en: Told
    result: Result
    level: Level
    article: Article
    findings: list[FindingOut] = Field(max_length=300)
    missing: list[MissingOut] = Field(max_length=60)
    override: OverrideOut | None = None


class DefectsOut(fields.Out):
    """The check of one file, computed as it is read: `items` what was found, `undecidable` what lacks facts, `clean` the rest."""

    case_file_id: fields.Id
    case_no: CaseNo
    version: fields.Whole
    checked_on: fields.Day
    items: list[OutcomeOut] = Field(max_length=26)
    undecidable: list[OutcomeOut] = Field(max_length=26)
    clean: list[RuleId] = Field(max_length=26)
    next_cursor: None = None


class OverrideIn(fields.In):
    """Why a defect is left as it is."""

    model_config = fields.example({"reason": "检测期间有纸质告知书，已附卷（示例）"})

    reason: Annotated[fields.Line, Field(examples=["检测期间有纸质告知书，已附卷（示例）"])]


class DefectRow(fields.Out):
    """A defect in the list over files."""

    id: fields.Id
    case_file_id: fields.Id
    case_no: CaseNo
    case_kind: CaseKind
    case_state: State
    unit_id: fields.Id
    rule: RuleId
    result: Result
    level: Level
    findings: list[FindingOut] = Field(max_length=300)
    missing: list[Missing] = Field(max_length=60)
    overridden: fields.Flag
    override_reason: fields.Line | None = None
    found_at: fields.Moment


class DefectPage(fields.Page[DefectRow]):
    """A page of defects. `unchecked` files are being checked anew and not in it yet; usually 0."""

    unchecked: fields.Whole


class DefectFilter(PageQuery):
    """Named filters of the list."""

    unit_id: fields.Id | None = None
    case_file_id: fields.Id | None = None
    rule: RuleId | None = None
    level: Level | None = None
    result: Literal["found", "undecidable"] = "found"
    case_kind: CaseKind | None = None
    overridden: Annotated[bool | None, Field(description="是否已说明理由保留。")] = None
    sort: Literal["found_at", "-found_at"] = "-found_at"


class DeadlineRow(fields.Out):
    """The last day for an act that is not on record yet."""

    id: fields.Id
    case_file_id: fields.Id
    case_no: CaseNo
    case_kind: CaseKind
    unit_id: fields.Id
    officers: list[fields.Id] = Field(max_length=20)
    act: Act
    due_on: fields.Day
    days_left: Annotated[
        int, Field(ge=-100_000, le=100_000, json_schema_extra={"format": "int32"}, description="自然日，逾期为负。")
    ]
    overdue: fields.Flag


class DeadlinePage(fields.Page[DeadlineRow]):
    """A page of deadlines, overdue ones included. `unchecked` files are being checked anew and not in it yet; usually 0."""

    unchecked: fields.Whole


class DeadlineFilter(PageQuery):
    """Named filters of the list."""

    until: Annotated[fields.Day | None, Field(description="至该日（含）到期的事项，含已逾期。")] = None
    unit_id: fields.Id | None = None
    officer_id: fields.Id | None = None
    act: Act | None = None
    sort: Literal["due_on", "-due_on"] = "due_on"


class VersionOut(fields.Out):
    """The text and article a rule rests on since a day."""

    valid_from: fields.Day
    article: Article


class RuleOut(fields.Out):
    """A rule of the check."""

    rule: RuleId
    title: Told
    title_en: Told
    level: Annotated[Level, Field(description="最重等级；具体结论的等级见各项。")]
    valid_from: fields.Day
    valid_to: fields.Day | None = None
    kinds: list[CaseKind] = Field(max_length=6, description="适用的案件类别；空为全部。")
    procedures: list[fields.Code] = Field(max_length=3, description="适用的程序；空为全部。")
    articles: list[VersionOut] = Field(max_length=5)


class RulesOut(fields.Page[RuleOut]):
    """All rules."""
