"""重点监管: trades and fields of public safety and health under close supervision (plan task 9)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.kit.errors import Fault
from services.kit.registers import faults
from services.kit.registers.kinds import Draft, Kind
from services.tasks_api import access


class KeyField(fields.In):
    """A field and how it is watched."""

    listed_on: Annotated[fields.Day, Field(description="列入之日。")]
    field: Annotated[fields.Line, Field(description="行业或领域。")]
    basis: Annotated[fields.Line, Field(description="依据。")]
    measures: Annotated[fields.Prose, Field(description="监管措施。")]
    inspections_per_year: Annotated[fields.Whole, Field(description="每年检查次数。")]
    removed_on: Annotated[fields.Day | None, Field(description="移出之日。")] = None


def checks(draft: Draft[KeyField]) -> Sequence[Fault]:
    """It is not removed before it was listed."""
    facts = draft.facts
    return [
        *faults.of_order(("listed_on", facts.listed_on), ("removed_on", facts.removed_on)),
        *faults.of_future(draft.today, ("removed_on", facts.removed_on)),
    ]


KIND = Kind(
    key="key-fields",
    path="/v1/registers/key-fields/records",
    title="重点监管领域",
    facts=KeyField,
    day="listed_on",
    grants=access.register("key_fields", access.DISTRICT_OR_OWN_UNITS),
    tasks=(9,),
    checks=checks,
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "listed_on": "2025-01-10",
        "field": "危险化学品经营",
        "basis": "《安全生产法》",
        "measures": "逐户建档，按季检查（演示）。",
        "inspections_per_year": 4,
    },
)
