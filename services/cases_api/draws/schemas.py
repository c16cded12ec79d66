"""Bodies and answers of draws."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from services.cases_api.draws import rules
from services.cases_api.kinds import CaseKind
from services.kit import fields
from services.kit.draw_schemas import Share, TicketNumber
from services.kit.pagination import PageQuery

Count = Annotated[int, Field(strict=True, ge=0, le=1_000_000, json_schema_extra={"format": "int32"})]
FrameId = Annotated[str, Field(min_length=3, max_length=300, description="`<单位代码>/<案号>`，已规范化。")]
Stratum = Annotated[
    str,
    Field(
        min_length=1,
        max_length=200,
        pattern=r"^[^\x00]+$",
        description="评查为 `<单位代码>/<类别>/<程序>`，跟案指导为乡镇（街道）代码。",
    ),
]


class Quota(fields.In):
    """How many of a stratum are drawn: the share, but no fewer than `min` and no more than `max`; all where there are fewer."""

    share_per_10000: Share
    min: Count = 0
    max: Count | None = None


class Match(fields.In):
    """The strata an override is for; what is left out fits all."""

    unit: Annotated[fields.Code | None, Field(description="单位代码。")] = None
    kind: CaseKind | None = None
    procedure: Literal["ordinary", "summary", "fast"] | None = None


class Override(Quota):
    """Another quota for some strata; of several that fit, the first holds."""

    match: Match


class DrawIn(fields.In):
    """The frame the caller believes to draw from; another one is refused."""

    model_config = fields.example({"frame_sha256": "6a2f1c0d9b8e7f5a4c3b2d1e0f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d3e2f1a"})

    frame_sha256: fields.Hash | None = None


class StratumCount(fields.Out):
    """A stratum without names: its files, and how many of them are drawn."""

    stratum: Stratum
    files: fields.Whole
    take: fields.Whole


class FrozenOut(fields.Out):
    """What is published before the seed: hashes and counts, never names."""

    draw_id: fields.Id
    draw_url: str
    state: rules.State
    frame_sha256: fields.Hash
    frame_size: fields.Whole
    frame_url: str
    terms_sha256: fields.Hash
    excluded_sha256: fields.Hash
    excluded_size: fields.Whole
    frozen_at: fields.Moment
    strata: list[StratumCount]
    sample_size: fields.Whole
    commitments: fields.Whole
    reveals: fields.Whole
    seed: str | None = None
    seed_source: str | None = None
    seeded_at: fields.Moment | None = None
    drawn_at: fields.Moment | None = None


class FrameEntry(fields.Out):
    """A file of the frame."""

    id: FrameId
    stratum: Stratum


class FrameOut(fields.Out):
    """The frame as canonical JSON (RFC 8785), sorted by id."""

    files: list[FrameEntry]


class ExcludedFile(FrameEntry):
    """A closed file that fits and is left out, with the reason."""

    reason: fields.Line


class DrawnFile(fields.Out):
    """A file of the sample with its ticket; `place` is its rank in the order of its stratum."""

    id: FrameId
    case_file_id: fields.Id
    place: fields.Whole
    ticket: TicketNumber
    how: rules.How


class DrawnStratum(StratumCount):
    """A stratum with its sample. `cutoff` is the last ticket of the draw."""

    cutoff: TicketNumber | None = None
    drawn: list[DrawnFile]


class CommitmentOut(fields.Out):
    """A witness: what was committed to, and the nonce once revealed."""

    account_id: fields.Id
    nonce_sha256: fields.Hash
    committed_at: fields.Moment
    nonce: str | None = None
    revealed_at: fields.Moment | None = None


class SubstitutionOut(fields.Out):
    """A file taken out of the sample, and the one in its place; none when its stratum is used up."""

    stratum: Stratum
    out_id: FrameId
    in_id: FrameId | None = None
    reason: fields.Line
    account_id: fields.Id
    made_at: fields.Moment


class GrowthOut(fields.Out):
    """Terms under which the sample was grown."""

    terms: dict[str, Any]
    added: fields.Whole
    reason: fields.Line
    account_id: fields.Id
    made_at: fields.Moment


class DrawSummary(fields.Out):
    """A draw in a list."""

    id: fields.Id
    district_id: fields.Id
    purpose: rules.Purpose
    subject_id: Annotated[fields.Id, Field(description="所属评查轮次或跟案指导轮次。")]
    state: rules.State
    frame_sha256: fields.Hash
    frame_size: fields.Whole
    frame_url: str
    terms: dict[str, Any]
    terms_sha256: fields.Hash
    excluded_sha256: fields.Hash
    frozen_at: fields.Moment
    frozen_by: fields.Id
    seed: str | None = None
    seed_source: str | None = None
    seeded_at: fields.Moment | None = None
    seeded_by: fields.Id | None = None
    sample_size: fields.Whole | None = None
    drawn_at: fields.Moment | None = None
    drawn_by: fields.Id | None = None
    voided_at: fields.Moment | None = None
    voided_by: fields.Id | None = None
    void_reason: fields.Prose | None = None
    version: fields.Whole


class DrawOut(DrawSummary):
    """The whole record. Saved to a file, `docs/verify_draw.py` and `./zhifa reviews verify-draw` check it offline."""

    algorithm: str
    earlier_draws: Annotated[list[fields.Id], Field(description="同一轮次此前作废的抽取。")]
    excluded: list[ExcludedFile]
    commitments: list[CommitmentOut]
    strata: list[DrawnStratum]
    substitutions: list[SubstitutionOut]
    growths: list[GrowthOut]
    frame: FrameOut


class DrawPage(fields.Page[DrawSummary]):
    """A page of draws."""


class DrawFilter(PageQuery):
    """Named filters of the list."""

    subject_id: fields.Id | None = None
    purpose: rules.Purpose | None = None
    state: rules.State | None = None
    sort: Literal["frozen_at", "-frozen_at"] = "-frozen_at"


class TicketOut(fields.Out):
    """A file of the frame with its ticket, in the order of its stratum."""

    id: FrameId
    place: fields.Whole
    ticket: TicketNumber


class TicketPage(fields.Page[TicketOut]):
    """A page of tickets."""


class TicketFilter(PageQuery):
    """All tickets of one stratum, drawn or not, the smallest first."""

    stratum: Stratum
