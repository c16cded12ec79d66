"""典型案例: model cases, published without identities (plan task 16)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from services.cases_api import access
from services.cases_api.case_records import queries
from services.kit import fields
from services.kit.errors import Fault
from services.kit.registers import faults
from services.kit.registers.kinds import Draft, Kind
from services.kit.registers.words import Word


class Lesson(Word):
    """Shown as a model, or as a warning."""

    MODEL = "model", "示范"
    WARNING = "warning", "警示"


class TypicalCase(fields.In):
    """A case told so that others learn from it. No names, no numbers that tell a person."""

    selected_on: Annotated[fields.Day, Field(description="入选之日。")]
    lesson: Annotated[Lesson, Field(description="案例性质：示范或警示。")]
    title: Annotated[fields.Line, Field(description="标题，不写姓名和单位全称。")]
    summary: Annotated[fields.Prose, Field(description="案情，须隐去身份信息。")]
    significance: Annotated[fields.Prose, Field(description="典型意义。")]
    published_on: Annotated[fields.Day | None, Field(description="发布之日。")] = None
    channel: Annotated[fields.Line | None, Field(description="发布渠道。")] = None
    case_file_id: Annotated[fields.Id | None, Field(description="来源案卷；不随案例公开。")] = None


def checks(draft: Draft[TypicalCase]) -> Sequence[Fault]:
    """Selected, then published, where; nothing in its texts tells a person."""
    facts = draft.facts
    texts = [(name, getattr(facts, name)) for name in ("title", "summary", "significance")]
    return [
        *faults.of_order(("selected_on", facts.selected_on), ("published_on", facts.published_on)),
        *faults.of_future(draft.today, ("published_on", facts.published_on)),
        *faults.of_missing(facts.published_on is not None, [("channel", facts.channel)]),
        *faults.of_numbers(*texts),
    ]


KIND = Kind(
    key="typical-cases",
    path="/v1/typical-cases",
    title="典型案例",
    facts=TypicalCase,
    day="selected_on",
    subject="case_file_id",
    filters=("lesson",),
    grants=access.SURROUNDINGS["typical_cases"],
    tasks=(16,),
    checks=checks,
    verify=queries.case_file_of_unit,
    lookups={"case_file_id": queries.CASE_NUMBER},
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "selected_on": "2025-09-01",
        "lesson": "model",
        "title": "说理式处罚决定书的运用（演示）",
        "summary": "当事人占道经营，执法人员先行劝导……（演示）",
        "significance": "裁量说理充分。",
    },
)
