"""基层试点: uniforms and signs, and premises for handling cases (plan task 11)."""

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


class TownshipPilotMatter(Word):
    """What is tried."""

    UNIFORM = "uniform", "统一着装"
    PREMISES = "premises", "办公场所"


class TownshipPilot(fields.In):
    """A pilot of a township."""

    started_on: Annotated[fields.Day, Field(description="开始之日。")]
    subject_matter: Annotated[TownshipPilotMatter, Field(description="试点内容。")]
    description: Annotated[fields.Prose, Field(description="试点情况。")]
    finished_on: Annotated[fields.Day | None, Field(description="完成之日。")] = None
    accepted_on: Annotated[fields.Day | None, Field(description="验收之日。")] = None


def checks(draft: Draft[TownshipPilot]) -> Sequence[Fault]:
    """In the order of its days."""
    facts = draft.facts
    return [
        *faults.of_township(draft.unit),
        *faults.of_order(
            ("started_on", facts.started_on), ("finished_on", facts.finished_on), ("accepted_on", facts.accepted_on)
        ),
        *faults.of_future(draft.today, ("finished_on", facts.finished_on), ("accepted_on", facts.accepted_on)),
    ]


KIND = Kind(
    key="township-pilots",
    path="/v1/registers/township-pilots/records",
    title="基层综合执法试点",
    facts=TownshipPilot,
    day="started_on",
    filters=("subject_matter",),
    grants=access.register("township_pilots", access.DISTRICT_OR_OWN_UNITS),
    tasks=(11,),
    checks=checks,
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "started_on": "2025-02-20",
        "subject_matter": "premises",
        "description": "规范化办案场所建设（演示）。",
    },
)
