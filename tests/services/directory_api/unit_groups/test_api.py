"""Unit groups over HTTP: dated membership, one version for group and members, refusals by name."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import psycopg
import pytest

from services.directory_api.unit_groups import schemas
from services.kit import references
from services.kit.principal import Role
from tests.client import Caller, Services
from tests.places import Place, Unit

PATH = "/v1/unit-groups"


def member(unit: Unit, valid_from: str = "2024-01-01", valid_to: str | None = None) -> dict[str, Any]:
    return {"unit_id": str(unit.id), "valid_from": valid_from} | ({"valid_to": valid_to} if valid_to else {})


@pytest.fixture
async def group(sysadmin: Caller, place: Place, owner: psycopg.Connection) -> dict[str, Any]:
    """A group with both towns in it, the only one of the district."""
    owner.execute("DELETE FROM directory.unit_group_members")
    owner.execute("DELETE FROM directory.unit_groups")
    body = {"district_id": str(place.district.id), "key": "townships", "name": "各乡镇", "aliases": ["各镇街"]}
    made = await sysadmin.post(PATH, json=body | {"members": [member(place.town), member(place.other_town)]})
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.json()
    return found


async def test_a_group_is_read_by_everyone_in_the_district_and_told_about(
    group: dict[str, Any], bureau: Caller, place: Place, owner: psycopg.Connection
) -> None:
    read = await bureau.get(f"{PATH}/{group['id']}")
    shown = schemas.UnitGroupOut.model_validate_json(read.content)
    assert [each.code for each in shown.members] == sorted([place.town.code, place.other_town.code])
    assert (await bureau.get(PATH, params={"key": "townships"})).json()["items"] == [group]
    assert (await bureau.get(f"{PATH}/{group['id']}", headers={"If-None-Match": read.headers["ETag"]})).status_code == 304
    for table, column in (("audit_events", "action"), ("outbox", "kind")):
        found = owner.execute(f"SELECT {column} FROM kit.{table} WHERE object_id = %s", [group["id"]]).fetchall()
        assert found == [("unit_group.created",)]


async def test_a_change_of_members_alone_moves_the_version(group: dict[str, Any], sysadmin: Caller, place: Place) -> None:
    path = f"{PATH}/{group['id']}"
    ended = [member(place.town, valid_to="2024-06-30"), member(place.other_town), member(place.town, "2025-01-01")]
    assert (await sysadmin.patch(path, json={"members": ended})).status_code == 428
    changed = await sysadmin.patch(path, json={"members": ended}, version=1)
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"v2"'), changed.text
    stale = await sysadmin.patch(path, json={"name": "各乡镇街道"}, version=1)
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    spans = [(each["code"], each["valid_from"], each.get("valid_to")) for each in changed.json()["members"]]
    assert spans == sorted(
        [
            (place.town.code, "2024-01-01", "2024-06-30"),
            (place.town.code, "2025-01-01", None),
            (place.other_town.code, "2024-01-01", None),
        ],
        key=lambda span: span[:2],
    )
    # What stays of a change is what was sent: the rest is as it was.
    assert {name: changed.json()[name] for name in ("name", "aliases", "key")} == {
        name: group[name] for name in ("name", "aliases", "key")
    }


async def test_the_published_view_tells_members_by_day(
    group: dict[str, Any], sysadmin: Caller, place: Place, services: Services
) -> None:
    ended = [member(place.town, valid_to="2024-06-30"), member(place.other_town, "2024-03-01")]
    await sysadmin.patch(f"{PATH}/{group['id']}", json={"members": ended}, version=1)
    seen = references.unit_group_members.c
    async with services.database("tasks_api").reading() as read:
        rows = (await read.execute(references.unit_group_members.select().where(seen.key == "townships"))).mappings().all()
    assert {row["district_id"] for row in rows} == {place.district.id}

    def on(day: date) -> set[Any]:
        return {row["unit_id"] for row in rows if row["valid_from"] <= day <= (row["valid_to"] or date.max)}

    assert on(date(2024, 2, 1)) == {place.town.id}
    assert on(date(2024, 6, 30)) == {place.town.id, place.other_town.id}
    assert on(date(2024, 7, 1)) == {place.other_town.id}


async def test_refusals_name_each_member(group: dict[str, Any], sysadmin: Caller, place: Place) -> None:
    path = f"{PATH}/{group['id']}"
    cases: list[tuple[list[dict[str, Any]], list[tuple[str, str]]]] = [
        ([member(place.town), member(place.town, "2025-01-01")], [("/body/members/1", "repeated")]),
        ([member(place.town, "2024-02-01", "2024-01-01")], [("/body/members/0/valid_to", "too_small")]),
        (
            [member(place.town), member(place.foreign_town)],
            [("/body/members/1/unit_id", "not_found")],
        ),
    ]
    for members, faults in cases:
        answer = await sysadmin.patch(path, json={"members": members}, version=1)
        assert (answer.status_code, answer.json()["code"]) == (400, "unit_group.bad_members")
        assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] == faults
    assert (await sysadmin.get(path)).json() == group


async def test_a_group_belongs_to_a_district_under_one_key(group: dict[str, Any], sysadmin: Caller, place: Place) -> None:
    body = {"district_id": str(place.district.id), "key": "townships", "name": "又一组"}
    again = await sysadmin.post(PATH, json=body)
    assert (again.status_code, again.json()["code"]) == (409, "duplicate")
    elsewhere = await sysadmin.post(PATH, json=body | {"district_id": str(place.foreign_district.id)})
    assert elsewhere.status_code == 201
    for wrong in (place.town.id, "01900000-0000-7000-8000-00000000ffff"):
        answer = await sysadmin.post(PATH, json=body | {"district_id": str(wrong)})
        assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/body/district_id"]


async def test_another_district_sees_nothing_of_it(group: dict[str, Any], services: Services, place: Place) -> None:
    stranger = Caller(services.client("directory_api"), Role.BUREAU, unit=place.foreign_district)
    assert group["id"] not in (await stranger.get(PATH)).text
    assert (await stranger.get(f"{PATH}/{group['id']}")).status_code == 404


async def test_of_two_changes_at_once_one_wins(group: dict[str, Any], sysadmin: Caller, place: Place) -> None:
    wanted = [{"members": [member(unit)]} for unit in (place.town, place.other_town, place.bureau, place.town_branch)]
    path = f"{PATH}/{group['id']}"
    answers = await asyncio.gather(*(sysadmin.patch(path, json=body, version=1) for body in wanted))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    winner = next(answer for answer in answers if answer.status_code == 200)
    assert (await sysadmin.get(path)).json() == winner.json()


async def test_a_dry_run_changes_neither_group_nor_members(group: dict[str, Any], sysadmin: Caller, place: Place) -> None:
    path = f"{PATH}/{group['id']}"
    shown = await sysadmin.patch(path, params={"dry_run": "true"}, json={"members": [member(place.bureau)]}, version=1)
    assert shown.json()["members"][0]["code"] == place.bureau.code
    assert (await sysadmin.get(path)).json() == group
