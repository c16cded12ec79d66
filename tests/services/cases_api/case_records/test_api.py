"""Typed registers: every kind is entered, read, changed, voided and brought up to date by the one mechanism."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
from httpx import Response

from services.cases_api.case_records.kinds import KINDS
from services.cases_api.case_records.router import FILES
from services.kit import ids, jobs
from services.kit.principal import Role
from services.kit.registers.kinds import Kind
from services.kit.registers.schemas import models_of
from tests import sheets
from tests.client import Caller
from tests.factories.cases import World, legal_reviewer
from tests.places import Unit

BY_KEY = {kind.key: kind for kind in KINDS}
MEDIATIONS = BY_KEY["mediations"]
# Read by everybody in the district.
PUBLIC = {"granted-items", "lenient-items", "monitoring-equipment"}
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)


async def body(world: World, kind: Kind, unit: Unit | None = None, **changes: Any) -> dict[str, Any]:
    """The kind's own example, of a unit of the place and with a file and an officer that exist."""
    chosen = unit or world.place.town
    made = {**kind.example, "unit_id": str(chosen.id)}
    if "case_file_id" in made:
        made["case_file_id"] = (await world.file(chosen))["id"]
    if "granting_unit_id" in made:
        made["granting_unit_id"] = str(world.place.bureau.id)
    if "reviewer_id" in made:
        made["reviewer_id"] = str(legal_reviewer(world, world.place.bureau, world.officers[world.place.bureau.id][0]))
    return made | changes


async def entered(world: World, kind: Kind, unit: Unit | None = None, **changes: Any) -> dict[str, Any]:
    leader = world.caller(Role.UNIT_MANAGER, unit=unit or world.place.town)
    answer = await leader.post(kind.path, json=await body(world, kind, unit, **changes))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def faults_of(answer: Response) -> set[tuple[str, str]]:
    assert answer.status_code == 400, answer.text
    return {(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]}


