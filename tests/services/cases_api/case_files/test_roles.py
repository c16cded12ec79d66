"""Who reaches which case file, by role, operation and unit; and that nothing of a person is told in passing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from services.cases_api.case_files.schemas import lists
from services.kit import ids
from services.kit.principal import Role
from tests.client import Caller
from tests.factories.cases import COMPANY, PERSON, RESIDENT_ID, World

PATH = "/v1/case-files"
WRITING: Mapping[str, int] = {"read": 200, "change": 200, "step": 201, "document": 201, "decide": 200}
LEADING: Mapping[str, int] = {"close": 200, "void": 200, "disclose": 200}
SUB_FORBIDDEN = dict.fromkeys(("change", "step", "document", "decide", "close", "void", "disclose"), 403)
UNSEEN: Mapping[str, int] = dict.fromkeys((*WRITING, *LEADING), 404)

# role, unit of the caller → what comes of each operation on a file of the town
TABLE: Mapping[str, tuple[tuple[Role, ...], str, Mapping[str, int]]] = {
    "member": ((Role.UNIT_MEMBER,), "town", {**WRITING, "close": 403, "void": 403, "disclose": 403}),
    "manager": ((Role.UNIT_MANAGER,), "town", {**WRITING, **LEADING}),
    "member_below": ((Role.UNIT_MEMBER,), "town_branch", {**UNSEEN, "close": 403, "void": 403, "disclose": 403}),
    "manager_below": ((Role.UNIT_MANAGER,), "town_branch", UNSEEN),
    "member_beside": ((Role.UNIT_MEMBER,), "other_town", {**UNSEEN, "close": 403, "void": 403, "disclose": 403}),
    "manager_beside": ((Role.UNIT_MANAGER,), "other_town", UNSEEN),
    "manager_elsewhere": ((Role.UNIT_MANAGER,), "foreign_town", UNSEEN),
    "bureau": ((Role.BUREAU,), "bureau", {**SUB_FORBIDDEN, "read": 200}),
    "bureau_elsewhere": ((Role.BUREAU,), "foreign_district", {**SUB_FORBIDDEN, "read": 404}),
    "platform": ((Role.PLATFORM,), "district", {**WRITING, "close": 200, "void": 403, "disclose": 403}),
    "platform_elsewhere": ((Role.PLATFORM,), "foreign_district", {**UNSEEN, "void": 403, "disclose": 403}),
    "government": ((Role.GOVERNMENT,), "district", {**SUB_FORBIDDEN, "read": 403}),
    "reviewer": ((Role.REVIEWER,), "other_town", {**SUB_FORBIDDEN, "read": 404}),
    "system_admin": ((Role.SYSTEM_ADMIN,), "", {**SUB_FORBIDDEN, "read": 403}),
    "auditor": ((Role.AUDITOR,), "", {**SUB_FORBIDDEN, "read": 403}),
}


async def attempted(caller: Caller, operation: str, file_id: str) -> int:
    path = f"{PATH}/{file_id}"
    calls: dict[str, tuple[str, str, dict[str, Any] | None]] = {
        "read": ("GET", "", None),
        "change": ("PATCH", "", {"item": "改动后的事项（演示）"}),
        "step": ("POST", "/steps", {"step": "evidence", "on": "2025-03-05"}),
        "document": ("POST", "/documents", {"type": "evidence", "title": "现场照片"}),
        "decide": ("POST", "/decide", {"decided_on": "2025-04-01", "decision": "警告"}),
        "close": ("POST", "/close", {"closed_on": "2025-04-20"}),
        "void": ("POST", "/void", {"reason": "试验"}),
        "disclose": ("POST", "/party-disclosure", {"reason": "送达核对"}),
    }
    method, rest, body = calls[operation]
    return (await caller.request(method, path + rest, version=1, json=body)).status_code


@pytest.mark.parametrize("name", sorted(TABLE))
async def test_each_role_reaches_what_the_table_says(cases_world: World, name: str) -> None:
    roles, home, expected = TABLE[name]
    caller = cases_world.caller(*roles, unit=getattr(cases_world.place, home) if home else None)
    found = {}
    for operation in expected:
        file = await cases_world.file()
        found[operation] = await attempted(caller, operation, file["id"])
    assert found == expected


@pytest.mark.parametrize(
    ("role", "home", "seen"),
    [
        (Role.UNIT_MEMBER, "town", {"town"}),
        (Role.UNIT_MANAGER, "town", {"town", "town_branch"}),
        (Role.UNIT_MEMBER, "town_branch", {"town_branch"}),
        (Role.BUREAU, "bureau", {"town", "town_branch", "other_town"}),
        (Role.PLATFORM, "district", {"town", "town_branch", "other_town"}),
        (Role.BUREAU, "foreign_district", {"foreign_town"}),
        (Role.REVIEWER, "town", set()),
    ],
)
async def test_lists_show_the_same_as_single_reads(cases_world: World, role: Role, home: str, seen: set[str]) -> None:
    place = cases_world.place
    towns = ("town", "town_branch", "other_town", "foreign_town")
    made = {name: await cases_world.file(getattr(place, name)) for name in towns}
    caller = cases_world.caller(role, unit=getattr(place, home))
    listed = await caller.get(PATH, params={"limit": 200, "filed_on__gte": "2025-03-03"})
    shown = {str(file.id) for file in lists.CaseFilePage.model_validate_json(listed.content).items}
    assert {name for name, file in made.items() if file["id"] in shown} == seen
    for name, file in made.items():
        expected = 200 if name in seen else 404
        assert (await caller.get(f"{PATH}/{file['id']}")).status_code == expected
        for rest in ("moves", "documents"):
            items = (await caller.get(f"{PATH}/{file['id']}/{rest}")).json()["items"]
            assert bool(items) == (name in seen and rest == "moves")


async def test_a_reviewer_sees_the_files_assigned_until_the_assignment_is_withdrawn(cases_world: World) -> None:
    file, account_id = await cases_world.file(), ids.new_id()
    reviewer = cases_world.caller(Role.REVIEWER, unit=cases_world.place.other_town, account_id=account_id)
    assignment_id = assign(cases_world, file, account_id)
    read = await reviewer.get(f"{PATH}/{file['id']}")
    assert (read.status_code, read.json()["allowed_actions"]) == (200, [])
    assert [row["id"] for row in (await reviewer.get(PATH)).json()["items"]] == [file["id"]]
    cases_world.connection.execute("UPDATE cases.review_assignments SET state = 'void' WHERE id = %s", [assignment_id])
    assert (await reviewer.get(f"{PATH}/{file['id']}")).status_code == 404


def assign(world: World, file: Mapping[str, Any], account_id: Any) -> Any:
    """An assignment as reviews leave it behind, in a round under way."""
    round_id = leave(world, "review_rounds", state="reviewing", mode="self")
    known = {"round_id": round_id, "case_file_id": file["id"], "account_id": account_id, "state": "assigned", "mode": "cross"}
    known["reason"] = "named"
    return leave(world, "review_assignments", **known)


def leave(world: World, table: str, **known: Any) -> Any:
    """A row whose other columns hold anything: what it hangs on is not looked at here, so its references are not checked."""
    columns = world.rows(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'cases'"
        " AND table_name = %s AND is_nullable = 'NO' AND column_default IS NULL",
        table,
    )
    usual = {
        "uuid": ids.new_id(),
        "integer": 1,
        "text": "x",
        "timestamp with time zone": "2025-05-01T00:00:00Z",
        "boolean": False,
    }
    row = {name: usual[kind] for name, kind in columns} | {"id": ids.new_id()} | known
    marks = ", ".join(["%s"] * len(row))
    with world.connection.transaction():
        world.connection.execute("SET LOCAL session_replication_role = replica")
        world.connection.execute(f"INSERT INTO cases.{table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))
    return row["id"]


async def test_a_disclosure_shows_the_party_and_leaves_its_trace(cases_world: World) -> None:
    file = await cases_world.file()
    path = f"{PATH}/{file['id']}/party-disclosure"
    headers = {"Idempotency-Key": str(ids.new_id())}
    shown = await cases_world.manager.post(path, json={"reason": "送达文书核对"}, headers=headers)
    assert shown.json() == dict(PERSON) | {"id_type": "resident_id"}
    told = cases_world.rows(
        "SELECT reason, actor_id FROM kit.audit_events WHERE object_id = %s AND action = 'case_file.party_disclosed'", file["id"]
    )
    assert [row[0] for row in told] == ["送达文书核对"]
    kept = cases_world.rows("SELECT count(*) FROM kit.idempotency_keys WHERE key = %s", headers["Idempotency-Key"])
    assert kept == [(0,)]
    assert (await cases_world.manager.post(path, json={})).status_code == 400
    # A rehearsal would show the party and leave no trace.
    rehearsed = await cases_world.manager.post(path, params={"dry_run": "true"}, json={"reason": "试验"})
    assert rehearsed.status_code == 400
    assert RESIDENT_ID not in rehearsed.text


async def test_an_organisation_is_named_in_clear_and_its_number_masked(cases_world: World) -> None:
    file = await cases_world.file(party=dict(COMPANY))
    assert file["party"]["name_masked"] == COMPANY["name"]
    assert COMPANY["id_number"] not in str(file)
    shown = await cases_world.manager.post(f"{PATH}/{file['id']}/party-disclosure", json={"reason": "核对"})
    assert shown.json()["id_number"] == COMPANY["id_number"]


async def test_nothing_of_a_person_is_told_or_kept_in_clear(cases_world: World, capfd: pytest.CaptureFixture[str]) -> None:
    person = {"kind": "natural", "name": "欧阳虚构", "phone": "13911112222", "address": "虚构巷七号", "id_number": RESIDENT_ID}
    headers = {"Idempotency-Key": str(ids.new_id())}
    answers = [await cases_world.manager.post(PATH, json=cases_world.body(party=person), headers=headers)]
    path = f"{PATH}/{answers[0].json()['id']}"
    answers += [
        await cases_world.manager.patch(path, version=1, json={"party": person, "decision": "罚欧阳虚构"}),
        await cases_world.manager.post(
            f"{path}/steps", version=2, json={"step": "statement", "on": "2025-03-09", "note": "欧阳虚构称"}
        ),
        await cases_world.manager.post(PATH, json=cases_world.body(party=person, filed_on="2025-13-01")),
        await cases_world.manager.post(
            f"{PATH}/batch", json={"items": [cases_world.body(party=person, decided_on="2099-01-01")]}
        ),
    ]
    assert [answer.status_code for answer in answers] == [201, 200, 201, 400, 200]
    secrets = [person["phone"], person["address"], person["id_number"]]
    for answer in answers:
        assert not any(secret in answer.text for secret in secrets)
    tables = [
        "kit.audit_events",
        "kit.outbox",
        "kit.idempotency_keys",
        "cases.case_files",
        "cases.case_numbers",
        "cases.case_moves",
    ]
    for table in tables:
        columns = "t.*" if table != "kit.idempotency_keys" else "convert_from(t.body, 'UTF8')"
        for secret in [*secrets, person["name"]]:
            where = f"SELECT count(*) FROM {table} t WHERE row_to_json(({columns}))::text LIKE %s"
            if table == "kit.idempotency_keys":
                where = f"SELECT count(*) FROM {table} t WHERE {columns} LIKE %s"
            allowed = 1 if table == "cases.case_files" and secret == person["name"] else 0
            assert cases_world.rows(where.replace("(t.*)", "t"), f"%{secret}%")[0][0] <= allowed, (table, secret)
    written = "".join(capfd.readouterr())
    assert not any(secret in written for secret in [*secrets, person["name"]])
