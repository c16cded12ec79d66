"""Every kind of record of this service; the order is that of the document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from services.cases_api.case_records.kinds import (
    granted_items,
    legal_reviews,
    lenient_items,
    litigations,
    mediations,
    monitoring_equipment,
    publicity_records,
    transfers,
    typical_cases,
)
from services.kit.registers.kinds import Kind

KINDS: Final[Sequence[Kind]] = (
    legal_reviews.KIND,
    publicity_records.KIND,
    transfers.KIND,
    mediations.KIND,
    litigations.KIND,
    typical_cases.KIND,
    granted_items.KIND,
    lenient_items.KIND,
    monitoring_equipment.KIND,
)