def told(world: World, record: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    rows = world.rows("SELECT action FROM kit.audit_events WHERE object_id = %s ORDER BY id", record["id"])
    sent = world.rows("SELECT kind FROM kit.outbox WHERE object_id = %s ORDER BY id", record["id"])
    return [row[0] for row in rows], [row[0] for row in sent]


@each_kind
async def test_a_record_lives_from_entry_to_voiding(cases_world: World, kind: Kind) -> None:
    wanted = await body(cases_world, kind)
    answer = await cases_world.member.post(kind.path, json=wanted)
    assert answer.status_code == 201, answer.text
    models_of(kind).out.model_validate_json(answer.content)
    record, path = answer.json(), answer.headers["Location"]
    assert {name: record[name] for name in wanted} == wanted
    assert (record["state"], record["allowed_actions"], record["year"]) == ("active", ["change"], int(wanted[kind.day][:4]))
    assert (await cases_world.member.get(path)).json() == record
    listed = await cases_world.manager.get(kind.path, params={"unit_id": record["unit_id"], "year": record["year"]})
    models_of(kind).page.model_validate_json(listed.content)
    assert record["id"] in [item["id"] for item in listed.json()["items"]]
    assert (await cases_world.manager.patch(path, json={kind.day: wanted[kind.day]})).status_code == 428
    assert (await cases_world.manager.patch(path, json={kind.day: wanted[kind.day]}, version=7)).status_code == 412
    tried = await cases_world.manager.post(f"{path}/void", json={"reason": "试"}, version=1, params={"dry_run": "true"})
    assert (tried.json()["state"], (await cases_world.manager.get(path)).json()["state"]) == ("void", "active")
    voided = (await cases_world.manager.post(f"{path}/void", json={"reason": "重复登记"}, version=1)).json()
    assert (voided["state"], voided["void_reason"], voided["allowed_actions"]) == ("void", "重复登记", [])
    assert (await cases_world.manager.patch(path, json={kind.day: wanted[kind.day]}, version=2)).json()["code"] == "record.void"
    assert told(cases_world, record) == ([f"{kind.tag}.created", f"{kind.tag}.voided"],) * 2


@each_kind
async def test_a_fact_left_out_wrong_or_unknown_is_named(cases_world: World, kind: Kind) -> None:
    wanted = await body(cases_world, kind)
    needed = {name for name, field in kind.facts.model_fields.items() if field.is_required()}
    bare = {"unit_id": wanted["unit_id"]}
    assert faults_of(await cases_world.member.post(kind.path, json=bare)) == {(f"/body/{name}", "missing") for name in needed}
    odd = wanted | {kind.day: "2025-02-30", "state": "void", "colour": "red"}
    expected = {(f"/body/{kind.day}", "wrong_format"), ("/body/state", "unknown_field"), ("/body/colour", "unknown_field")}
    assert faults_of(await cases_world.member.post(kind.path, json=odd)) == expected
    ahead = faults_of(await cases_world.member.post(kind.path, json=wanted | {kind.day: "2099-01-01"}))
    assert (f"/body/{kind.day}", "day.in_the_future") in ahead


async def test_a_change_lays_itself_over_the_facts_and_null_takes_one_away(cases_world: World) -> None:
    record = await entered(cases_world, MEDIATIONS, method="现场调解", performed=True)
    path = f"{MEDIATIONS.path}/{record['id']}"
    changed = (await cases_world.member.patch(path, json={"method": None, "venue": "court"}, version=1)).json()
    assert ("method" in changed, changed["venue"], changed["performed"], changed["version"]) == (False, "court", True, 2)
    refused = await cases_world.member.patch(path, json={"result": "failed", "mediated_on": None}, version=2)
    assert faults_of(refused) == {("/body/mediated_on", "missing")}
    refused = await cases_world.member.patch(path, json={"result": "failed", "ended_on": "2025-03-11"}, version=2)
    assert faults_of(refused) == {("/body/performed", "not_allowed"), ("/body/ended_on", "record.out_of_order")}
    changes = "SELECT before, after FROM kit.audit_events WHERE object_id = %s AND action = 'mediations.changed'"
    assert cases_world.rows(changes, record["id"]) == [
        ({"method": "现场调解", "venue": "judicial_office"}, {"method": None, "venue": "court"})
    ]


async def test_of_two_changes_at_once_one_wins(cases_world: World) -> None:
    record = await entered(cases_world, MEDIATIONS)
    path = f"{MEDIATIONS.path}/{record['id']}"
    answers = await asyncio.gather(
        *(cases_world.member.patch(path, json={"matter": f"争议{place}"}, version=1) for place in range(8))
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7


async def test_a_batch_brings_known_records_up_to_date(cases_world: World) -> None:
    known = {"external_system": "platform", "external_id": str(ids.new_id())}
    first = await body(cases_world, MEDIATIONS) | known
    wrong = await body(cases_world, MEDIATIONS, result="failed", ended_on=None)
    path = f"{MEDIATIONS.path}/batch"
    answer = (await cases_world.platform.post(path, json={"items": [first, wrong]})).json()["items"]
    assert [item["status"] for item in answer] == [201, 400]
    assert [fault["pointer"] for fault in answer[1]["problem"]["errors"]] == ["/body/items/1/ended_on"]
    again = (await cases_world.platform.post(path, json={"items": [first | {"venue": "court"}]})).json()["items"]
    assert [(item["status"], item["id"]) for item in again] == [(200, answer[0]["id"])]
    assert (await cases_world.manager.post(MEDIATIONS.path, json=first)).json()["code"] == "record.external_id_taken"
    moved = await body(cases_world, MEDIATIONS, cases_world.place.other_town) | known
    (refused,) = (await cases_world.platform.post(path, json={"items": [moved]})).json()["items"]
    assert refused["problem"]["errors"][0]["code"] == "record.other_unit"
    all_or_none = {"items": [await body(cases_world, MEDIATIONS), wrong], "atomic": True}
    assert (await cases_world.platform.post(path, json=all_or_none)).json()["code"] == "batch.refused"


async def test_lists_are_filtered_by_facts_and_paged_by_day(cases_world: World) -> None:
    for day, venue in (("2024-01-05", "court"), ("2024-01-06", "centre"), ("2024-01-07", "court")):
        await entered(cases_world, MEDIATIONS, mediated_on=day, ended_on=day, venue=venue)
    wanted = {"venue": "court", "year": 2024, "sort": "on", "limit": 1, "count": "exact"}
    page = (await cases_world.manager.get(MEDIATIONS.path, params=wanted)).json()
    assert ([item["mediated_on"] for item in page["items"]], page["count"]) == (["2024-01-05"], 2)
    page = (await cases_world.manager.get(MEDIATIONS.path, params=wanted | {"cursor": page["next_cursor"]})).json()
    assert ([item["mediated_on"] for item in page["items"]], page["next_cursor"]) == (["2024-01-07"], None)
    assert faults_of(await cases_world.manager.get(MEDIATIONS.path, params={"method": "x"})) == {
        ("/query/method", "unknown_parameter")
    }


# role, unit of the caller → read, change, void of a record of the town, entering one for the town
TABLE: Mapping[str, tuple[tuple[Role, ...], str, tuple[int, int, int, int]]] = {
    "member": ((Role.UNIT_MEMBER,), "town", (200, 200, 403, 201)),
    "manager": ((Role.UNIT_MANAGER,), "town", (200, 200, 200, 201)),
    "member_below": ((Role.UNIT_MEMBER,), "town_branch", (404, 404, 403, 400)),
    "manager_beside": ((Role.UNIT_MANAGER,), "other_town", (404, 404, 404, 400)),
    "manager_elsewhere": ((Role.UNIT_MANAGER,), "foreign_town", (404, 404, 404, 400)),
    "bureau": ((Role.BUREAU,), "bureau", (200, 403, 403, 403)),
    "bureau_elsewhere": ((Role.BUREAU,), "foreign_district", (404, 403, 403, 403)),
    "platform": ((Role.PLATFORM,), "district", (200, 200, 200, 201)),
    "government": ((Role.GOVERNMENT,), "district", (403, 403, 403, 403)),
    "reviewer": ((Role.REVIEWER,), "other_town", (403, 403, 403, 403)),
    "system_admin": ((Role.SYSTEM_ADMIN,), "", (403, 403, 403, 403)),
    "auditor": ((Role.AUDITOR,), "", (403, 403, 403, 403)),
}


async def attempted(caller: Caller, kind: Kind, record: Mapping[str, Any], wanted: dict[str, Any]) -> tuple[int, ...]:
    path = f"{kind.path}/{record['id']}"
    rehearsed = {"params": {"dry_run": "true"}}
    answers = (
        await caller.get(path),
        await caller.patch(path, json={kind.day: record[kind.day]}, version=1, **rehearsed),
        await caller.post(f"{path}/void", json={"reason": "试"}, version=1, **rehearsed),
        await caller.post(kind.path, json=wanted, **rehearsed),
    )
    return tuple(answer.status_code for answer in answers)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.key not in PUBLIC], ids=lambda kind: kind.key)
