"""监督制度: rules of supervision, and measures taken to build it (plan tasks 16, 17)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.kit.registers.kinds import Kind
from services.kit.registers.words import Word
from services.tasks_api import access


class SupervisionRuleMatter(Word):
    """A rule of supervision, or a measure to build it."""

    RULE = "rule", "制度"
    MEASURE = "measure", "举措"


class SupervisionRule(fields.In):
    """A rule or measure."""

    adopted_on: Annotated[fields.Day, Field(description="印发之日。")]
    matter: Annotated[SupervisionRuleMatter, Field(description="类别。")]
    title: Annotated[fields.Line, Field(description="名称。")]
    document_no: Annotated[fields.Line | None, Field(description="文号。")] = None
    summary: Annotated[fields.Prose, Field(description="主要内容。")]


KIND = Kind(
    key="supervision-rules",
    path="/v1/registers/supervision-rules/records",
    title="监督制度和举措",
    facts=SupervisionRule,
    day="adopted_on",
    filters=("matter",),
    grants=access.register("supervision_rules", access.EVERYONE_IN_DISTRICT),
    tasks=(16, 17),
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "adopted_on": "2024-12-10",
        "matter": "rule",
        "title": "行政执法监督工作规则（演示）",
        "summary": "明确监督方式和程序（演示）。",
    },
)
