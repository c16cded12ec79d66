"""Bodies and answers of arbitrations."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.cases_api.arbitrations import rules
from services.cases_api.conflict_declarations.rules import Kind
from services.cases_api.reviews.schemas import EXAMPLE as SHEET
from services.cases_api.reviews.schemas import ReviewIn
from services.kit import fields
from services.kit.pagination import PageQuery


class Decision(fields.In):
    """What the arbitrator holds about one disputed point, and why. `key` is that of the item or veto."""

    about: rules.About
    key: fields.Code | None = None
    reason: fields.Prose


class ArbitrationIn(ReviewIn):
    """The whole sheet of the arbitrator: what is found, and a reason for each point the reviews differ in."""

    model_config = fields.example(
        {
            **SHEET,
            "decisions": [{"about": "item", "key": "subject.two_officers", "reason": "笔录载明两名执法人员，不应扣分（示例）"}],
        }
    )

    decisions: list[Decision] = Field(default_factory=list, max_length=600)


class ArbitrationNew(fields.In):
    """A file of a drawn round whose reviews disagree and that no third person has yet."""

    model_config = fields.example(
        {"round_id": "0192f0c8-0000-7000-8000-000000000502", "case_file_id": "0192f0c8-0000-7000-8000-000000000201"}
    )

    round_id: fields.Id
    case_file_id: fields.Id


class ArbitrationDecline(fields.In):
    """Why somebody does not take the file."""

    model_config = fields.example({"reason": "本月集中办案，无法按期裁定（示例）"})

    reason: fields.Prose


class ArbitrationRecuse(ArbitrationDecline):
    """A conflict of interest, declared."""

    model_config = fields.example({"reason": "曾参与本案法制审核（示例）", "kind": "interest"})

    kind: Annotated[Literal[Kind.KIN, Kind.INTEREST, Kind.DISPUTE, Kind.OTHER], Field(description="回避事由。")] = Kind.OTHER


class Sheet(ReviewIn):
    """One of the reviews, without a name."""

    label: Annotated[str, Field(min_length=1, max_length=1, pattern="^[A-Z]$")]
    total: fields.Points | None = None
    grade: fields.Code | None = None


class CandidateOut(fields.Out):
    """A place in line."""

    account_id: fields.Id
    load: fields.Whole
    ticket: fields.Hash


class ArbitrationOut(ArbitrationIn):
    """An arbitration as read. Who reviewed is told to the arbitrator only after handing in; the line only to the bureau."""

    id: fields.Id
    round_id: fields.Id
    campaign_id: fields.Id
    rubric_id: fields.Id
    case_file_id: fields.Id
    unit_id: Annotated[fields.Id | None, Field(description="隐去单位的轮次，公布前不向复核人显示。")] = None
    number: fields.Whole
    grounds: list[rules.Ground]
    spread: Annotated[fields.Points, Field(description="当时的总分差限。")]
    sheets: list[Sheet]
    review_ids: list[fields.Id] | None = None
    seed: fields.Hash | None = None
    candidates: list[CandidateOut] | None = None
    account_id: fields.Id | None = None
    state: rules.State
    total: fields.Points | None = None
    got: fields.Points | None = None
    applicable: fields.Points | None = None
    grade: fields.Code | None = None
    content_hash: fields.Hash | None = None
    structure_hash: fields.Hash | None = None
    created_at: fields.Moment
    opened_at: fields.Moment | None = None
    saved_at: fields.Moment | None = None
    submitted_at: fields.Moment | None = None
    ended_how: rules.Ended | None = None
    ended_reason: Annotated[fields.Prose | None, Field(description="只有本人和区司法局可见。")] = None
    ended_at: fields.Moment | None = None
    allowed_actions: list[Literal["assign", "open", "save", "submit", "decline", "recuse", "void"]]
    version: fields.Whole


class ArbitrationPage(fields.Page[ArbitrationOut]):
    """A page of arbitrations."""


class ArbitrationFilter(PageQuery):
    """Named filters of the list."""

    round_id: fields.Id | None = None
    case_file_id: fields.Id | None = None
    account_id: fields.Id | None = None
    unit_id: fields.Id | None = None
    state: rules.State | None = None
    sort: Literal["created_at", "-created_at"] = "-created_at"


class ArbitrationVersionOut(ArbitrationIn):
    """A version as it was saved."""

    arbitration_id: fields.Id
    number: fields.Whole
    state: rules.State
    total: fields.Points | None = None
    grade: fields.Code | None = None
    account_id: fields.Id
    saved_at: fields.Moment


class ArbitrationVersionPage(fields.Page[ArbitrationVersionOut]):
    """A page of versions."""


class ArbitrationVersionFilter(PageQuery):
    """Versions come in the order they were saved, the newest first."""

    sort: Literal["number", "-number"] = "-number"