async def test_each_role_reaches_what_the_table_says(cases_world: World, kind: Kind) -> None:
    record, wanted = await entered(cases_world, kind), await body(cases_world, kind)
    found, seen = {}, set()
    for name, (roles, home, _) in TABLE.items():
        caller = cases_world.caller(*roles, unit=getattr(cases_world.place, home) if home else None)
        found[name] = await attempted(caller, kind, record, wanted)
        listed = await caller.get(kind.path, params={"limit": 200})
        if listed.status_code == 200 and record["id"] in [item["id"] for item in listed.json()["items"]]:
            seen.add(name)
    assert found == {name: expected for name, (_, _, expected) in TABLE.items()}
    assert seen == {name for name, (_, _, expected) in TABLE.items() if expected[0] == 200}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.key in PUBLIC], ids=lambda kind: kind.key)
async def test_what_is_public_is_read_in_the_district_and_kept_by_the_bureau_or_the_unit(cases_world: World, kind: Kind) -> None:
    record, wanted = await entered(cases_world, kind), await body(cases_world, kind)
    place, path = cases_world.place, f"{kind.path}/{record['id']}"
    found = {}
    for role, unit in (
        (Role.BUREAU, place.bureau),
        (Role.UNIT_MEMBER, place.town),
        (Role.UNIT_MANAGER, place.other_town),
        (Role.GOVERNMENT, place.district),
        (Role.UNIT_MANAGER, place.foreign_town),
        (Role.AUDITOR, None),
    ):
        caller = cases_world.caller(role, unit=unit)
        entry = await caller.post(kind.path, json=wanted)
        found[(role.value, unit.code if unit else "")] = ((await caller.get(path)).status_code, entry.status_code)
    assert list(found.values()) == [(200, 201), (200, 201), (200, 400), (200, 403), (404, 400), (403, 403)]


async def test_granted_items_are_a_townships(cases_world: World) -> None:
    place, wanted = cases_world.place, await body(cases_world, BY_KEY["granted-items"])
    refused = await cases_world.bureau.post("/v1/granted-items", json=wanted | {"unit_id": str(place.bureau.id)})
    assert faults_of(refused) == {("/body/unit_id", "record.not_a_township")}


