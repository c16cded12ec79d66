"""应诉培训: trainings and case seminars on litigation and reconsideration (plan task 19)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.kit.errors import Fault
from services.kit.registers.kinds import Draft, Kind
from services.kit.registers.words import Word
from services.tasks_api import access
from services.tasks_api.registers import rules


class LitigationTrainingForm(Word):
    """Training, seminar, or watching a court sit."""

    TRAINING = "training", "培训"
    SEMINAR = "seminar", "研讨"
    COURT_OBSERVATION = "court_observation", "旁听庭审"


class LitigationTraining(fields.In):
    """One event."""

    held_on: Annotated[fields.Day, Field(description="举办之日。")]
    form: Annotated[LitigationTrainingForm, Field(description="形式。")]
    topic: Annotated[fields.Line, Field(description="主题。")]
    attendees: Annotated[fields.Whole, Field(ge=1, description="参加人数。")]
    leaders: Annotated[fields.Whole, Field(description="其中负责人人数。")]


def checks(draft: Draft[LitigationTraining]) -> Sequence[Fault]:
    """Leaders are some of those who attended."""
    facts = draft.facts
    return [
        *rules.faults_of_part("leaders", facts.leaders, facts.attendees),
    ]


KIND = Kind(
    key="litigation-trainings",
    path="/v1/registers/litigation-trainings/records",
    title="应诉培训和案例研讨",
    facts=LitigationTraining,
    day="held_on",
    filters=("form",),
    grants=access.register("litigation_trainings", access.DISTRICT_OR_OWN_UNITS),
    tasks=(19,),
    checks=checks,
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "held_on": "2025-07-10",
        "form": "seminar",
        "topic": "败诉案件研讨（演示）",
        "attendees": 30,
        "leaders": 8,
    },
)
