"""Certificates that come in by batches: each item's outcome, repeats, corrections, few statements."""

from __future__ import annotations

from services.kit.principal import Role
from tests import client
from tests.factories import personnel
from tests.factories.training import World, faults

PATH = "/v1/certificates/batch"


async def test_each_item_is_judged_by_the_rules_of_issuing(world: World) -> None:
    good, unexamined = await world.officer(), await world.officer()
    auxiliary, foreign = await world.officer(kind="auxiliary"), await world.officer(world.place.foreign_town)
    await personnel.passed(world, good)
    first = personnel.entry(good)
    items = [
        first,
        personnel.entry(unexamined),
        personnel.entry(auxiliary),
        personnel.entry(foreign),
        personnel.entry(good, valid_from="2026-01-01"),
        personnel.entry(good, valid_from="2028-02-01", number=first["number"]),
        personnel.entry(unexamined, valid_from="2020-01-01", valid_to="2022-12-31", number=first["number"]),
        personnel.entry(unexamined, valid_from="2022-01-01", valid_to="2022-12-31"),
        personnel.entry(good, valid_from="2034-01-01", valid_to="2040-01-01"),
    ]
    outcomes = (await world.bureau.post(PATH, json={"items": items})).json()["items"]
    codes = [outcome["problem"] and outcome["problem"]["code"] for outcome in outcomes]
    assert codes == [
        None,
        "certificate.exam_missing",
        "certificate.not_regular",
        "invalid_input",
        "certificate.overlapping",
        None,
        "certificate.number_taken",
        None,
        "invalid_input",
    ]
    assert outcomes[3]["problem"]["errors"][0]["pointer"] == "/body/items/3/officer_id"
    read = (await world.bureau.get(f"/v1/certificates/{outcomes[0]['id']}")).json()
    assert (read["state"], read["valid_to"]) == ("valid", "2028-01-31")


async def test_the_province_sends_them_again_and_again(world: World) -> None:
    platform = world.caller(Role.PLATFORM)
    officer = await world.officer(external_id="CERT-O1")
    await personnel.passed(world, officer)
    entry = personnel.entry(officer, external_id="CERT-1") | {"officer_external_system": "platform"}
    entry["officer_external_id"] = "CERT-O1"
    del entry["officer_id"]
    [first] = (await platform.post(PATH, json={"items": [entry]})).json()["items"]
    assert first["status"] == 201
    again = await platform.post(PATH, json={"items": [entry]})
    assert again.json()["items"] == [{"index": 0, "status": 200, "id": first["id"], "problem": None}]
    corrected = entry | {"valid_to": "2027-01-31", "number": str(next(personnel.NUMBERS))}
    await platform.post(PATH, json={"items": [corrected]})
    read = (await platform.get(f"/v1/certificates/{first['id']}")).json()
    assert (read["valid_to"], read["number"], read["version"]) == ("2027-01-31", corrected["number"], 2)
    with world.superuser() as connection:
        query = "SELECT action FROM kit.audit_events WHERE object_id = %s ORDER BY recorded_at, id"
        told = connection.execute(query, [first["id"]]).fetchall()
    assert told == [("certificate.issued",), ("certificate.changed",)]
    other = await world.officer()
    await personnel.passed(world, other)
    stolen = personnel.entry(other, external_id="CERT-1")
    nameless = personnel.entry(other)
    outcomes = (await platform.post(PATH, json={"items": [stolen, nameless]})).json()["items"]
    assert outcomes[0]["problem"]["code"] == "certificate.other_officer"
    assert outcomes[1]["problem"]["errors"][0]["code"] == "missing"
    await world.bureau.post(f"/v1/certificates/{first['id']}/cancel", json={"on": "2024-10-01", "reason": "调离"}, version=2)
    [same] = (await platform.post(PATH, json={"items": [corrected]})).json()["items"]
    [late] = (await platform.post(PATH, json={"items": [entry]})).json()["items"]
    assert (same["status"], late["problem"]["code"]) == (200, "certificate.illegal_move")


async def test_an_atomic_batch_is_all_or_nothing(world: World) -> None:
    officer = await world.officer()
    await personnel.passed(world, officer)
    good, wrong = personnel.entry(officer), personnel.entry(officer, valid_from="2024-02-01")
    refused = await world.bureau.post(PATH, json={"items": [good, wrong], "atomic": True})
    assert faults(refused) == [("/body/items/1", "certificate.overlapping")]
    listed = await world.bureau.get("/v1/certificates", params={"officer_id": officer["id"]})
    assert listed.json()["items"] == []
    both = {"items": [good | {"officer_external_id": "X"}]}
    assert (await world.bureau.post(PATH, json=both)).status_code == 400
    assert (await world.manager.post(PATH, json={"items": [good]})).status_code == 403


async def test_a_full_batch_comes_in_with_few_statements(world: World) -> None:
    platform = world.caller(Role.PLATFORM)
    bodies = [world.officer_in(world.place.town, external_id=f"CF-{place}") for place in range(500)]
    await platform.post("/v1/officers/batch", json={"items": bodies})
    items = [
        {
            "officer_external_id": body["external_id"],
            "number": str(next(personnel.NUMBERS)),
            "valid_from": "2022-06-01",
            "valid_to": "2027-05-31",
            "external_id": body["external_id"],
        }
        for body in bodies
    ]
    with client.statements(world.runtime.database) as statements:
        answer = await platform.post(PATH, json={"items": items})
    assert {outcome["status"] for outcome in answer.json()["items"]} == {201}, answer.text[:300]
    assert len(statements) < 40, len(statements)
