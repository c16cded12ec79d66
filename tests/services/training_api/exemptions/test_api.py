"""Exemptions over HTTP: proposed by the unit, decided by the bureau, and what of them holds at which moment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.kit import ids
from services.kit.principal import Role
from services.training_api.exemptions import schemas
from tests.factories.training import World, faults, made, problem

PATH = "/v1/exemptions"
GROUND = "术后休养（虚构病情）"


def body_for(officer: dict[str, Any], **changes: Any) -> dict[str, Any]:
    facts = {"officer_id": officer["id"], "reason": "seconded", "from_on": "2024-03-01", "to_on": "2024-08-31"}
    return facts | changes


async def proposed(world: World, officer: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    who = officer or await world.officer()
    return made(await world.manager.post(PATH, json=body_for(who, **changes)))


async def approved(world: World, officer: dict[str, Any], **changes: Any) -> dict[str, Any]:
    exemption = await proposed(world, officer, **changes)
    answer = await world.bureau.post(f"{PATH}/{exemption['id']}/approve", json={"note": "属实"}, version=1)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def months(world: World, officer: dict[str, Any], at: datetime, first: str = "2024-01-01", last: str = "2024-12-31") -> Any:
    with world.superuser() as connection:
        query = "SELECT months, reasons FROM training.exempt_months(%s, %s, %s, %s)"
        return connection.execute(query, [officer["id"], first, last, at]).fetchone()


async def test_the_unit_proposes_and_the_bureau_approves(world: World) -> None:
    officer = await world.officer()
    exemption = await proposed(world, officer, ground=GROUND)
    read = schemas.ExemptionOut.model_validate((await world.manager.get(f"{PATH}/{exemption['id']}")).json())
    assert (read.state, read.has_ground, read.waives) == ("proposed", True, "months")
    assert read.allowed_actions == ["change", "withdraw", "ground_disclosure"]
    assert GROUND not in str(exemption)
    assert months(world, officer, world.clock()) == (0, None), "what is asked for does not hold yet"
    path = f"{PATH}/{exemption['id']}/approve"
    assert (await world.bureau.post(path)).status_code == 428
    dry = await world.bureau.post(path, params={"dry_run": "true"}, version=1)
    assert (dry.json()["state"], months(world, officer, world.clock())) == ("approved", (0, None))
    world.clock.pass_time(hours=1)
    done = await world.bureau.post(path, json={"note": "属实"}, version=1)
    assert (done.json()["state"], done.json()["decision_note"]) == ("approved", "属实")
    assert problem(await world.bureau.post(path, version=1)) == (412, "stale")
    assert problem(await world.bureau.post(path, version=2)) == (409, "exemption.illegal_move")
    assert months(world, officer, world.clock()) == (6, ["seconded"])
    with world.superuser() as connection:
        told = connection.execute(
            "SELECT e.action, o.kind FROM kit.audit_events e JOIN kit.outbox o ON o.object_id = e.object_id AND o.kind = e.action"
            " WHERE e.object_id = %s ORDER BY e.recorded_at",
            [exemption["id"]],
        ).fetchall()
    assert told == [("exemption.proposed",) * 2, ("exemption.approved",) * 2]


async def test_nobody_approves_the_own_proposal(world: World) -> None:
    officer, account = await world.officer(), ids.new_id()
    bureau = world.caller(Role.BUREAU, account_id=account)
    exemption = made(await bureau.post(PATH, json=body_for(officer)))
    assert exemption["allowed_actions"] == ["change", "withdraw"]
    refused = await bureau.post(f"{PATH}/{exemption['id']}/approve", version=1)
    assert problem(refused) == (403, "exemption.own_proposal")


async def test_every_fault_of_a_proposal_is_told_at_once(world: World) -> None:
    officer = await world.officer(hired_on="2024-02-01")
    wrong = body_for(officer, reason="sick_leave", from_on="2024-01-05", to_on="2024-03-01")
    assert faults(await world.manager.post(PATH, json=wrong)) == [
        ("/body/attachment_ids", "missing"),
        ("/body/from_on", "hours.not_in_service"),
        ("/body/to_on", "exemption.too_short"),
    ]
    unknown = await world.manager.post(PATH, json=body_for(officer, reason="no_such_reason"))
    assert faults(unknown) == [("/body/reason", "exemption.unknown_reason")]
    other = await world.officer(world.place.other_town)
    assert faults(await world.manager.post(PATH, json=body_for(other))) == [("/body/officer_id", "not_found")]
    auxiliary = await world.officer(kind="auxiliary")
    assert faults(await world.manager.post(PATH, json=body_for(auxiliary))) == [("/body/officer_id", "exemption.owes_nothing")]


async def test_one_exemption_at_a_time(world: World) -> None:
    officer = await world.officer()
    first = await proposed(world, officer)
    again = await world.manager.post(PATH, json=body_for(officer, from_on="2024-08-31", to_on=None))
    assert problem(again) == (409, "exemption.overlapping")
    await world.manager.post(f"{PATH}/{first['id']}/withdraw", version=1)
    assert made(await world.manager.post(PATH, json=body_for(officer, from_on="2024-08-31", to_on=None)))


async def test_what_is_asked_for_can_change_until_it_is_decided(world: World) -> None:
    officer = await world.officer()
    exemption = await proposed(world, officer)
    path = f"{PATH}/{exemption['id']}"
    short = await world.manager.patch(path, json={"from_on": "2024-09-01"}, version=1)
    assert faults(short) == [("/body/to_on", "exemption.ends_before_start")]
    changed = await world.manager.patch(path, json={"to_on": "2024-12-31", "ground": GROUND}, version=1)
    assert (changed.json()["to_on"], changed.json()["has_ground"]) == ("2024-12-31", True)
    await world.bureau.post(f"{path}/refuse", json={"reason": "材料不全"}, version=2)
    late = await world.manager.patch(path, json={"to_on": "2024-11-30"}, version=3)
    assert problem(late) == (409, "exemption.illegal_move")
    assert months(world, officer, world.clock()) == (0, None)


async def test_figures_of_last_month_stay_as_they_were_known(world: World) -> None:
    officer = await world.officer()
    exemption = await approved(world, officer)
    path = f"{PATH}/{exemption['id']}"
    known = world.clock()
    world.clock.pass_time(days=1)
    later = await world.manager.post(f"{path}/end", json={"on": "2024-08-31", "reason": "提前返岗"}, version=2)
    assert problem(later) == (409, "exemption.not_shorter")
    ended = await world.manager.post(f"{path}/end", json={"on": "2024-06-29", "reason": "提前返岗"}, version=2)
    assert (ended.json()["state"], ended.json()["to_on"]) == ("approved", "2024-06-29")
    assert months(world, officer, world.clock()) == (3, ["seconded"]), "June has a day of service"
    assert months(world, officer, known) == (6, ["seconded"])
    ended_at = world.clock()
    world.clock.pass_time(days=1)
    gone = await world.bureau.post(f"{path}/revoke", json={"reason": "材料不实"}, version=3)
    assert gone.json()["state"] == "revoked"
    assert months(world, officer, world.clock()) == (0, None)
    assert months(world, officer, ended_at) == (3, ["seconded"])


async def test_months_count_within_the_service_of_the_year(world: World) -> None:
    officer = await world.officer()
    await approved(world, officer, from_on="2023-11-15", to_on="2024-02-10")
    await approved(world, officer, from_on="2024-02-11", to_on="2024-03-31", reason="left")
    now = world.clock()
    assert months(world, officer, now) == (3, ["seconded", "left"]), "two that adjoin cover February together"
    assert months(world, officer, now, "2023-01-01", "2023-12-31") == (1, ["seconded"])
    assert months(world, officer, now, "2024-01-20", "2024-12-31") == (3, ["seconded", "left"]), "service began within January"
    assert months(world, officer, now, "2024-04-01", "2024-12-31") == (0, None)
    open_ended = await world.officer()
    await approved(world, open_ended, from_on="2024-07-01", to_on=None)
    assert months(world, open_ended, now) == (6, ["seconded"])
    assert months(world, open_ended, now, "2030-01-01", "2030-12-31") == (12, ["seconded"])


async def test_a_reason_may_waive_the_whole_year(world: World) -> None:
    reason = {"code": "year_off", "title_zh": "全年减免", "title_en": "year waived", "waives": "year", "valid_from": "2024-01-01"}
    made(await world.bureau.post("/v1/exemption-reasons", json=reason))
    officer = await world.officer()
    exemption = await approved(world, officer, reason="year_off", from_on="2024-05-06", to_on="2024-05-07")
    assert exemption["waives"] == "year"
    assert months(world, officer, world.clock()) == (12, ["year_off"])
    assert months(world, officer, world.clock(), "2023-01-01", "2023-12-31") == (0, None)


async def test_evidence_is_for_those_who_may_read_the_ground(world: World) -> None:
    officer, account = await world.officer(), ids.new_id()
    manager = world.caller(Role.UNIT_MANAGER, account_id=account)
    file = ids.new_id()
    with world.superuser() as connection:
        columns = {
            row[0]: row[1]
            for row in connection.execute(
                "SELECT column_name, data_type FROM information_schema.columns"
                " WHERE table_schema = 'directory' AND table_name = 'attachments' AND is_nullable = 'NO'"
            )
        }
        usual: dict[str, Any] = {"uuid": ids.new_id(), "integer": 1, "bigint": 1, "text": "x", "bytea": b"x", "boolean": False}
        usual |= {"timestamp with time zone": world.clock()}
        row = {name: usual[kind] for name, kind in columns.items()} | {"id": file, "uploaded_by": account}
        row |= {"unit_id": world.place.town.id}
        marks = ", ".join(["%s"] * len(row))
        with connection.transaction():
            connection.execute("SET LOCAL session_replication_role = replica")
            connection.execute(f"INSERT INTO directory.attachments ({', '.join(row)}) VALUES ({marks})", list(row.values()))
    body = body_for(officer, reason="sick_leave", attachment_ids=[str(file)])
    exemption = made(await manager.post(PATH, json=body))
    assert exemption["attachment_ids"] == [str(file)]
    with world.superuser() as connection:
        query = "SELECT audience FROM kit.attachment_links WHERE object_id = %s"
        assert connection.execute(query, [exemption["id"]]).fetchone() == ({"bureau": "district", "unit_manager": "unit"},)


async def test_a_ground_in_clear_has_its_reason_and_leaves_a_trace(world: World) -> None:
    exemption = await proposed(world, ground=GROUND)
    path = f"{PATH}/{exemption['id']}/ground-disclosure"
    rehearsed = await world.bureau.post(path, params={"dry_run": "true"}, json={"reason": "核对"})
    assert faults(rehearsed) == [("/query/dry_run", "not_allowed")]
    shown = await world.bureau.post(path, json={"reason": "核对"})
    assert shown.json() == {"exemption_id": exemption["id"], "ground": GROUND}
    with world.superuser() as connection:
        query = "SELECT reason FROM kit.audit_events WHERE object_id = %s AND action = 'exemption.ground_disclosed'"
        assert connection.execute(query, [exemption["id"]]).fetchall() == [("核对",)]
    bare = await proposed(world)
    assert (await world.bureau.post(f"{PATH}/{bare['id']}/ground-disclosure", json={"reason": "核对"})).status_code == 404


async def test_the_list_follows_the_officer(world: World) -> None:
    officer = await world.officer()
    exemption = await approved(world, officer)
    found = await world.manager.get(PATH, params={"officer_id": officer["id"], "covers_on": "2024-08-31", "state": "approved"})
    page = schemas.ExemptionPage.model_validate_json(found.content)
    assert [str(item.id) for item in page.items] == [exemption["id"]]
    assert (await world.manager.get(PATH, params={"officer_id": officer["id"], "covers_on": "2024-09-01"})).json()["items"] == []
    move = {"unit_id": str(world.place.other_town.id), "on": "2024-09-01"}
    await world.bureau.post(f"/v1/officers/{officer['id']}/transfer", json=move, version=1)
    assert (await world.manager.get(f"{PATH}/{exemption['id']}")).status_code == 404
    other = world.caller(Role.UNIT_MANAGER, world.place.other_town)
    assert (await other.get(f"{PATH}/{exemption['id']}")).json()["unit_id"] == str(world.place.other_town.id)
