"""Annual statistics: what counts where, once and with zeros, and the same again as it was recorded."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from services.cases_api.case_statistics import rules, schemas
from services.cases_api.step_forms.rules import PenaltyKind
from services.kit.principal import Role
from tests.client import Caller
from tests.factories.cases import World

PATH = "/v1/case-statistics"


async def tables(caller: Caller, **params: Any) -> schemas.CaseStatisticsOut:
    answer = await caller.get(PATH, params={"year": 2023} | params)
    assert answer.status_code == 200, answer.text
    return schemas.CaseStatisticsOut.model_validate_json(answer.content)


async def decided(world: World, penalties: list[str] | None = None, **changes: Any) -> dict[str, Any]:
    """A penalty decided in 2023, with what its document holds."""
    facts = {"step": "decision", "on": "2023-06-01"} | ({"penalties": penalties} if penalties else {})
    facts |= changes.pop("facts", {})
    return await world.file(filed_on="2023-03-03", decided_on="2023-06-01", steps=[facts], **changes)


async def test_each_table_counts_what_its_rule_says(cases_world: World) -> None:
    world, town = cases_world, str(cases_world.place.town.id)
    before = await tables(world.bureau, unit_id=town)
    assert before.units[0].penalties.model_dump() == rules.zero("penalties"), "zeros are filled in"
    await decided(world, ["warning", "fine"], facts={"fine_fen": 50000}, amount_fen=1)
    revoked = await decided(world, ["fine", "licence_revocation", "other"], facts={"fine_fen": 7000, "confiscation_fen": 3000})
    withdrawal = {"step": "publicity_withdrawal", "on": "2023-09-01", "cause": "revoked"}
    added = await world.member.post(f"/v1/case-files/{revoked['id']}/steps", json=withdrawal, headers={"If-Match": '"v1"'})
    assert added.status_code == 201, added.text
    await decided(world, ["confiscation"])
    await decided(world, None, amount_fen=400)
    await decided(world, ["other", "warning"])
    await decided(world, None, facts={"outcome": "no_penalty"})
    await world.file(filed_on="2023-12-30", decided_on="2024-01-02")
    seizure = {"step": "seizure", "on": "2023-04-01", "measure": "detention"}
    late = {"step": "payment", "on": "2023-05-01", "late_fee_fen": 30}
    await world.file(filed_on="2022-12-30", steps=[seizure, seizure | {"on": "2022-12-31", "measure": "sealing"}, late])
    for outcome in ("granted", "refused"):
        step = {"step": "decision", "on": "2023-06-01", "outcome": outcome}
        await world.file(kind="licence", filed_on="2023-05-05", decided_on="2023-06-01", steps=[step])
    await world.file(kind="inspection", filed_on="2023-05-05")
    await world.file(kind="expropriation", filed_on="2022-05-05", decided_on="2023-01-01", amount_fen=900)
    found = (await tables(world.bureau, unit_id=town)).units[0]
    penalties = {"warning_or_criticism": 1, "fine": 1, "revocation": 1, "confiscation": 1, "unstated": 1, "total": 5}
    assert found.penalties.model_dump() == rules.zero("penalties") | penalties | {"amount_fen": 60400}
    assert found.licences.model_dump() == {"applied": 2, "accepted": 2, "granted": 1, "refused": 1, "revoked": 0}
    assert found.compulsions.model_dump() == rules.zero("compulsions") | {"detention": 1, "late_fee": 1, "total": 2}
    assert found.others.model_dump() == {"expropriations": 1, "expropriation_fen": 900, "inspections": 1, "other": 0}
    assert found.certificates.model_dump() == {"on_duty": 2, "certified": 2, "rate": 100.0}
    assert (await tables(world.bureau)).totals.penalties.total == 5
    published = world.rows(
        "SELECT heaviest, cases, amount_fen FROM published.case_statistics WHERE unit_id = %s AND year = 2023"
        " AND kind = 'penalty' AND heaviest IS NOT NULL ORDER BY heaviest",
        town,
    )
    names = ["confiscation", "fine", "licence_revocation", "unstated", "warning"]
    assert [row[0] for row in published] == names
    assert sum(row[2] for row in published) == 60400


async def test_figures_of_a_moment_come_out_again_whatever_changed_since(cases_world: World) -> None:
    world, unit = cases_world, cases_world.place.other_town
    leader = world.caller(Role.UNIT_MANAGER, unit=unit)
    file = await world.file(
        unit, filed_on="2021-03-03", decided_on="2021-06-01", amount_fen=500, steps=[{"step": "decision", "on": "2021-06-01"}]
    )
    first = await tables(world.bureau, year=2021)
    assert (first.totals.penalties.unstated, first.totals.penalties.amount_fen) == (1, 500)
    step = next(each for each in file["steps"] if each["step"] == "decision")
    told = {"step": "decision", "on": "2021-06-01", "penalties": ["detention"], "fine_fen": 700}
    path = f"/v1/case-files/{file['id']}"
    changed = await leader.put(f"{path}/steps/{step['id']}", json=told, headers={"If-Match": '"v1"'})
    assert changed.status_code == 200, changed.text
    second = await tables(world.bureau, year=2021)
    assert (second.totals.penalties.detention, second.totals.penalties.amount_fen) == (1, 700)
    voided = await leader.post(f"{path}/void", json={"reason": "重复录入"}, headers={"If-Match": '"v2"'})
    assert voided.status_code == 200, voided.text
    assert (await tables(world.bureau, year=2021)).totals.penalties.total == 0
    for kept in (first, second):
        again = await tables(world.bureau, year=2021, as_of=kept.model_dump(mode="json")["as_of"])
        assert again == kept
    assert (await world.bureau.get(PATH, params={"year": 2021, "as_of": "2099-01-01T00:00:00Z"})).status_code == 400


async def test_each_role_counts_the_units_it_reaches(cases_world: World) -> None:
    place = cases_world.place
    for role, unit, least in (
        (Role.BUREAU, place.bureau, 3),
        (Role.GOVERNMENT, place.district, 3),
        (Role.PLATFORM, place.district, 3),
        (Role.UNIT_MANAGER, place.town, 2),
        (Role.UNIT_MEMBER, place.town_branch, 1),
    ):
        found = [each.unit_id for each in (await tables(cases_world.caller(role, unit=unit))).units]
        assert place.foreign_town.id not in found
        assert (len(found) >= least) if least == 3 else (len(found) <= least and place.other_town.id not in found), role
    for role in (Role.REVIEWER, Role.AUDITOR, Role.SYSTEM_ADMIN):
        refused = await cases_world.caller(role, unit=place.town).get(PATH, params={"year": 2023})
        assert refused.status_code == 403, role


async def test_the_export_holds_five_tables_and_is_on_record(cases_world: World) -> None:
    answer = await cases_world.bureau.get(f"{PATH}/export", params={"year": 2023})
    assert answer.status_code == 200, answer.text
    cells = [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(answer.content)).active.rows]
    titles = [row[0] for row in cells if row[0] and "表" in str(row[0])]
    assert titles == [f"2023年度{title}" for title in rules.TITLES.values()]
    assert sum(row[0] == "合计" for row in cells) == 5
    told = cases_world.rows("SELECT after FROM kit.audit_events WHERE action = 'case_statistics.exported'")
    assert told[0][0]["year"] == 2023


@pytest.mark.parametrize("lighter", range(len(PenaltyKind) - 2))
def test_a_heavier_kind_beats_a_lighter_one_and_a_named_one_the_rest(cases_world: World, lighter: int) -> None:
    order = ["other", *(kind for kind in PenaltyKind if kind != "other")]
    pair = [order[lighter + 1], order[lighter]]
    assert cases_world.rows("SELECT cases.heaviest_penalty(%s)", pair) == [(pair[0],)]
