"""“1+2+6+N”: how a township's enforcement team is made up (plan task 12)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.kit.errors import Fault
from services.kit.registers import faults
from services.kit.registers.kinds import Draft, Kind
from services.tasks_api import access
from services.tasks_api.registers import rules


class TeamModel(fields.In):
    """One captain, two deputies, six members and the others who work with them; a variant says why it differs."""

    set_up_on: Annotated[fields.Day, Field(description="组建之日。")]
    captains: Annotated[fields.Whole, Field(description="队长人数。")]
    deputies: Annotated[fields.Whole, Field(description="副队长人数。")]
    members: Annotated[fields.Whole, Field(description="队员人数。")]
    others: Annotated[fields.Whole, Field(description="协同配合人数（N）。")]
    offices: Annotated[list[fields.Line], Field(max_length=100, description="参与的镇相关口办。", default_factory=list)]
    variant: Annotated[fields.Prose | None, Field(description="与“1+2+6+N”不同之处及理由。")] = None
    ended_on: Annotated[fields.Day | None, Field(description="撤销之日。")] = None


def checks(draft: Draft[TeamModel]) -> Sequence[Fault]:
    """Of a township; a team of another size says why."""
    facts = draft.facts
    return [
        *faults.of_township(draft.unit),
        *rules.faults_of_team((facts.captains, facts.deputies, facts.members), facts.variant),
        *faults.of_order(("set_up_on", facts.set_up_on), ("ended_on", facts.ended_on)),
        *faults.of_future(draft.today, ("ended_on", facts.ended_on)),
    ]


KIND = Kind(
    key="team-models",
    path="/v1/registers/team-models/records",
    title="乡镇执法队模式",
    facts=TeamModel,
    day="set_up_on",
    grants=access.register("team_models", access.DISTRICT_OR_OWN_UNITS),
    tasks=(12,),
    checks=checks,
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "set_up_on": "2024-04-01",
        "captains": 1,
        "deputies": 2,
        "members": 6,
        "others": 11,
        "offices": ["综治办（演示）"],
    },
)
