"""问题线索移送: clues passed to discipline inspection (plan task 13). No person is named."""

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


class ClueTransferRecipient(Word):
    """To whom clues are passed."""

    DISCIPLINE_INSPECTION = "discipline_inspection", "纪检监察机关"
    PARTY_ORGANISATION = "party_organisation", "党组织"
    PROCURATORATE = "procuratorate", "检察机关"


class ClueTransfer(fields.In):
    """A clue, when it was found and when it was passed on."""

    found_on: Annotated[fields.Day, Field(description="发现之日。")]
    recipient: Annotated[ClueTransferRecipient, Field(description="移送对象。")]
    nature: Annotated[fields.Line, Field(description="线索性质，不写姓名。")]
    transferred_on: Annotated[fields.Day | None, Field(description="移送之日。")] = None
    receipt_no: Annotated[fields.Line | None, Field(description="回执编号。")] = None
    answered_on: Annotated[fields.Day | None, Field(description="反馈之日。")] = None


def checks(draft: Draft[ClueTransfer]) -> Sequence[Fault]:
    """Found, passed on, answered; no number that tells a person."""
    facts = draft.facts
    return [
        *faults.of_order(
            ("found_on", facts.found_on), ("transferred_on", facts.transferred_on), ("answered_on", facts.answered_on)
        ),
        *faults.of_future(draft.today, ("transferred_on", facts.transferred_on), ("answered_on", facts.answered_on)),
        *faults.of_numbers(("nature", facts.nature)),
    ]


KIND = Kind(
    key="clue-transfers",
    path="/v1/registers/clue-transfers/records",
    title="问题线索移送",
    facts=ClueTransfer,
    day="found_on",
    filters=("recipient",),
    grants=access.register("clue_transfers", access.DISTRICT_OR_OWN_UNITS),
    tasks=(13,),
    checks=checks,
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "found_on": "2025-02-10",
        "recipient": "discipline_inspection",
        "nature": "涉嫌不作为（演示）",
        "transferred_on": "2025-02-13",
        "receipt_no": "示例1号",
    },
)
