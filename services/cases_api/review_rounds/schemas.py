"""Bodies and answers of review rounds."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.cases_api.case_files.rules import contents
from services.cases_api.draws.schemas import Override, Quota
from services.cases_api.kinds import CaseKind
from services.cases_api.review_rounds import rules
from services.kit import fields
from services.kit.pagination import PageQuery

PerFile = Annotated[int, Field(strict=True, ge=1, le=5, description="每卷评查人数。", json_schema_extra={"format": "int32"})]
LegalPerFile = Annotated[
    int,
    Field(strict=True, ge=0, le=5, description="其中具备法制审核资格的人数。", json_schema_extra={"format": "int32"}),
]
Kinds = Annotated[list[CaseKind], Field(min_length=1, max_length=10, description="只抽这些类别；缺省为评查标准适用的全部")]
Procedures = Annotated[list[contents.Procedure], Field(min_length=1, max_length=10, description="只抽这些程序")]
Excluded = Annotated[list["ExcludedIn"], Field(max_length=500, description="不列入抽样范围的案卷，须说明理由。")]
Overrides = Annotated[list[Override], Field(max_length=100, description="对部分层另定比例；先列先用。")]
HideUnits = Annotated[fields.Flag, Field(description="对评查人隐去案卷所属单位，直至公布。")]


class ExcludedIn(fields.In):
    """A file left out of the frame, with the reason."""

    case_file_id: fields.Id
    reason: fields.Line


class SamplingChange(fields.In):
    """What a cross review or a sample is drawn from, and how; what is left out stays or is filled in from the settings."""

    model_config = fields.example({"quota": {"share_per_10000": 1000, "min": 2, "max": 20}, "hide_units": True})

    closed_from: Annotated[fields.Day | None, Field(description="结案日期自；缺省为评查活动年度的首日。")] = None
    closed_to: Annotated[fields.Day | None, Field(description="结案日期至；缺省为评查活动年度的末日。")] = None
    kinds: Kinds | None = None
    procedures: Procedures | None = None
    excluded: Excluded | None = None
    quota: Quota | None = None
    overrides: Overrides | None = None
    hide_units: HideUnits | None = None
    reviewers_per_file: PerFile | None = None
    legal_reviewers: LegalPerFile | None = None


class ReviewRoundIn(SamplingChange):
    """A new round of an open campaign. Without `unit_id` it takes files of all units of the district.

    The other fields are for cross reviews and samples alone.
    """

    model_config = fields.example(
        {
            "campaign_id": "0192f0c8-0000-7000-8000-000000000501",
            "mode": "cross",
            "closed_from": "2025-01-01",
            "closed_to": "2025-06-30",
            "kinds": ["penalty"],
            "quota": {"share_per_10000": 1000, "min": 2, "max": 20},
            "reviewers_per_file": 2,
            "legal_reviewers": 1,
        }
    )

    campaign_id: fields.Id
    mode: rules.Mode
    unit_id: fields.Id | None = None


class SamplingOut(fields.Out):
    """What is drawn from, and how."""

    closed_from: fields.Day
    closed_to: fields.Day
    kinds: Kinds | None = None
    procedures: Procedures | None = None
    excluded: Excluded
    quota: Quota
    overrides: Overrides


class ReviewRoundOut(fields.Out):
    """A round as read, with the number of files given out and of those reviewed."""

    id: fields.Id
    district_id: fields.Id
    unit_id: fields.Id | None = None
    campaign_id: fields.Id
    mode: rules.Mode
    state: rules.State
    sampling: SamplingOut | None = None
    hide_units: HideUnits
    reviewers_per_file: PerFile
    legal_reviewers: LegalPerFile
    draw_id: fields.Id | None = None
    files: fields.Whole
    submitted: fields.Whole
    created_at: fields.Moment
    assigned_at: fields.Moment | None = None
    published_at: fields.Moment | None = None
    closed_at: fields.Moment | None = None
    voided_at: fields.Moment | None = None
    void_reason: fields.Prose | None = None
    allowed_actions: list[
        Literal[
            "change", "freeze", "seed", "commit", "reveal", "draw", "void_draw", "substitute", "grow", "assign", "publish",
            "close", "void",
        ]
    ]  # fmt: skip
    version: fields.Whole


class ReviewRoundPage(fields.Page[ReviewRoundOut]):
    """A page of rounds."""


class ReviewRoundFilter(PageQuery):
    """Named filters of the list."""

    campaign_id: fields.Id | None = None
    unit_id: fields.Id | None = None
    mode: rules.Mode | None = None
    state: rules.State | None = None
    sort: Literal["created_at", "-created_at"] = "-created_at"
