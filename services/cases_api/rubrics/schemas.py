"""Bodies and answers of rubrics."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import Field

from services.cases_api.case_files.rules import contents
from services.cases_api.kinds import CaseKind
from services.cases_api.rubrics import rules
from services.kit import fields
from services.kit.pagination import PageQuery

Key = Annotated[fields.Code, Field(description="在同一标准内唯一，发布后用于逐项评分。", examples=["subject.two_officers"])]
Source = Annotated[fields.Line | None, Field(description="依据：法名与条文。", examples=["行政处罚法第42条"])]
Kinds = Annotated[list[CaseKind] | None, Field(min_length=1, max_length=10, description="适用的案卷类别；缺省为全部")]
Procedures = Annotated[list[contents.Procedure] | None, Field(min_length=1, max_length=10, description="适用的程序；缺省为全部")]


Checks = Annotated[
    list[fields.Code] | None,
    Field(min_length=1, max_length=20, description="自动核查规则编号；其发现列在该项旁供参考，不计分。", examples=[["P07"]]),
]
EXAMPLE: Final[dict[str, Any]] = {
    "title": "行政处罚案卷评查标准（示例）",
    "basis": "示例评查办法",
    "assumed": True,
    "kinds": ["penalty"],
    "blocks": [
        {
            "key": "subject",
            "title": "执法主体",
            "points": 40,
            "items": [
                {
                    "key": "subject.two_officers",
                    "text": "由两名以上具有执法资格的人员办理",
                    "points": 40,
                    "source": "行政处罚法第42条",
                    "checks": ["P07"],
                    "deductions": [{"key": "subject.two_officers.one", "text": "只有一名执法人员签名", "points": 40}],
                }
            ],
        },
        {
            "key": "process",
            "title": "程序",
            "points": 60,
            "items": [
                {
                    "key": "delivery.receipt",
                    "text": "有送达回证并注明日期",
                    "points": 40,
                    "deductions": [{"key": "delivery.receipt.undated", "text": "未注明签收日期", "points": 2.5}],
                },
                {"key": "hearing.record", "text": "听证笔录经签字", "points": 20, "may_not_apply": True},
            ],
        },
    ],
    "vetoes": [{"key": "veto.no_authority", "text": "无执法权限", "level": "zero"}],
    "grades": [
        {"key": "excellent", "title": "优秀", "threshold": 90},
        {"key": "passed", "title": "合格", "threshold": 60},
        {"key": "failed", "title": "不合格", "threshold": 0},
    ],
}


class DeductionRule(fields.In):
    """What takes points from an item (扣分项), and at most how many at a time."""

    key: Key
    text: fields.Prose
    points: fields.Points


class RubricItem(fields.In):
    """One scored item. Deductions stop at its points (扣完为止)."""

    key: Key
    text: fields.Prose
    points: fields.Points
    source: Source = None
    may_not_apply: Annotated[fields.Flag, Field(description="评查人可说明理由标为不适用，该项不计入应得分。")] = False
    kinds: Kinds = None
    procedures: Procedures = None
    checks: Checks = None
    deductions: list[DeductionRule] = Field(default_factory=list, max_length=50)


class RubricBlock(fields.In):
    """Items under one heading. Its points are at most the sum of its items'; its deductions stop there."""

    key: Key
    title: fields.Line
    points: fields.Points
    items: Annotated[list[RubricItem], Field(min_length=1, max_length=100)]


class VetoItem(fields.In):
    """A defect that overrides the points (一票否决项)."""

    key: Key
    text: fields.Prose
    level: rules.Level
    source: Source = None
    kinds: Kinds = None
    procedures: Procedures = None
    checks: Checks = None


class GradeBand(fields.In):
    """A grade (等次) and the least total it takes."""

    key: Key
    title: fields.Line
    threshold: fields.Points


class RubricIn(fields.In):
    """The content of a rubric: what is hashed, and never changes once published. Grades run from the best to the worst."""

    model_config = fields.example(EXAMPLE)

    title: Annotated[fields.Line, Field(examples=["行政处罚案卷评查标准"])]
    basis: Annotated[fields.Prose | None, Field(description="制定依据。")] = None
    assumed: Annotated[fields.Flag, Field(description="推定的标准，待主管部门核定。")] = False
    kinds: Kinds = None
    procedures: Procedures = None
    blocks: Annotated[list[RubricBlock], Field(min_length=1, max_length=50)]
    vetoes: list[VetoItem] = Field(default_factory=list, max_length=100)
    grades: Annotated[list[GradeBand], Field(min_length=2, max_length=10)]


class RubricNew(RubricIn):
    """A new draft; `replaces_id` names the published rubric that its publication supersedes."""

    model_config = fields.example({**EXAMPLE, "replaces_id": "0192f0c8-0000-7000-8000-000000000504"})

    replaces_id: fields.Id | None = None


class RubricOut(RubricIn):
    """A rubric as read. `content_hash` is the SHA-256 of its content as canonical JSON (RFC 8785)."""

    id: fields.Id
    district_id: fields.Id
    replaces_id: fields.Id | None = None
    state: rules.State
    content_hash: fields.Hash
    structure_hash: fields.Hash
    created_at: fields.Moment
    published_at: fields.Moment | None = None
    superseded_at: fields.Moment | None = None
    allowed_actions: list[Literal["change", "publish", "supersede"]]
    version: fields.Whole


class RubricPage(fields.Page[RubricOut]):
    """A page of rubrics."""


class RubricFilter(PageQuery):
    """Named filters of the list."""

    state: rules.State | None = None
    kind: CaseKind | None = None
    content_hash: fields.Hash | None = None
    sort: Literal["created_at", "-created_at"] = "-created_at"