@pytest.mark.parametrize(
    ("key", "changes", "expected"),
    [
        ("granted-items", {"ends_on": "2023-01-01"}, {("/body/ends_on", "record.out_of_order")}),
        ("lenient-items", {"ends_on": "2023-12-31"}, {("/body/ends_on", "record.out_of_order")}),
        ("monitoring-equipment", {"ended_on": "2024-01-14"}, {("/body/ended_on", "record.out_of_order")}),
        ("monitoring-equipment", {"address": None}, {("/body/address", "missing")}),
        ("litigations", {"attendance": None}, {("/body/attendance", "missing")}),
        ("litigations", {"ended_on": None}, {("/body/ended_on", "missing")}),
        ("litigations", {"heard_on": "2025-01-01"}, {("/body/heard_on", "record.out_of_order")}),
        ("litigations", {"performance": "performed"}, {("/body/performed_on", "missing")}),
        ("transfers", {"answer": "accepted"}, {("/body/answered_on", "missing")}),
        ("transfers", {"grounds": "当事人电话13800001234"}, {("/body/grounds", "record.tells_identity")}),
        ("transfers", {"receipt_on": "2025-04-01"}, {("/body/receipt_on", "record.out_of_order")}),
        ("legal-reviews", {"opinion": "amend"}, {("/body/remarks", "missing")}),
        ("legal-reviews", {"submitted_on": "2025-05-21"}, {("/body/reviewed_on", "record.out_of_order")}),
        ("legal-reviews", {"reviewer_id": str(ids.new_id())}, {("/body/reviewer_id", "not_found")}),
        ("publicity-records", {"withdrawn_on": "2025-07-01"}, {("/body/withdrawal_reason", "missing")}),
        ("typical-cases", {"published_on": "2025-09-02"}, {("/body/channel", "missing")}),
        ("typical-cases", {"summary": "证件号350111199003070020"}, {("/body/summary", "record.tells_identity")}),
        ("mediations", {"case_file_id": str(ids.new_id())}, {("/body/case_file_id", "not_found")}),
    ],
)
async def test_checks_of_the_kinds(cases_world: World, key: str, changes: dict[str, Any], expected: set[Any]) -> None:
    kind = BY_KEY[key]
    assert faults_of(await cases_world.member.post(kind.path, json=await body(cases_world, kind, **changes))) == expected


async def test_nobody_reviews_a_case_he_handled_and_no_file_of_another_unit_is_named(cases_world: World) -> None:
    kind, town = BY_KEY["legal-reviews"], cases_world.place.town
    member_id = legal_reviewer(cases_world, town, cases_world.officers[town.id][0])
    own = await body(cases_world, kind, reviewer_id=str(member_id), first_time=True)
    absence = "INSERT INTO training.legal_reviewer_absences (id, reviewer_id, from_on, recorded_at) VALUES (%s, %s, %s, now())"
    cases_world.connection.execute(absence, [ids.new_id(), member_id, "2025-05-20"])
    answer = await cases_world.member.post(kind.path, json=own)
    assert faults_of(answer) == {
        ("/body/reviewer_id", f"legal_review.{code}") for code in ("handled_the_case", "absent", "unqualified")
    }
    beside = (await cases_world.file(cases_world.place.other_town))["id"]
    answer = await cases_world.member.post(kind.path, json=await body(cases_world, kind, case_file_id=beside))
    assert faults_of(answer) == {("/body/case_file_id", "not_found")}


async def test_what_obligations_count_leaves_void_records_out(cases_world: World) -> None:
    record = await entered(cases_world, MEDIATIONS)
    seen = "SELECT kind, occurred_on::text, facts ->> 'venue' FROM published.case_records WHERE id = %s"
    assert cases_world.rows(seen, record["id"]) == [("mediations", "2025-03-12", "judicial_office")]
    await cases_world.manager.post(f"{MEDIATIONS.path}/{record['id']}/void", json={"reason": "误登"}, version=1)
    assert cases_world.rows(seen, record["id"]) == []


async def test_records_of_cases_come_in_by_sheets_that_name_files_by_their_numbers(cases_world: World) -> None:
    world, town = cases_world, cases_world.place.town
    file = await world.file(town)
    head = ["单位代码", "调解日期", "调解所处阶段", "主持调解的机构", "争议事项", "结果", "所涉案卷（案号）"]
    row = [town.code, "2025-04-01", "执法阶段", "司法所", "罚款数额争议（演示）", "调解中", file["case_no"]]
    book = {"file": ("调解.xlsx", sheets.workbook([head, row, [*row[:-1], "不存在的案号"]]))}
    sent = await world.manager.post("/v1/case-records/mediations/imports", files=book)
    await jobs.run(world.services.runtime("cases_api"), FILES.of("mediations").task, UUID(sent.json()["id"]))
    found = (await world.manager.get(f"/v1/case-records/mediations/imports/{sent.json()['id']}")).json()
    assert (found["accepted"], found["refused"]) == (1, 1)
    assert found["first_refusals"][0]["reasons"][0]["column"] == "case_file_id"
    [made] = (await world.manager.get("/v1/mediations", params={"case_file_id": file["id"]})).json()["items"]
    assert (made["stage"], made["venue"], made["result"]) == ("enforcement", "judicial_office", "ongoing")
