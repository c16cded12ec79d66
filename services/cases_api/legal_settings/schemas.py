"""Bodies and answers of dated settings."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.cases_api.case_files.rules.contents import Procedure
from services.cases_api.case_files.rules.parties import PartyKind
from services.cases_api.kinds import CaseKind
from services.cases_api.legal_settings.rules import Measure, Topic
from services.kit import fields
from services.kit.pagination import PageQuery

Sector = Annotated[fields.Code, Field(description="执法领域；缺省为各领域通用。", examples=["market_regulation"])]
Result = Annotated[
    fields.Code, Field(description="决定结果或处罚种类，仅用于保管期限；缺省为任何结果。", examples=["licence_revocation"])
]
Value = Annotated[
    int,
    Field(strict=True, ge=0, le=1_000_000_000_000, json_schema_extra={"format": "int64"}, description="数值，单位见 measure。"),
]
Source = Annotated[fields.Line, Field(description="依据。", examples=["市场监督管理行政处罚程序规定第六十四条"])]
Assumed = Annotated[fields.Flag, Field(description="系推定，待核实；据此得出的结论会标明。")]


class LegalSettingIn(fields.In):
    """A new setting of the caller's district; where it fits a case it goes before the ones delivered with the system."""

    model_config = fields.example(
        {
            "topic": "hearing_fine",
            "party_kind": "natural",
            "value": 1000000,
            "measure": "fen",
            "valid_from": "2025-01-01",
            "source": "示例规定第一条",
        }
    )

    topic: Topic
    sector: Sector | None = None
    case_kind: CaseKind | None = None
    procedure: Procedure | None = None
    party_kind: PartyKind | None = None
    result: Result | None = None
    value: Value
    measure: Measure
    valid_from: fields.Day
    valid_to: Annotated[fields.Day | None, Field(description="最后一日，当日仍有效。")] = None
    source: Source
    assumed: Assumed = False


class LegalSettingChange(fields.In):
    """What may change: topic, scope and first day stay."""

    model_config = fields.example({"value": 500000, "measure": "fen", "source": "示例规定第一条（修订）"})

    value: Value
    measure: Measure
    valid_to: fields.Day | None = None
    source: Source
    assumed: Assumed = False


class LegalSettingOut(fields.Out):
    """A setting as read; without `district_id` it is delivered with the system, the same for all districts."""

    id: fields.Id
    district_id: fields.Id | None = None
    topic: Topic
    sector: Sector | None = None
    case_kind: CaseKind | None = None
    procedure: Procedure | None = None
    party_kind: PartyKind | None = None
    result: Result | None = None
    value: Value
    measure: Measure
    valid_from: fields.Day
    valid_to: fields.Day | None = None
    source: Source
    assumed: fields.Flag
    version: fields.Whole
    created_at: fields.Moment


class LegalSettingPage(fields.Page[LegalSettingOut]):
    """A page of settings."""


class LegalSettingFilter(PageQuery):
    """Named filters of the list."""

    topic: Topic | None = None
    sector: Sector | None = None
    case_kind: CaseKind | None = None
    on: Annotated[fields.Day | None, Field(description="当日有效的参数。")] = None
    sort: Literal["valid_from", "-valid_from"] = "valid_from"
