"""收支脱钩: whether fees and fines are linked to a department's interest, which is forbidden (plan task 24)."""

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


class LinkageCheckBy(Word):
    """Who looked."""

    SELF = "self", "自查"
    FINANCE = "finance", "财政检查"
    AUDIT = "audit", "审计"
    SUPERVISION = "supervision", "监督检查"


class LinkageCheck(fields.In):
    """One check of a unit."""

    checked_on: Annotated[fields.Day, Field(description="检查之日。")]
    checked_year: Annotated[fields.Year, Field(description="检查年度。")]
    by: Annotated[LinkageCheckBy, Field(description="检查方式。")]
    linked: Annotated[fields.Flag, Field(description="是否发现直接或变相挂钩。")]
    findings: Annotated[fields.Prose | None, Field(description="发现的问题。")] = None
    corrected_on: Annotated[fields.Day | None, Field(description="整改之日。")] = None


def checks(draft: Draft[LinkageCheck]) -> Sequence[Fault]:
    """What is found is told, and put right afterwards."""
    facts = draft.facts
    return [
        *faults.of_missing(facts.linked, [("findings", facts.findings)]),
        *faults.of_order(("checked_on", facts.checked_on), ("corrected_on", facts.corrected_on)),
        *faults.of_future(draft.today, ("corrected_on", facts.corrected_on)),
    ]


KIND = Kind(
    key="linkage-checks",
    path="/v1/registers/linkage-checks/records",
    title="收支脱钩检查",
    facts=LinkageCheck,
    day="checked_on",
    filters=("checked_year", "by", "linked"),
    grants=access.register("linkage_checks", access.DISTRICT_OR_OWN_UNITS),
    tasks=(24,),
    checks=checks,
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "checked_on": "2025-03-31",
        "checked_year": 2024,
        "by": "finance",
        "linked": False,
    },
)
