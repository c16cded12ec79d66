"""Bodies and answers of random draws."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from services.kit import fields
from services.kit.draw_protocol import State
from services.kit.draw_schemas import Share, TicketNumber
from services.kit.pagination import PageQuery
from services.tasks_api.random_draws.rules import LEAST_INSPECTORS, How, Verb

Count = Annotated[int, Field(strict=True, ge=0, le=10_000, json_schema_extra={"format": "int32"})]
EntryCode = Annotated[str, Field(min_length=1, max_length=64, pattern="^[A-Za-z0-9.-]+$")]
EntryId = Annotated[str, Field(min_length=3, max_length=70, description="`O:<对象编号>` 或 `I:<人员编号>`。")]
StratumName = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00]+$")]


class DrawObjectIn(fields.In):
    """An object that may be drawn. Objects of a category are drawn among themselves."""

    code: EntryCode
    name: Annotated[fields.Line, Field(examples=["示例食品有限公司"])]
    category: Annotated[fields.Line, Field(examples=["食品经营"])] = "all"


class DrawInspectorIn(fields.In):
    """An inspector who may be drawn, by the number of the certificate or another one; never by name."""

    code: EntryCode


class RandomDrawIn(fields.In):
    """What is drawn from. The frame is frozen at once and its hash published; only then a seed is taken."""

    model_config = fields.example(
        {
            "unit_id": "0192f0c8-0000-7000-8000-000000000102",
            "year": 2025,
            "title": "2025 年食品经营双随机抽查",
            "objects": [
                {"code": "DEMO-01", "name": "示例食品有限公司", "category": "食品经营"},
                {"code": "DEMO-02", "name": "示例餐饮店", "category": "食品经营"},
            ],
            "inspectors": [{"code": "13010024001"}, {"code": "13010024002"}, {"code": "13010024003"}],
            "share_per_10000": 3000,
            "least_objects": 1,
        }
    )

    unit_id: Annotated[fields.Id, Field(description="组织抽取的单位。")]
    year: fields.Year
    title: Annotated[fields.Line, Field(examples=["2025 年食品经营双随机抽查"])]
    objects: Annotated[list[DrawObjectIn], Field(min_length=1, max_length=20_000)]
    inspectors: Annotated[list[DrawInspectorIn], Field(min_length=LEAST_INSPECTORS, max_length=5_000)]
    share_per_10000: Annotated[Share | None, Field(description="每类对象的抽取比例；缺省按参数。")] = None
    least_objects: Annotated[Count | None, Field(description="每类至少抽取的对象数；缺省按参数。")] = None
    take_inspectors: Annotated[int, Field(strict=True, ge=LEAST_INSPECTORS, le=200, json_schema_extra={"format": "int32"})] = (
        LEAST_INSPECTORS
    )


class SubstituteIn(fields.In):
    """Somebody who cannot take part (recusal) or an object that cannot be inspected, and why."""

    model_config = fields.example({"id": "I:13010024002", "reason": "与检查对象有利害关系，回避（示例）"})

    id: EntryId
    reason: fields.Line


class VoidIn(fields.In):
    """Why the draw is void; may stand in `X-Change-Reason`."""

    model_config = fields.example({"note": "名单录入有误，重新抽取（示例）"})

    note: fields.Line | None = None


class DrawnOut(fields.Out):
    """An entry of the sample with its ticket; `place` is its rank in the order of its stratum."""

    id: EntryId
    name: fields.Line | None = None
    place: fields.Whole
    ticket: TicketNumber
    how: How


class DrawStratumOut(fields.Out):
    """A stratum with its sample. `cutoff` is the last ticket of the draw."""

    stratum: StratumName
    files: Annotated[fields.Whole, Field(description="该组总数。")]
    take: fields.Whole
    cutoff: TicketNumber | None = None
    drawn: Annotated[list[DrawnOut], Field(max_length=25_000)]


class DrawCommitmentOut(fields.Out):
    """A witness: what was committed to, and the nonce once revealed."""

    account_id: fields.Id
    nonce_sha256: fields.Hash
    committed_at: fields.Moment
    nonce: Annotated[str | None, Field(max_length=200)] = None
    revealed_at: fields.Moment | None = None


class DrawSubstitutionOut(fields.Out):
    """One taken out of the sample, and the one in its place."""

    stratum: StratumName
    out_id: EntryId
    in_id: EntryId
    reason: fields.Line
    account_id: fields.Id
    made_at: fields.Moment


class DrawEntryOut(fields.Out):
    """An entry of the frame."""

    id: EntryId
    stratum: StratumName


class DrawFrameOut(fields.Out):
    """The frame as canonical JSON (RFC 8785), sorted by id."""

    files: Annotated[list[DrawEntryOut], Field(max_length=25_000)]


class RandomDrawSummaryOut(fields.Out):
    """A draw in a list."""

    id: fields.Id
    district_id: fields.Id
    unit_id: fields.Id
    year: fields.Year
    title: fields.Line
    state: State
    frame_sha256: fields.Hash
    frame_size: fields.Whole
    terms: dict[str, Any]
    terms_sha256: fields.Hash
    frozen_at: fields.Moment
    frozen_by: fields.Id
    seed: Annotated[str | None, Field(max_length=100)] = None
    seed_source: fields.Line | None = None
    seeded_at: fields.Moment | None = None
    sample_size: fields.Whole | None = None
    drawn_at: fields.Moment | None = None
    voided_at: fields.Moment | None = None
    void_reason: fields.Line | None = None
    allowed_actions: Annotated[list[Verb], Field(max_length=len(Verb))]
    version: fields.Whole


class RandomDrawOut(RandomDrawSummaryOut):
    """The whole record. Saved to a file, `docs/verify_draw.py` and `./zhifa draws verify` check it offline."""

    algorithm: fields.Line
    excluded: Annotated[list[DrawEntryOut], Field(max_length=0, description="双随机名单不作排除。")]
    excluded_sha256: fields.Hash
    commitments: Annotated[list[DrawCommitmentOut], Field(max_length=200)]
    strata: Annotated[list[DrawStratumOut], Field(max_length=25_000)]
    substitutions: Annotated[list[DrawSubstitutionOut], Field(max_length=25_000)]
    growths: Annotated[list[DrawEntryOut], Field(max_length=0)]
    frame: DrawFrameOut


class RandomDrawPage(fields.Page[RandomDrawSummaryOut]):
    """A page of draws."""


class RandomDrawFilter(PageQuery):
    """Named filters of the list."""

    unit_id: fields.Id | None = None
    year: fields.QueryYear | None = None
    state: State | None = None
    sort: Literal["frozen_at", "-frozen_at"] = "-frozen_at"
