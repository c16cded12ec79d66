"""Completion certificates: issued, numbered, printed, checked by anybody, and what a reversal makes of them."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import psycopg
import pytest

from services.kit.principal import Role
from tests.factories.training import World, faults, made, problem
from tests.services.training_api.completion_certificates.pdf_text import text_of

PATH = "/v1/completion-certificates"
HOSTILE = '#panic("x") *粗* \\ @ref $a$ `b` _c_ <d> = [e]'


def masked(officer: dict[str, Any]) -> str:
    """The surname alone."""
    return str(officer["name"][0]) + "*" * (len(officer["name"]) - 1)


async def status(world: World, number: str) -> str:
    found: str = (await world.client.get(f"{PATH}/{number}/verification")).json()["status"]
    return found


async def class_of(
    world: World, count: int = 2, **changes: Any
) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    """A class of the town, its officers, and their hours."""
    held = await world.training_class(**changes)
    officers = [await world.officer() for _ in range(count)]
    hours = [
        await world.hours(officer, class_id=held["id"], category="skills", hours=8, occurred_on="2024-06-03")
        for officer in officers
    ]
    return held, officers, hours


async def of_year(world: World, officer: dict[str, Any], year: int = 2024) -> dict[str, Any]:
    return made(await world.bureau.post(PATH, json={"officer_id": officer["id"], "year": year}))


async def test_a_whole_class_gets_consecutive_numbers_once(world: World) -> None:
    held, officers, _ = await class_of(world, 3)
    path = f"/v1/classes/{held['id']}/completion-certificates"
    first = (await world.manager.post(path)).json()
    assert (first["issued"], first["already_issued"]) == (3, 0)
    assert {each["officer_id"] for each in first["items"]} == {officer["id"] for officer in officers}
    parts = [each["number"].split("-") for each in first["items"]]
    serials = sorted(int(part[-2]) for part in parts)
    assert serials == list(range(serials[0], serials[0] + 3))
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{6}", part[-1]) for part in parts)
    again = (await world.manager.post(path)).json()
    assert (again["issued"], again["already_issued"], again["items"]) == (0, 3, [])


async def test_numbers_have_no_gaps_though_many_issue_at_once(world: World) -> None:
    officers = [await world.officer() for _ in range(6)]
    for officer in officers:
        await world.hours(officer)
    without = await world.officer()
    bodies = [{"officer_id": each["id"], "year": 2024} for each in (*officers[:3], without, *officers[3:])]
    answers = await asyncio.gather(*(world.bureau.post(PATH, json=body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [201] * 6 + [409]
    await world.bureau.post(PATH, json=bodies[0], params={"dry_run": "true"})
    with world.superuser() as connection:
        rows = connection.execute(
            "SELECT array_agg(serial ORDER BY serial), max(c.last) FROM training.completion_certificates"
            " JOIN training.completion_certificate_counters c USING (district_id, issued_in)"
        ).fetchone()
    assert rows is not None
    assert rows[0] == list(range(1, rows[1] + 1))


async def test_a_year_counts_what_stands(world: World) -> None:
    officer = await world.officer()
    kept = await world.hours(officer, hours=4.5)
    gone = await world.hours(officer, occurred_on="2024-05-07")
    await world.reverse(gone)
    earlier = await world.hours(officer, hours=1, occurred_on="2023-05-07")
    await world.reverse(earlier, effective="today")
    await world.hours(officer, category="skills", hours=2, occurred_on="2024-05-08")
    await world.hours(officer, source="self_study", hours=3, occurred_on="2024-05-09")
    found = await of_year(world, officer)
    # The hour of 2023 is lost by this year; self-study waits and does not count.
    assert found["hours"] == 5.5
    assert found["by_category"] == {"public_law": 0, "business": 3.5, "skills": 2, "political": 0}
    assert found["hours"] == (await world.compliance(officer))["valid_hours"]
    assert kept["id"] in found["entry_ids"]
    assert gone["id"] not in found["entry_ids"]
    assert (found["state"], found["last_on"], found["name"]) == ("valid", "2024-10-15", officer["name"])


async def test_a_reversal_afterwards_shows_in_the_open_check_and_on_paper(world: World) -> None:
    held, officers, (hours,) = await class_of(world, 1)
    body = {"officer_id": officers[0]["id"], "class_id": held["id"]}
    found = made(await world.manager.post(PATH, json=body))
    shown = (await world.client.get(f"{PATH}/{found['number'].lower()}/verification")).json()
    assert shown == {"number": found["number"], "status": "valid", "name": masked(officers[0]), "checked_on": "2024-10-15"}
    assert (await world.reverse(hours)).status_code == 201
    assert await status(world, found["number"]) == "hours_reversed"
    after = (await world.manager.get(f"{PATH}/{found['id']}")).json()
    assert (after["state"], after["reversed_hours"]) == ("hours_reversed", 8)
    assert after["version"] != found["version"]
    with world.superuser() as connection:
        query = "SELECT kind, version FROM kit.outbox WHERE object_id = %s"
        told: dict[str, int] = dict(connection.execute(query, [found["id"]]).fetchall())
    assert told == {
        "completion_certificate.issued": found["version"],
        "completion_certificate.hours_reversed": after["version"],
    }
    assert "学时已冲正" in text_of((await world.manager.get(f"{PATH}/{found['id']}/pdf")).content)
    refused = await world.manager.post(f"{PATH}/{found['id']}/reissue", json={"reason": "x"}, version=after["version"])
    assert problem(refused) == (409, "completion_certificate.no_hours")
    assert await status(world, found["number"]) == "hours_reversed"


async def test_a_reissued_certificate_supersedes_the_first(world: World) -> None:
    officer = await world.officer()
    await world.hours(officer)
    first = await of_year(world, officer)
    body = {"officer_id": officer["id"], "year": 2024}
    assert problem(await world.bureau.post(PATH, json=body)) == (409, "completion_certificate.issued_already")
    await world.hours(officer, occurred_on="2024-05-08")
    path = f"{PATH}/{first['id']}"
    again = {"reason": "补登学时"}
    assert (await world.bureau.post(f"{path}/reissue", json=again)).status_code == 428
    assert (await world.bureau.post(f"{path}/reissue", json=again, version=99)).status_code == 412
    second = made(await world.bureau.post(f"{path}/reissue", json=again, version=first["version"]))
    assert (second["supersedes_id"], second["hours"], second["state"]) == (first["id"], 8, "valid")
    old = (await world.bureau.get(path)).json()
    assert (old["state"], old["superseded_by_id"], old["hours"]) == ("superseded", second["id"], 4)
    assert (old["ended_reason"], old["allowed_actions"]) == ("补登学时", [])
    assert [await status(world, each["number"]) for each in (first, second)] == ["superseded", "valid"]
    refused = await world.bureau.post(f"{path}/withdraw", json={"reason": "x"}, version=old["version"])
    assert problem(refused) == (409, "completion_certificate.superseded")


async def test_a_withdrawn_certificate_makes_room_for_another(world: World) -> None:
    officer = await world.officer()
    await world.hours(officer)
    found = await of_year(world, officer)
    answer = await world.bureau.post(f"{PATH}/{found['id']}/withdraw", json={"reason": "误发"}, version=found["version"])
    assert (answer.status_code, answer.json()["state"]) == (200, "superseded")
    assert await status(world, found["number"]) == "superseded"
    assert (await of_year(world, officer))["state"] == "valid"


@pytest.mark.parametrize("number", ["350111-2024-000001-000000", "x", "00000000-0000-0000-0000-000000000000"])
async def test_a_number_nobody_gave_is_unknown_and_tells_no_name(world: World, number: str) -> None:
    shown = (await world.client.get(f"{PATH}/{number if len(number) > 4 else 'xxxxx'}/verification")).json()
    assert (shown["status"], set(shown)) == ("unknown", {"number", "status", "checked_on"})


async def test_bad_wishes_are_named(world: World) -> None:
    officer = await world.officer(world.place.foreign_town)
    mine = await world.officer()
    both = {"officer_id": mine["id"], "year": 2024, "class_id": mine["id"]}
    assert (await world.bureau.post(PATH, json=both)).status_code == 400
    assert faults(await world.bureau.post(PATH, json={"officer_id": officer["id"], "year": 2024})) == [
        ("/body/officer_id", "not_found")
    ]
    assert faults(await world.bureau.post(PATH, json={"officer_id": mine["id"], "year": 2025})) == [("/body/year", "in_future")]
    assert faults(await world.bureau.post(PATH, json={"officer_id": mine["id"], "class_id": mine["id"]})) == [
        ("/body/class_id", "not_found")
    ]


async def test_a_batch_tells_each_outcome_and_all_or_none(world: World) -> None:
    officer, without = await world.officer(), await world.officer()
    await world.hours(officer)
    items = [{"officer_id": each["id"], "year": 2024} for each in (officer, without, officer)]
    refused = await world.bureau.post(f"{PATH}/batch", json={"items": items, "atomic": True})
    assert problem(refused) == (400, "batch.refused")
    told = (await world.bureau.post(f"{PATH}/batch", json={"items": items})).json()["items"]
    assert [each["status"] for each in told] == [201, 409, 409]
    codes = [each["problem"]["code"] for each in told[1:]]
    assert codes == ["completion_certificate.no_hours", "completion_certificate.issued_already"]


async def test_the_page_says_what_was_certified_and_the_same_each_time(world: World) -> None:
    held, officers, _ = await class_of(world, 2, title=HOSTILE)
    await world.manager.post(f"/v1/classes/{held['id']}/completion-certificates")
    listed = (await world.manager.get(PATH, params={"class_id": held["id"], "sort": "created_at"})).json()["items"]
    one = listed[0]
    answer = await world.manager.get(one["pdf_url"])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-")
    text = text_of(answer.content)
    # Markup of a title stands there as it was written.
    for said in (one["number"], one["name"], HOSTILE, "结业证书", "2024 年 6 月 3 日", "8 学时", "行政执法技能", "盖章"):
        assert said.replace(" ", "") in text.replace(" ", ""), said
    assert (await world.manager.get(one["pdf_url"])).content == answer.content
    whole = await world.manager.get(f"{PATH}/pdf", params={"class_id": held["id"]})
    assert all(each["number"] in text_of(whole.content) for each in listed)
    assert (await world.manager.get(f"{PATH}/pdf", params={"class_id": officers[0]["id"]})).status_code == 404
    # Whoever sees no names in JSON sees none on paper.
    for_platform = text_of((await world.caller(Role.PLATFORM).get(one["pdf_url"])).content)
    assert (one["name"] in for_platform, masked(one) in for_platform) == (False, True)


async def test_signs_no_typeface_has_stop_no_page(world: World) -> None:
    officer = await world.officer(name="\U0001f000\ue000" + "长" * 198)
    await world.hours(officer)
    answer = await world.bureau.get((await of_year(world, officer))["pdf_url"])
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")


async def test_what_was_handed_out_does_not_change_in_the_database(world: World) -> None:
    officer = await world.officer()
    await world.hours(officer)
    found = await of_year(world, officer)
    with world.superuser() as connection:
        connection.execute("SET ROLE zhifa_training")
        for forbidden in (
            "UPDATE training.completion_certificates SET name = 'x' WHERE id = %s",
            "DELETE FROM training.completion_certificates WHERE id = %s",
            "DELETE FROM training.completion_certificate_entries WHERE certificate_id = %s",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(forbidden, [found["id"]])


async def test_what_is_told_of_a_certificate_names_nobody(world: World) -> None:
    officer = await world.officer(name="秘密甲")
    await world.hours(officer)
    found = await of_year(world, officer)
    with world.superuser() as connection:
        told = connection.execute(
            "SELECT action, after::text FROM kit.audit_events WHERE object_id = %s", [found["id"]]
        ).fetchall()
        messages = connection.execute("SELECT o::text FROM kit.outbox o WHERE o.object_id = %s", [found["id"]]).fetchall()
    assert [row[0] for row in told] == ["completion_certificate.issued"]
    assert len(messages) == 1
    assert "秘密" not in str((told, messages))
