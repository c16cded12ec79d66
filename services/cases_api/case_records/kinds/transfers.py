"""案件移送与管辖争议: to police and procuratorate (处罚法 art. 27, 国务院令310), clues to discipline, disputes on competence
(plan task 13)."""

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


class Target(Word):
    """Where it goes, or comes from."""

    POLICE = "police", "公安机关"
    PROCURATORATE = "procuratorate", "检察机关"
    DISCIPLINE = "discipline", "纪检监察机关"
    OTHER_ORGAN = "other_organ", "其他机关"
    COMPETENCE = "competence", "管辖争议"


class Direction(Word):
    """Sent by the unit, or received by it."""

    SENT = "sent", "移出"
    RECEIVED = "received", "移入"


class Answer(Word):
    """What the receiver said."""

    WAITING = "waiting", "待答复"
    ACCEPTED = "accepted", "受理"
    REFUSED = "refused", "不予受理"
    RETURNED = "returned", "退回"


class Transfer(fields.In):
    """Facts of a transfer. No names: the file holds them."""

    transferred_on: Annotated[fields.Day, Field(description="移送之日。")]
    target: Annotated[Target, Field(description="移送对象：公安、检察、纪检监察、其他机关，或管辖争议。")]
    direction: Annotated[Direction, Field(description="移送方向：移出或移入。")]
    organ: Annotated[fields.Line, Field(description="对方机关。")]
    document_no: Annotated[fields.Line | None, Field(description="移送文书文号。")] = None
    grounds: Annotated[fields.Line, Field(description="移送事由，不写姓名。")]
    approved_on: Annotated[fields.Day | None, Field(description="负责人批准之日；应自报告起三日内决定。")] = None
    receipt_on: Annotated[fields.Day | None, Field(description="取得回执之日。")] = None
    answer: Annotated[Answer, Field(description="对方答复。")] = Answer.WAITING
    answered_on: Annotated[fields.Day | None, Field(description="答复之日。")] = None
    case_file_id: Annotated[fields.Id | None, Field(description="所涉案卷。")] = None


def checks(draft: Draft[Transfer]) -> Sequence[Fault]:
    """Approved, transferred, receipted, answered, in this order; an answer has its day."""
    facts = draft.facts
    given = [(name, getattr(facts, name)) for name in ("approved_on", "transferred_on", "receipt_on", "answered_on")]
    return [
        *faults.of_order(*given),
        *faults.of_future(draft.today, *given[2:]),
        *faults.of_missing(facts.answer is not Answer.WAITING, [("answered_on", facts.answered_on)]),
        *faults.of_numbers(("grounds", facts.grounds)),
    ]


KIND = Kind(
    key="transfers",
    path="/v1/transfers",
    title="案件与线索移送记录",
    facts=Transfer,
    day="transferred_on",
    subject="case_file_id",
    filters=("target", "direction", "answer"),
    grants=access.SURROUNDINGS["transfers"],
    tasks=(13,),
    checks=checks,
    verify=queries.case_file_of_unit,
    lookups={"case_file_id": queries.CASE_NUMBER},
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "transferred_on": "2025-04-02",
        "target": "police",
        "direction": "sent",
        "organ": "示例公安分局（演示）",
        "grounds": "涉嫌非法经营（演示）",
    },
)
