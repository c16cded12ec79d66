"""Bodies and answers of discretion benchmarks."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.cases_api.discretion_benchmarks.rules import Opinion, State, Trigger
from services.kit import fields
from services.kit.pagination import PageQuery

Item = Annotated[fields.Line, Field(description="事项名称或编码；同一单位同一事项的各版本相同。", examples=["擅自占用城市道路"])]
Bases = Annotated[list[fields.Line], Field(min_length=1, max_length=20, description="依据的条款。")]
Files = Annotated[list[fields.Id], Field(max_length=20, description="基准文本等附件，须先上传。")]


class Band(fields.In):
    """A band (档次): under which circumstances which penalty. Fines in fen; both ends equal with 零幅度."""

    key: Annotated[fields.Code, Field(description="档次代码。", examples=["light"])]
    circumstance: Annotated[fields.Line, Field(description="适用情形。", examples=["初次违法且及时改正"])]
    penalty: Annotated[fields.Line, Field(description="处罚种类。", examples=["罚款"])]
    low_fen: Annotated[fields.Fen | None, Field(description="罚款下限，分。")] = None
    high_fen: Annotated[fields.Fen | None, Field(description="罚款上限，分。")] = None


Bands = Annotated[list[Band], Field(max_length=50)]


class BenchmarkIn(fields.In):
    """A new version, as a draft."""

    model_config = fields.example(
        {
            "unit_id": "0192f0c8-0000-7000-8000-000000000102",
            "item": "占道经营（演示）",
            "title": "占道经营行政处罚裁量权基准（演示）",
            "legal_bases": ["《示例条例》第一条"],
            "bands": [
                {
                    "key": "light",
                    "circumstance": "初次违法且及时改正（演示）",
                    "penalty": "罚款",
                    "low_fen": 40000,
                    "high_fen": 60000,
                }
            ],
            "in_force_from": "2025-01-01",
        }
    )

    unit_id: fields.Id
    item: Item
    title: Annotated[fields.Line, Field(examples=["擅自占用城市道路行政处罚裁量权基准（演示）"])]
    legal_bases: Bases
    zero_range: Annotated[fields.Flag, Field(description="是否零幅度：每一档次只有一个数额。")] = False
    bands: Bands = Field(default=[], max_length=50)
    trigger: Annotated[Trigger, Field(description="制定或调整的原因。")] = Trigger.FIRST
    trigger_note: fields.Line | None = None
    replaces_id: Annotated[fields.Id | None, Field(description="所替代的版本。")] = None
    in_force_from: fields.Day
    in_force_to: Annotated[fields.Day | None, Field(description="最后施行之日。")] = None
    attachment_ids: Files = Field(default=[], max_length=20)


class BenchmarkChange(fields.In):
    """What may be changed in a draft; a list sent replaces the whole."""

    model_config = fields.example(
        {
            "bands": [
                {
                    "key": "light",
                    "circumstance": "初次违法且及时改正（演示）",
                    "penalty": "罚款",
                    "low_fen": 40000,
                    "high_fen": 60000,
                }
            ],
            "in_force_from": "2025-02-01",
        }
    )

    title: fields.Line | None = None
    legal_bases: Bases | None = None
    zero_range: fields.Flag | None = None
    bands: Bands | None = None
    trigger_note: fields.Line | None = None
    in_force_from: fields.Day | None = None
    in_force_to: fields.Day | None = None


class PublishIn(fields.In):
    """When and where the version was made public."""

    model_config = fields.example({"published_on": "2024-12-20", "public_address": "区政府门户网站（演示）"})

    published_on: fields.Day
    public_address: Annotated[fields.Line, Field(description="公布网址或文号。")]


class RepealIn(fields.In):
    """The last day in force, and why."""

    model_config = fields.example({"in_force_to": "2025-12-31", "reason": "依据修改（演示）"})

    in_force_to: fields.Day
    reason: fields.Line


class DropIn(fields.In):
    """Why a draft is given up."""

    model_config = fields.example({"reason": "重复起草（演示）"})

    reason: fields.Line


class FileIn(fields.In):
    """When the version was sent to the bureau."""

    model_config = fields.example({"filed_on": "2024-12-30"})

    filed_on: fields.Day


class ReceiveIn(fields.In):
    """The bureau's answer to a filing."""

    model_config = fields.example({"received_on": "2025-01-03", "filing_no": "示备〔2025〕1号", "opinion": "noted"})

    received_on: fields.Day
    filing_no: Annotated[fields.Line, Field(description="备案登记号。")]
    opinion: Annotated[Opinion, Field(description="noted 准予备案；amend 要求修改。")]
    opinion_text: Annotated[fields.Prose | None, Field(max_length=2000)] = None


class FilingOut(fields.Out):
    """Where the filing with the bureau stands; `lag_days` counts calendar days from publication to sending."""

    state: Literal["not_due", "owed", "late", "filed", "filed_late", "received"]
    due_on: fields.Day | None = None
    filed_on: fields.Day | None = None
    lag_days: fields.Whole | None = None
    received_on: fields.Day | None = None
    filing_no: fields.Line | None = None
    opinion: Opinion | None = None
    opinion_text: fields.Prose | None = None


class BenchmarkOut(fields.Out):
    """A version as read. `change_due_since`: a law it is founded on changed after it came into force."""

    id: fields.Id
    district_id: fields.Id
    unit_id: fields.Id
    item: Item
    title: fields.Line
    legal_bases: list[fields.Line] = Field(max_length=20)
    zero_range: fields.Flag
    bands: list[Band] = Field(max_length=50)
    trigger: Trigger
    trigger_note: fields.Line | None = None
    replaces_id: fields.Id | None = None
    in_force_from: fields.Day
    in_force_to: fields.Day | None = None
    state: State
    published_on: fields.Day | None = None
    public_address: fields.Line | None = None
    filing: FilingOut
    change_due_since: fields.Day | None = None
    attachment_ids: list[fields.Id] = Field(max_length=20)
    allowed_actions: list[Literal["change", "publish", "drop", "repeal", "file", "receive"]] = Field(max_length=6)
    version: fields.Whole
    created_at: fields.Moment


class BenchmarkPage(fields.Page[BenchmarkOut]):
    """A page of versions."""


class BenchmarkFilter(PageQuery):
    """Named filters; `in_force_on` answers which version holds on a day."""

    unit_id: fields.Id | None = None
    item: fields.Line | None = None
    state: State | None = None
    in_force_on: fields.Day | None = None
    change_due: bool | None = None
    filing_owed: bool | None = None
    sort: Literal["-in_force_from", "in_force_from"] = "-in_force_from"


class LawChangeIn(fields.In):
    """A law, regulation or rule that changed; the text is that of `legal_bases`."""

    model_config = fields.example({"legal_basis": "某市示例管理条例", "changed_on": "2025-03-01", "note": "罚款幅度调整（演示）"})

    legal_basis: fields.Line
    changed_on: fields.Day
    note: fields.Line | None = None


class LawChangeOut(LawChangeIn):
    """A change of law as read, with how many versions in force it makes due."""

    id: fields.Id
    district_id: fields.Id
    benchmarks_due: fields.Whole
    created_by: fields.Id
    created_at: fields.Moment


class LawChangePage(fields.Page[LawChangeOut]):
    """A page of changes of law."""


class LawChangeFilter(PageQuery):
    """Named filters of the list."""

    legal_basis: fields.Line | None = None
    sort: Literal["-changed_on", "changed_on"] = "-changed_on"
