"""Reviews of qualifications over HTTP: what the registers propose, what units say, what is cancelled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from services.kit.principal import Role
from services.training_api.qualification_reviews import schemas
from tests.factories import personnel
from tests.factories.training import World, faults, made, problem

PATH = "/v1/qualification-reviews"


async def review_of(world: World, **changes: Any) -> dict[str, Any]:
    body = {"title": "资格清理（演示）", "unit_id": str(world.place.town.id)} | changes
    return made(await world.bureau.post(PATH, json=body))


async def items(world: World, review: dict[str, Any], **params: Any) -> dict[str, schemas.ItemOut]:
    answer = await world.bureau.get(f"{PATH}/{review['id']}/items", params={"limit": 200, **params})
    return {str(item.certificate_id): item for item in schemas.ItemPage.model_validate_json(answer.content).items}


async def decide(world: World, review: dict[str, Any], decisions: dict[str, str], by: Any = None) -> list[dict[str, Any]]:
    body = [
        {"certificate_id": key, "decision": decision} | ({"note": "仍在岗"} if decision == "keep" else {})
        for key, decision in decisions.items()
    ]
    answer = await (by or world.manager).post(f"{PATH}/{review['id']}/decisions/batch", json={"items": body})
    assert answer.status_code == 200, answer.text
    outcomes: list[dict[str, Any]] = answer.json()["items"]
    return outcomes


async def leave(world: World, certificate: dict[str, Any], on: str, version: int = 1) -> None:
    path = f"/v1/officers/{certificate['officer_id']}/leave"
    assert (await world.bureau.post(path, json={"on": on, "reason": "退休"}, version=version)).status_code == 200


async def test_the_registers_propose_and_nothing_else_is_touched(world: World) -> None:
    officers = [await world.officer() for _ in range(6)]
    exam = await personnel.exam(world, kind="professional")
    await personnel.passed(world, *officers, kinds=("general",))
    await personnel.record(world, exam["id"], {officer["id"]: 90 for officer in officers})
    await world.bureau.post(f"/v1/exams/{exam['id']}/publish", version=1)
    other = await personnel.exam(world, kind="professional")
    await personnel.record(world, other["id"], {officer["id"]: 90 for officer in officers[:5]})
    await world.bureau.post(f"/v1/exams/{other['id']}/publish", version=1)
    left, auxiliary, expired, fine, beside, unexamined = [await personnel.certificate(world, each) for each in officers]
    await leave(world, left, "2024-09-30")
    change = {"kind": "auxiliary", "on": "2024-08-15", "reason": "转岗"}
    await world.bureau.post(f"/v1/officers/{auxiliary['officer_id']}/reclassify", json=change, version=1)
    await world.bureau.patch(f"/v1/certificates/{expired['id']}", json={"valid_to": "2024-06-30"}, version=1)
    move = {"unit_id": str(world.place.other_town.id), "on": "2024-09-01"}
    await world.bureau.post(f"/v1/officers/{beside['officer_id']}/transfer", json=move, version=1)
    await leave(world, beside, "2024-09-30", 2)
    await world.bureau.post(f"/v1/exams/{exam['id']}/void", json={"reason": "泄题"}, version=2)
    review = await review_of(world)
    proposed = {key: (item.reason.value, item.cancel_on.isoformat()) for key, item in (await items(world, review)).items()}
    assert proposed == {
        left["id"]: ("left", "2024-10-01"),
        auxiliary["id"]: ("auxiliary", "2024-08-15"),
        expired["id"]: ("expired", "2024-07-01"),
        unexamined["id"]: ("exam_missing", "2024-10-15"),
    }
    assert fine["id"] not in proposed
    await world.bureau.post(f"/v1/certificates/{beside['id']}/cancel", json={"on": "2024-10-15", "reason": "离职"}, version=1)
    early = await review_of(world, as_of="2024-09-01")
    assert {item.reason.value for item in (await items(world, early)).values()} == {"auxiliary", "expired", "exam_missing"}
    future = await world.bureau.post(PATH, json={"title": "清理", "as_of": "2024-10-16"})
    assert faults(future) == [("/body/as_of", "in_future")]


async def test_proposed_checked_applied_with_counts(world: World) -> None:
    place = world.place
    certificates = []
    for unit in (place.other_town, place.other_town, place.other_town, place.other_town):
        officer = await world.officer(unit)
        await personnel.passed(world, officer)
        certificates.append(await personnel.certificate(world, officer))
    gone, back, stays, ended = certificates
    for each in (gone, back, ended):
        await leave(world, each, "2024-09-30")
    review = await review_of(world, unit_id=str(place.other_town.id))
    path = f"{PATH}/{review['id']}"
    added = await world.bureau.post(f"{path}/items", json={"certificate_id": stays["id"], "note": "已不在执法岗位"})
    assert added.json()["counts"]["proposed"] == 4
    twice = await world.bureau.post(f"{path}/items", json={"certificate_id": stays["id"], "note": "重复"})
    assert faults(twice) == [("/body/certificate_id", "repeated")]
    manager = world.caller(Role.UNIT_MANAGER, place.other_town)
    assert [outcome["status"] for outcome in await decide(world, review, {gone["id"]: "cancel"})] == [400], "not theirs"
    await decide(world, review, {gone["id"]: "cancel", back["id"]: "keep", ended["id"]: "cancel"}, manager)
    bare = await manager.post(f"{path}/decisions/batch", json={"items": [{"certificate_id": stays["id"], "decision": "keep"}]})
    assert bare.json()["items"][0]["problem"]["errors"][0]["pointer"] == "/body/items/0/note"
    undecided = await world.bureau.post(f"{path}/check", version=1)
    assert problem(undecided) == (409, "qualification_review.undecided")
    assert set(await items(world, review, undecided="true")) == {stays["id"]}
    await decide(world, review, {stays["id"]: "cancel"}, manager)
    assert (await world.bureau.post(f"{path}/check", version=1)).json()["state"] == "checked"
    await world.bureau.post(f"/v1/certificates/{ended['id']}/revoke", json={"on": "2024-10-01", "reason": "违法"}, version=1)
    dry = await world.bureau.post(f"{path}/apply", params={"dry_run": "true"}, version=2)
    expected = {"proposed": 4, "cancel": 3, "keep": 1, "undecided": 0, "cancelled": 2, "skipped": 1}
    assert dry.json()["counts"] == expected
    assert (await world.bureau.get(f"/v1/certificates/{gone['id']}")).json()["state"] == "valid"
    done = (await world.bureau.post(f"{path}/apply", version=2)).json()
    assert (done["state"], done["counts"]) == ("applied", expected)
    states = [(await world.bureau.get(f"/v1/certificates/{each['id']}")).json() for each in certificates]
    assert [each["state"] for each in states] == ["cancelled", "valid", "cancelled", "revoked"]
    assert [states[0]["ended_on"], states[2]["ended_on"]] == ["2024-10-01", "2024-10-15"]
    outcomes = {key: item.outcome and item.outcome.value for key, item in (await items(world, review)).items()}
    assert outcomes == {gone["id"]: "cancelled", back["id"]: "kept", stays["id"]: "cancelled", ended["id"]: "skipped"}
    with world.superuser() as connection:
        told = connection.execute(
            "SELECT e.reason, o.version FROM kit.audit_events e JOIN kit.outbox o"
            " ON o.object_id = e.object_id AND o.kind = e.action WHERE e.action = 'certificate.cancelled' AND e.object_id = %s",
            [stays["id"]],
        ).fetchall()
    assert told == [("资格清理（已不在执法岗位）", 2)]
    again = await world.bureau.post(f"{path}/apply", version=3)
    assert problem(again) == (409, "qualification_review.illegal_move")


async def test_a_checked_review_goes_back_or_is_given_up(world: World) -> None:
    review = await review_of(world, unit_id=str(world.place.town_branch.id))
    path = f"{PATH}/{review['id']}"
    await world.bureau.post(f"{path}/check", version=1)
    back = await world.bureau.post(f"{path}/reopen", json={"reason": "补充事项"}, version=2)
    assert (back.json()["state"], "checked_at" in back.json()) == ("proposed", False)
    gone = await world.bureau.post(f"{path}/void", json={"reason": "范围有误"}, version=3)
    assert gone.json()["state"] == "void"
    late = await world.bureau.post(f"{path}/check", version=4)
    assert problem(late) == (409, "qualification_review.illegal_move")


TABLE: Mapping[str, tuple[Role, str, Mapping[str, int]]] = {
    "bureau": (Role.BUREAU, "bureau", {"read": 200, "items": 200, "decide": 200, "check": 409, "void": 200}),
    "bureau_elsewhere": (Role.BUREAU, "foreign_district", {"read": 404, "items": 200, "decide": 404, "check": 404, "void": 404}),
    "manager": (Role.UNIT_MANAGER, "town", {"read": 200, "items": 200, "decide": 200, "check": 403, "void": 403}),
    "member": (Role.UNIT_MEMBER, "town", {"read": 200, "items": 200, "decide": 403, "check": 403, "void": 403}),
    "platform": (Role.PLATFORM, "district", {"read": 403, "items": 403, "decide": 403, "check": 403, "void": 403}),
    "government": (Role.GOVERNMENT, "district", {"read": 403, "items": 403, "decide": 403, "check": 403, "void": 403}),
    "auditor": (Role.AUDITOR, "", {"read": 403, "items": 403, "decide": 403, "check": 403, "void": 403}),
}


@pytest.fixture(scope="module")
async def certificate(world: World) -> dict[str, Any]:
    """A certificate of somebody who left."""
    made_one = await personnel.certificate(world)
    await leave(world, made_one, "2024-09-30")
    return made_one


@pytest.mark.parametrize("name", sorted(TABLE))
async def test_each_role_reaches_what_the_table_says(world: World, certificate: dict[str, Any], name: str) -> None:
    role, home, expected = TABLE[name]
    caller = world.caller(role, getattr(world.place, home) if home else None)
    review = await review_of(world)
    path = f"{PATH}/{review['id']}"
    decision = {"items": [{"certificate_id": certificate["id"], "decision": "cancel"}]}
    found = {
        "read": (await caller.get(path)).status_code,
        "items": (listed := await caller.get(f"{path}/items")).status_code,
        "decide": (decided := await caller.post(f"{path}/decisions/batch", json=decision)).status_code,
        "check": (await caller.post(f"{path}/check", version=1)).status_code,
        "void": (await caller.post(f"{path}/void", json={"reason": "有误"}, version=1)).status_code,
    }
    if name == "bureau":
        # Everything else is still undecided.
        assert decided.json()["items"][0]["status"] == 200
    if name == "bureau_elsewhere":
        assert listed.json()["items"] == []
    assert found == dict(expected), datetime.isoformat(world.clock())
