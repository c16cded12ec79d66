"""行政争议调解: mediation of administrative disputes (plan task 15, 一庭两所一中心)."""

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


class Stage(Word):
    """When the dispute was mediated."""

    ENFORCEMENT = "enforcement", "执法阶段"
    RECONSIDERATION = "reconsideration", "复议阶段"
    LITIGATION = "litigation", "诉讼阶段"
    EXECUTION = "execution", "执行阶段"


class Venue(Word):
    """Who mediated: court, police station, judicial office, mediation centre, or the organ itself."""

    COURT = "court", "法院"
    POLICE_STATION = "police_station", "派出所"
    JUDICIAL_OFFICE = "judicial_office", "司法所"
    CENTRE = "centre", "行政争议调解中心"
    ORGAN = "organ", "执法机关"


class Result(Word):
    """What it came to."""

    AGREED = "agreed", "达成协议"
    FAILED = "failed", "未达成"
    ONGOING = "ongoing", "调解中"


class Mediation(fields.In):
    """Facts of a mediation. No names: the file holds them."""

    mediated_on: Annotated[fields.Day, Field(description="调解日期。")]
    stage: Annotated[Stage, Field(description="调解所处阶段。")]
    venue: Annotated[Venue, Field(description="主持调解的机构。")]
    method: Annotated[fields.Line | None, Field(description="调解方式。")] = None
    matter: Annotated[fields.Line, Field(description="争议事项，不写姓名。")]
    result: Annotated[Result, Field(description="结果。")]
    ended_on: Annotated[fields.Day | None, Field(description="达成协议或终止之日。")] = None
    performed: Annotated[fields.Flag | None, Field(description="协议是否履行。")] = None
    case_file_id: Annotated[fields.Id | None, Field(description="所涉案卷。")] = None


def checks(draft: Draft[Mediation]) -> Sequence[Fault]:
    """Ended when it has a result, never before it began; only an agreement can be performed."""
    facts = draft.facts
    found = [
        *faults.of_missing(facts.result is not Result.ONGOING, [("ended_on", facts.ended_on)]),
        *faults.of_order(("mediated_on", facts.mediated_on), ("ended_on", facts.ended_on)),
        *faults.of_future(draft.today, ("ended_on", facts.ended_on)),
        *faults.of_numbers(("matter", facts.matter)),
    ]
    if facts.performed is not None and facts.result is not Result.AGREED:
        found.append(Fault("/body/performed", "not_allowed"))
    return found


KIND = Kind(
    key="mediations",
    path="/v1/mediations",
    title="行政争议调解记录",
    facts=Mediation,
    day="mediated_on",
    subject="case_file_id",
    filters=("stage", "venue", "result"),
    grants=access.SURROUNDINGS["mediations"],
    tasks=(15,),
    checks=checks,
    verify=queries.case_file_of_unit,
    lookups={"case_file_id": queries.CASE_NUMBER},
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "mediated_on": "2025-03-12",
        "stage": "enforcement",
        "venue": "judicial_office",
        "matter": "占道经营处罚争议（演示）",
        "result": "agreed",
        "ended_on": "2025-03-14",
    },
)
