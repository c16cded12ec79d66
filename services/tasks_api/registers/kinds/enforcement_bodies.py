"""行政执法主体: bodies that enforce, as found when they were sorted out (plan task 10)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.kit.errors import Fault
from services.kit.registers import faults
from services.kit.registers.kinds import Draft, Kind
from services.kit.registers.words import Word
from services.tasks_api import access
from services.tasks_api.registers import rules


class EnforcementBodyOrigin(Word):
    """By what it may act; `merged` is an office and a team in one (局队合一)."""

    STATUTORY = "statutory", "法定"
    AUTHORISED = "authorised", "授权"
    ENTRUSTED = "entrusted", "委托"
    MERGED = "merged", "局队合一"


class EnforcementBodyResult(Word):
    """Kept, adjusted or struck off."""

    KEEP = "keep", "保留"
    ADJUST = "adjust", "调整"
    CANCEL = "cancel", "取消"


class EnforcementBody(fields.In):
    """A body and what came of looking at it."""

    reviewed_on: Annotated[fields.Day, Field(description="清理之日。")]
    name: Annotated[fields.Line, Field(description="主体名称。")]
    origin: Annotated[EnforcementBodyOrigin, Field(description="主体性质。")]
    basis: Annotated[fields.Line, Field(description="设立或授权依据。")]
    credit_code: Annotated[fields.Line | None, Field(description="统一社会信用代码。")] = None
    result: Annotated[EnforcementBodyResult, Field(description="清理结果。")]
    measures: Annotated[fields.Prose | None, Field(description="调整措施。")] = None
    published_on: Annotated[fields.Day | None, Field(description="公告之日。")] = None


def checks(draft: Draft[EnforcementBody]) -> Sequence[Fault]:
    """A change says how; a right code; public after it."""
    facts = draft.facts
    return [
        *faults.of_missing(facts.result is not EnforcementBodyResult.KEEP, [("measures", facts.measures)]),
        *rules.faults_of_credit_code("credit_code", facts.credit_code),
        *faults.of_order(("reviewed_on", facts.reviewed_on), ("published_on", facts.published_on)),
        *faults.of_future(draft.today, ("published_on", facts.published_on)),
    ]


KIND = Kind(
    key="enforcement-bodies",
    path="/v1/registers/enforcement-bodies/records",
    title="行政执法主体清理",
    facts=EnforcementBody,
    day="reviewed_on",
    filters=("origin", "result"),
    grants=access.register("enforcement_bodies", access.EVERYONE_IN_DISTRICT),
    tasks=(10,),
    checks=checks,
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "reviewed_on": "2025-03-01",
        "name": "示例镇综合行政执法队（演示）",
        "origin": "entrusted",
        "basis": "《行政处罚法》第二十条",
        "result": "keep",
        "published_on": "2025-03-20",
    },
)
