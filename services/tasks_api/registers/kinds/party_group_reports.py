"""实施情况报告: how a unit reported to its party group (requirement 1)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.kit.registers.kinds import Kind
from services.tasks_api import access


class PartyGroupReport(fields.In):
    """One report."""

    reported_on: Annotated[fields.Day, Field(description="报告之日。")]
    reported_to: Annotated[fields.Line, Field(description="报告对象。")]
    points: Annotated[fields.Prose, Field(description="报告要点。")]
    document_no: Annotated[fields.Line | None, Field(description="文号。")] = None


KIND = Kind(
    key="party-group-reports",
    path="/v1/registers/party-group-reports/records",
    title="向党委（党组）报告",
    facts=PartyGroupReport,
    day="reported_on",
    grants=access.register("party_group_reports", access.DISTRICT_OR_OWN_UNITS),
    requirements=(1,),
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "reported_on": "2025-01-12",
        "reported_to": "镇党委（演示）",
        "points": "方案实施情况（演示）。",
    },
)
