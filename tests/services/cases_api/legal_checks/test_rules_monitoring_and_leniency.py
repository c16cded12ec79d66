"""P25 facts collected by equipment, P26 a first offence spared: each condition kept, broken, unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.cases_api.legal_checks.rules.model import Equipment, LenientItem
from services.kit import ids
from tests.factories.legal import case, told

D = date.fromisoformat
DEVICE, ITEM = ids.new_id(), ids.new_id()
GOOD = Equipment(D("2024-01-20"), D("2025-03-05"), True, D("2024-02-01"))
LISTED = LenientItem("first_offence", D("2025-02-20"), D("2025-04-10"))
SHOT: dict[str, Any] = {
    "kind": "electronic_data", "monitored": True, "equipment_id": str(DEVICE), "content_reviewed": True, "told_on": "2025-04-10",
}  # fmt: skip
SPARED: dict[str, Any] = {
    "outcome": "first_offence_spared", "penalties": None, "fine_fen": None, "lenient_item_id": str(ITEM), "first_offence": True,
    "harm_slight": True, "corrected": True,
}  # fmt: skip


@pytest.mark.parametrize(
    ("device", "evidence", "expected"),
    [
        ({}, {}, "clean"),
        # Reviewed on the very day is in time, a day later is not; the evidence is of 2025-03-05.
        ({"technical_review_on": D("2025-03-06")}, {}, ("veto",)),
        ({"legal_review_on": None}, {}, ("veto",)),
        ({"published_on": None}, {}, ("major",)),
        ({"published_on": D("2025-03-06"), "marked": False}, {}, ("major", "major")),
        ({"marked": None}, {}, "missing equipment.marked"),
        ({"ended_on": D("2025-03-05")}, {}, "clean"),
        ({"ended_on": D("2025-03-04")}, {}, ("major",)),
        ({}, {"content_reviewed": False}, ("veto",)),
        ({}, {"content_reviewed": None}, "missing evidence.content_reviewed"),
        ({}, {"told_on": "2025-04-11"}, ("major",)),
        ({}, {"told_on": None}, "missing evidence.told_on"),
        ({}, {"equipment_id": None}, "missing evidence.equipment_id"),
        ({}, {"equipment_id": str(ITEM)}, "missing evidence.equipment_id"),
        # Before the law of 2021, and where nothing was collected by equipment, nothing is asked.
        ({"legal_review_on": None}, {"on": "2021-07-14"}, "clean"),
        ({"legal_review_on": None}, {"monitored": None, "equipment_id": None}, "clean"),
    ],
)
def test_p25_monitoring(device: dict[str, Any], evidence: dict[str, Any], expected: Any) -> None:
    made = replace(case(evidence=SHOT | evidence), equipment={DEVICE: replace(GOOD, **device)})
    assert told("P25", made) == expected


def test_p25_asks_for_the_equipment_of_a_case_that_came_from_monitoring() -> None:
    assert told("P25", case(filing={"source": "monitoring"})) == "missing evidence.equipment_id"
    running = case(evidence=SHOT | {"told_on": None}, without=["decision", "closing", "archiving"])
    assert told("P25", replace(running, equipment={DEVICE: GOOD})) == "clean"


@pytest.mark.parametrize(
    ("item", "decision", "expected"),
    [
        ({}, {}, "clean"),
        ({}, {"outcome": "no_penalty", "first_offence": False}, "clean"),
        ({}, {"first_offence": False}, ("major",)),
        ({}, {"harm_slight": False, "corrected": False}, ("major", "major")),
        ({}, {"corrected": None}, "missing decision.corrected"),
        ({}, {"lenient_item_id": None}, "missing decision.lenient_item_id"),
        ({}, {"lenient_item_id": str(DEVICE)}, "missing decision.lenient_item_id"),
        ({"list": "no_penalty"}, {}, ("major",)),
        # In force on the day of the decision, 2025-04-10, or on that of the act, 2025-02-20: both ends count.
        ({"from_on": D("2025-04-10"), "to_on": None}, {}, "clean"),
        ({"from_on": D("2025-04-11"), "to_on": None}, {}, ("major",)),
        ({"to_on": D("2025-02-20")}, {}, "clean"),
        ({"from_on": D("2025-02-21"), "to_on": D("2025-04-09")}, {}, ("major",)),
    ],
)
def test_p26_first_offences(item: dict[str, Any], decision: dict[str, Any], expected: Any) -> None:
    made = replace(case(decision=SPARED | decision), lenient_items={ITEM: replace(LISTED, **item)})
    assert told("P26", made) == expected
