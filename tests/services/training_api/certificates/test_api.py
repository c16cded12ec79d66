"""Certificates over HTTP: applied for, issued, suspended, ended, verified by anybody, published for the cases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from services.training_api.certificates import schemas
from tests.factories import personnel
from tests.factories.training import World, faults, made, problem

PATH = "/v1/certificates"


def spans(world: World, certificate: dict[str, Any]) -> list[tuple[str, str]]:
    with world.superuser() as connection:
        query = "SELECT from_on::text, to_on::text FROM published.certificate_spans WHERE certificate_id = %s ORDER BY 1"
        return connection.execute(query, [certificate["id"]]).fetchall()


async def test_a_unit_applies_and_the_bureau_issues_to_who_passed(world: World) -> None:
    officer = await world.officer()
    applied = made(await world.member.post(PATH, json={"officer_id": officer["id"]}))
    path = f"{PATH}/{applied['id']}"
    read = schemas.CertificateOut.model_validate((await world.member.get(path)).json())
    assert (read.state, read.allowed_actions) == ("applied", ["withdraw"])
    again = await world.member.post(PATH, json={"officer_id": officer["id"]})
    assert problem(again) == (409, "certificate.applied_already")
    wanted = {"number": "13010024001", "valid_from": "2024-10-01"}
    refused = await world.bureau.post(f"{path}/issue", json=wanted, version=1)
    assert problem(refused) == (409, "certificate.exam_missing")
    assert "general, professional" in refused.json()["detail"]
    await personnel.passed(world, officer, kinds=("general",))
    assert problem(await world.bureau.post(f"{path}/issue", json=wanted, version=1)) == (409, "certificate.exam_missing")
    await personnel.passed(world, officer, kinds=("professional",))
    dry = await world.bureau.post(f"{path}/issue", params={"dry_run": "true"}, json=wanted, version=1)
    assert (dry.json()["state"], (await world.bureau.get(path)).json()["state"]) == ("valid", "applied")
    assert faults(await world.bureau.post(f"{path}/issue", json={"valid_from": "2024-10-01"}, version=1)) == [
        ("/body/number", "missing")
    ]
    long = await world.bureau.post(f"{path}/issue", json=wanted | {"valid_to": "2030-10-01"}, version=1)
    assert faults(long) == [("/body/valid_to", "certificate.too_long")]
    issued = (await world.bureau.post(f"{path}/issue", json=wanted, version=1)).json()
    assert (issued["state"], issued["valid_to"], issued["number_is_usual"]) == ("valid", "2029-09-30", True)
    assert issued["allowed_actions"] == ["change", "suspend", "cancel", "revoke"]
    assert problem(await world.bureau.post(f"{path}/issue", json=wanted, version=2)) == (409, "certificate.illegal_move")
    with world.superuser() as connection:
        told = connection.execute(
            "SELECT e.action FROM kit.audit_events e JOIN kit.outbox o ON o.object_id = e.object_id AND o.kind = e.action"
            " WHERE e.object_id = %s ORDER BY e.recorded_at, e.id",
            [applied["id"]],
        ).fetchall()
    assert told == [("certificate.applied",), ("certificate.issued",)]


async def test_auxiliaries_and_those_who_left_hold_none(world: World) -> None:
    auxiliary = await world.officer(kind="auxiliary")
    gone = await world.officer()
    await world.bureau.post(f"/v1/officers/{gone['id']}/leave", json={"on": "2024-10-01", "reason": "退休"}, version=1)
    beside = await world.officer(world.place.other_town)
    for officer, code in ((auxiliary, "certificate.not_regular"), (gone, "certificate.not_regular"), (beside, "not_found")):
        refused = await world.manager.post(PATH, json={"officer_id": officer["id"]})
        assert faults(refused) == [("/body/officer_id", code)]
    officer = await world.officer()
    await personnel.passed(world, officer)
    applied = made(await world.manager.post(PATH, json={"officer_id": officer["id"]}))
    change = {"kind": "auxiliary", "on": "2024-09-01", "reason": "转岗"}
    await world.bureau.post(f"/v1/officers/{officer['id']}/reclassify", json=change, version=1)
    wanted = {"number": "13010024002", "valid_from": "2024-10-01"}
    refused = await world.bureau.post(f"{PATH}/{applied['id']}/issue", json=wanted, version=1)
    assert problem(refused) == (409, "certificate.not_regular")


async def test_a_suspension_takes_its_days_out_of_what_is_published(world: World) -> None:
    certificate = await personnel.certificate(world)
    path = f"{PATH}/{certificate['id']}"
    assert spans(world, certificate) == [("2023-02-01", "2028-01-31")]
    future = await world.bureau.post(f"{path}/suspend", json={"on": "2024-10-16", "reason": "调查"}, version=1)
    assert faults(future) == [("/body/on", "in_future")]
    early = await world.bureau.post(f"{path}/suspend", json={"on": "2023-01-31", "reason": "调查"}, version=1)
    assert faults(early) == [("/body/on", "certificate.before_validity")]
    suspended = await world.bureau.post(f"{path}/suspend", json={"on": "2024-10-01", "reason": "调查"}, version=1)
    assert (suspended.json()["state"], suspended.json()["allowed_actions"]) == (
        "suspended",
        ["change", "resume", "cancel", "revoke"],
    )
    assert spans(world, certificate) == [("2023-02-01", "2024-09-30")]
    lifted = await world.bureau.post(f"{path}/resume", json={"on": "2024-10-15", "reason": "查无实据"}, version=2)
    assert lifted.json()["state"] == "valid"
    assert lifted.json()["suspensions"] == [
        {"from_on": "2024-10-01", "to_on": "2024-10-14", "reason": "调查", "lifted_reason": "查无实据"}
    ]
    assert spans(world, certificate) == [("2023-02-01", "2024-09-30"), ("2024-10-15", "2028-01-31")]
    valid = [
        day
        for day in ("2024-09-30", "2024-10-01", "2024-10-14", "2024-10-15")
        if (await world.bureau.get(PATH, params={"officer_id": certificate["officer_id"], "valid_on": day})).json()["items"]
    ]
    assert valid == ["2024-09-30", "2024-10-15"]


async def test_a_suspension_with_a_last_day_ends_by_itself(world: World) -> None:
    certificate = await personnel.certificate(world)
    path = f"{PATH}/{certificate['id']}"
    body = {"on": "2024-10-15", "until": "2024-11-14", "reason": "暂扣三十日"}
    assert (await world.bureau.post(f"{path}/suspend", json=body, version=1)).json()["state"] == "suspended"
    assert (await personnel.verification(world, certificate["number"]))["status"] == "suspended"
    world.clock.moment = datetime(2024, 11, 14, 15, 59, tzinfo=UTC)
    assert (await world.bureau.get(path)).json()["state"] == "suspended"
    world.clock.moment = datetime(2024, 11, 14, 16, 0, tzinfo=UTC)
    assert (await world.bureau.get(path)).json()["state"] == "valid"
    lifted = await world.bureau.post(f"{path}/resume", json={"on": "2024-11-15", "reason": "期满"}, version=2)
    assert problem(lifted) == (409, "certificate.illegal_move")


async def test_lifted_on_its_first_day_a_suspension_never_held(world: World) -> None:
    certificate = await personnel.certificate(world)
    path = f"{PATH}/{certificate['id']}"
    await world.bureau.post(f"{path}/suspend", json={"on": "2024-10-01", "reason": "误操作"}, version=1)
    lifted = await world.bureau.post(f"{path}/resume", json={"on": "2024-10-01", "reason": "误操作"}, version=2)
    assert (lifted.json()["state"], lifted.json()["suspensions"]) == ("valid", [])
    assert spans(world, certificate) == [("2023-02-01", "2028-01-31")]


@pytest.mark.parametrize(("verb", "state"), [("cancel", "cancelled"), ("revoke", "revoked")])
async def test_an_end_cuts_the_period_short(world: World, verb: str, state: str) -> None:
    certificate = await personnel.certificate(world)
    path = f"{PATH}/{certificate['id']}"
    ended = await world.bureau.post(f"{path}/{verb}", json={"on": "2024-10-01", "reason": "调离"}, version=1)
    assert (ended.json()["state"], ended.json()["ended_on"]) == (state, "2024-10-01")
    assert spans(world, certificate) == [("2023-02-01", "2024-09-30")]
    assert await personnel.verification(world, certificate["number"]) == {
        "number": certificate["number"],
        "status": "unknown",
        "checked_on": "2024-10-15",
    }
    with world.superuser() as connection:
        query = "SELECT to_on::text, ended_by FROM published.certificates WHERE id = %s"
        assert connection.execute(query, [certificate["id"]]).fetchone() == ("2024-09-30", state)
    back = await world.bureau.post(f"{path}/reinstate", json={"reason": "误注销"}, version=2)
    if verb == "revoke":
        assert problem(back) == (409, "certificate.illegal_move")
    else:
        assert (back.json()["state"], "ended_on" in back.json()) == ("valid", False)


async def test_a_renewal_follows_and_may_keep_the_number(world: World) -> None:
    certificate = await personnel.certificate(world)
    officer = {"id": certificate["officer_id"]}
    renewed = made(await world.manager.post(PATH, json={"officer_id": officer["id"], "number": certificate["number"]}))
    path = f"{PATH}/{renewed['id']}/issue"
    early = await world.bureau.post(path, json={"valid_from": "2028-01-31"}, version=1)
    assert problem(early) == (409, "certificate.overlapping")
    done = await world.bureau.post(path, json={"valid_from": "2028-02-01"}, version=1)
    assert (done.json()["state"], done.json()["number"]) == ("valid", certificate["number"])
    assert (await personnel.verification(world, certificate["number"]))["status"] == "valid"
    other = await world.officer()
    taken = await world.manager.post(PATH, json={"officer_id": other["id"], "number": certificate["number"]})
    assert problem(taken) == (409, "certificate.number_taken")


async def test_nothing_has_to_run_for_a_certificate_to_expire(world: World) -> None:
    certificate = await personnel.certificate(world, valid_to="2024-12-31")
    listed = {"expiring_within": 90, "sort": "valid_to", "limit": 200}
    soon = schemas.CertificatePage.model_validate_json((await world.manager.get(PATH, params=listed)).content)
    assert [str(item.id) for item in soon.items] == [certificate["id"]]
    assert (await world.manager.get(PATH, params=listed | {"expiring_within": 76})).json()["items"] == []
    world.clock.moment = datetime(2024, 12, 31, 15, 59, 59, tzinfo=UTC)
    assert (await personnel.verification(world, certificate["number"]))["status"] == "valid"
    world.clock.moment = datetime(2024, 12, 31, 16, 0, tzinfo=UTC)
    assert (await world.bureau.get(f"{PATH}/{certificate['id']}")).json()["state"] == "expired"
    assert (await personnel.verification(world, certificate["number"]))["status"] == "expired"
    found = await world.bureau.get(PATH, params={"state": "expired"})
    assert certificate["id"] in [item["id"] for item in found.json()["items"]]


async def test_anybody_learns_the_status_of_a_number_and_no_more(world: World) -> None:
    officer = await world.officer(name="示例甲乙")
    await personnel.passed(world, officer)
    certificate = await personnel.certificate(world, officer, valid_from="2024-10-15")
    number = certificate["number"]
    told = await personnel.verification(world, number)
    schemas.VerificationOut.model_validate(told)
    assert told == {"number": number, "status": "valid", "name": "示***", "checked_on": "2024-10-15"}
    rule = {"valid_from": "2024-10-15", "verification_name": "hidden"}
    made(await world.bureau.post("/v1/personnel-rules", json=rule))
    assert "name" not in await personnel.verification(world, number)
    made(await world.bureau.post("/v1/personnel-rules", json=rule | {"verification_name": "all_but_last"}))
    assert (await personnel.verification(world, number))["name"] == "示例甲*"
    unknown = await personnel.verification(world, "99999999999")
    assert unknown == {"number": "99999999999", "status": "unknown", "checked_on": "2024-10-15"}
    assert (await world.client.get(f"{PATH}/%00/verification")).status_code == 400
    await world.bureau.post(f"/v1/officers/{officer['id']}/leave", json={"on": "2024-10-14", "reason": "辞职"}, version=1)
    assert (await personnel.verification(world, number))["status"] == "unknown", "who left service enforces no more"


async def test_corrections(world: World) -> None:
    certificate = await personnel.certificate(world)
    path = f"{PATH}/{certificate['id']}"
    odd = await world.bureau.patch(path, json={"number": "FJ-0007"}, version=1)
    assert (odd.json()["number"], odd.json()["number_is_usual"]) == ("FJ-0007", False)
    beyond = await world.bureau.patch(path, json={"valid_to": "2028-02-01"}, version=2)
    assert faults(beyond) == [("/body/valid_to", "certificate.too_long")]
    moved = await world.bureau.patch(path, json={"unit_id": str(world.place.other_town.id)}, version=2)
    assert (moved.json()["unit_id"], moved.json()["officer_unit_id"]) == (
        str(world.place.other_town.id),
        str(world.place.town.id),
    )
    foreign = await world.bureau.patch(path, json={"unit_id": str(world.place.foreign_town.id)}, version=3)
    assert faults(foreign) == [("/body/unit_id", "not_found")]
    applied = made(await world.manager.post(PATH, json={"officer_id": certificate["officer_id"]}))
    unissued = await world.bureau.patch(f"{PATH}/{applied['id']}", json={"valid_to": "2026-01-01"}, version=1)
    assert faults(unissued) == [("/body/valid_to", "certificate.not_issued")]
    gone = await world.manager.post(f"{PATH}/{applied['id']}/withdraw", json={"reason": "重复申请"}, version=1)
    assert gone.json()["state"] == "cancelled"
    back = await world.bureau.post(f"{PATH}/{applied['id']}/reinstate", json={"reason": "误"}, version=2)
    assert problem(back) == (409, "certificate.never_issued")


async def test_units_know_their_rate(world: World) -> None:
    place = world.place
    for _ in range(2):
        officer = await world.officer(place.town_branch)
        await personnel.certificate(world, officer, valid_from="2022-02-01", valid_to="2098-01-31")
    await world.officer(place.town_branch)
    await world.officer(place.town_branch, kind="auxiliary")
    with world.superuser() as connection:
        query = "SELECT officers, certified FROM published.unit_certificates WHERE unit_id = %s"
        found = connection.execute(query, [place.town_branch.id]).fetchone()
    assert found == (3, 2)


async def test_the_newly_certified_are_exempt_until_the_day_before(world: World) -> None:
    officer = await world.officer(hired_on="2024-01-01")
    await personnel.passed(world, officer)
    facts = {"officer_id": officer["id"], "reason": "newly_certified", "from_on": "2024-01-01", "to_on": "2024-05-31"}
    none = await world.manager.post("/v1/exemptions", json=facts)
    assert faults(none) == [("/body/reason", "exemption.no_certificate")]
    await personnel.certificate(world, officer, valid_from="2024-06-01")
    late = await world.manager.post("/v1/exemptions", json=facts | {"to_on": "2024-06-01"})
    assert faults(late) == [("/body/to_on", "exemption.not_until_certified")]
    assert made(await world.manager.post("/v1/exemptions", json=facts))


async def test_the_cases_service_reads_spans_and_suspensions(world: World) -> None:
    certificate = await personnel.certificate(world)
    with world.superuser() as connection:
        connection.execute("SET ROLE zhifa_cases")
        query = "SELECT suspended::text FROM published.certificates WHERE id = %s"
        assert connection.execute(query, [certificate["id"]]).fetchone() == ("{}",)
        good = "SELECT count(*) FROM published.certificate_spans WHERE certificate_id = %s"
        query = f"{good} AND '2024-01-01' BETWEEN from_on AND to_on"
        assert connection.execute(query, [certificate["id"]]).fetchone() == (1,)
