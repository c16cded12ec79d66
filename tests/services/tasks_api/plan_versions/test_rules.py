"""What a change of the plan does to the assignments of a task, and what differs between versions; no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.tasks_api.activations.rules import Duty, Occurrence
from services.tasks_api.plan_versions import rules
from services.tasks_api.plan_versions.rules import Issued

TASK, UNIT = uuid4(), uuid4()
TODAY = date(2025, 6, 2)


@dataclass
class Row:
    year: int | None
    original_due_on: date | None
    state: str = "in_progress"
    is_replanned: bool = False
    replanned_due_on: date | None = None
    due_on: date | None = None
    role: str = "responsible"


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("rows", "wanted", "issue", "end", "move"),
    [
        pytest.param([(2025, "2025-12-31")], [(2025, "2025-12-31")], 0, 0, [], id="as before"),
        pytest.param([(None, "2025-12-31")], [(None, "2026-03-31")], 0, 0, ["2026-03-31"], id="another date"),
        pytest.param([(None, "2025-12-31")], [(None, None)], 0, 0, [None], id="no date any more"),
        pytest.param([(None, None)], [(None, "2025-12-31")], 0, 0, ["2025-12-31"], id="a date at last"),
        pytest.param([(2024, "2024-12-31")], [(2024, "2024-06-30")], 0, 0, [], id="what was due before today stays"),
        pytest.param([], [(2024, "2024-12-31"), (2025, "2025-12-31")], 1, 0, [], id="nobody is asked for yesterday"),
        pytest.param([(2026, "2026-12-31")], [], 0, 1, [], id="asked for no more"),
        pytest.param([(2025, "2025-12-31", "approved")], [], 0, 0, [], id="approved work stays"),
        pytest.param([(2025, "2025-12-31", "void")], [(2025, "2025-12-31")], 0, 0, [], id="what was void is not issued again"),
        pytest.param([(None, "2025-12-31", "submitted")], [(None, "2026-03-31")], 0, 0, [], id="handed in under the old date"),
        pytest.param([(2025, "2025-12-31")], [(None, "2026-03-31")], 1, 1, [], id="another shape"),
        pytest.param(
            [(None, "2025-12-31"), (None, "2026-06-30")], [(None, "2026-06-30"), (None, "2026-09-30")], 0, 0, ["2026-09-30"],
            id="equal dates first",
        ),
    ],
)  # fmt: skip
def test_settle(rows: list[Any], wanted: list[Any], issue: int, end: int, move: list[str | None]) -> None:
    existing = [Issued(Row(year, day(due) if due else None, *state), UNIT) for year, due, *state in rows]
    duties = [Duty(TASK, UNIT, "responsible", Occurrence(year, day(due) if due else None)) for year, due in wanted]
    found = rules.settle(existing, duties, TODAY)
    moved = [str(planned) if planned else None for _, planned in found.move]
    assert (len(found.issue), len(found.end), moved) == (issue, end, move)


def test_a_date_moved_before_counts_as_the_plans() -> None:
    """Not what an extension made of it: the next version must neither undo the extension nor move the date again."""
    row = Row(None, day("2025-12-31"), is_replanned=True, replanned_due_on=day("2026-03-31"), due_on=day("2026-05-31"))
    for planned, moved in (("2026-03-31", 0), ("2025-12-31", 1)):
        found = rules.settle([Issued(row, UNIT)], [Duty(TASK, UNIT, "responsible", Occurrence(None, day(planned)))], TODAY)
        assert len(found.move) == moved


def test_units_and_roles_are_settled_apart() -> None:
    other: UUID = uuid4()
    duties = [Duty(TASK, other, "responsible", Occurrence(2025, day("2025-12-31")))]
    found = rules.settle([Issued(Row(2025, day("2025-12-31")), UNIT)], duties, TODAY)
    assert (found.issue, len(found.end), found.move) == (duties, 1, [])


def test_versions_are_compared_field_by_field() -> None:
    def task(number: int, **facts: Any) -> dict[str, Any]:
        return {"kind": "task", "number": number, "title": f"任务{number}", "leads": [], "deadlines": []} | facts

    party = {"as_written": "示例甲镇", "name": "示例甲镇人民政府", "unit_id": "u"}
    before = [task(1, leads=[party]), task(2), task(3)]
    after = [task(1, leads=[{"as_written": "示例甲镇", "unit_id": "u", "group_key": None}]), task(2, title="新题"), task(4)]
    found = rules.compare(before, after)
    assert [(each.key[1], each.change) for each in found] == [(2, "changed"), (3, "ended"), (4, "added")]
    assert found[0].fields == [("title", "任务2", "新题")]
