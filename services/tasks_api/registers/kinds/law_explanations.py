"""释法说理: the law explained to those it is enforced on, at each stage (plan task 14)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.kit.registers.kinds import Kind
from services.kit.registers.words import Word
from services.tasks_api import access
from services.tasks_api.registers import external


class LawExplanationStage(Word):
    """When in a case."""

    INSPECTION = "inspection", "检查"
    FILING = "filing", "立案"
    INVESTIGATION = "investigation", "调查"
    NOTICE = "notice", "告知"
    DECISION = "decision", "决定"
    DELIVERY = "delivery", "送达"
    ENFORCEMENT = "enforcement", "执行"


class LawExplanation(fields.In):
    """What was explained, at which stage, to how many."""

    explained_on: Annotated[fields.Day, Field(description="释法之日。")]
    stage: Annotated[LawExplanationStage, Field(description="执法环节。")]
    topic: Annotated[fields.Line, Field(description="说明的法律规定。")]
    audience: Annotated[fields.Whole, Field(ge=1, description="听取人数。")]
    case_file_id: Annotated[fields.Id | None, Field(description="所办案卷。")] = None
    accepted: Annotated[fields.Flag, Field(description="当事人是否理解接受。")]


KIND = Kind(
    key="law-explanations",
    path="/v1/registers/law-explanations/records",
    title="释法说理记录",
    facts=LawExplanation,
    day="explained_on",
    subject="case_file_id",
    filters=("stage",),
    grants=access.register("law_explanations", access.DISTRICT_OR_OWN_UNITS),
    tasks=(14,),
    enforcement_only=True,
    verify=external.case_file,
    lookups={"case_file_id": external.CASE_NUMBER},
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "explained_on": "2025-05-20",
        "stage": "notice",
        "topic": "《城市道路管理条例》第四十二条",
        "audience": 1,
        "accepted": True,
    },
)
