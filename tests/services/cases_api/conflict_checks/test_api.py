"""Conflicts as the system finds them and as people declare them, over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.cases_api.conflict_checks import schemas
from services.cases_api.conflict_declarations import schemas as declaration_schemas
from services.cases_api.reviewers import schemas as reviewer_schemas
from services.kit import clock, ids
from services.kit.principal import Role
from tests.factories import cases, reviews
from tests.factories.reviews import World, good
from tests.places import Unit

TODAY = clock.local_day(clock.now())


async def found(world: World, account_id: UUID, case_file_id: UUID, **more: Any) -> list[str]:
    """The kinds of conflict between a reviewer and a file."""
    body = {"account_ids": [str(account_id)], "case_file_ids": [str(case_file_id)], **more}
    answer = schemas.ConflictCheckOut.model_validate(good(await world.bureau.post("/v1/conflict-checks", json=body)))
    assert answer.checked == 1
    return [str(kind) for each in answer.items for kind in each.kinds]


def file(world: World, unit: Unit | None = None) -> UUID:
    return reviews.case_file(world.connection, unit or world.place.town)


async def test_ones_own_unit_is_also_the_one_above_and_the_one_below(world: World) -> None:
    place = world.place
    for unit, kinds in (
        (place.town, ["own_unit"]),
        (place.town_branch, ["own_unit"]),
        (place.other_town, []),
        (place.bureau, []),
    ):
        assert await found(world, reviews.account(world.connection, unit), file(world)) == kinds
    assert await found(world, reviews.account(world.connection, place.town), file(world, place.town_branch)) == ["own_unit"]


async def test_who_handled_or_approved_a_case_does_not_review_it(world: World) -> None:
    account, case = reviews.account(world.connection, world.place.bureau), file(world)
    for action, state in (("create", "open"), ("close", "closed")):
        world.connection.execute(
            "INSERT INTO cases.case_moves (id, case_file_id, action, to_state, effective_on, account_id, recorded_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, now())",
            [ids.new_id(), case, action, state, TODAY, account],
        )
    assert await found(world, account, case) == ["handled", "approved"]
    officer = cases.officer(world.connection, world.place.bureau)
    world.connection.execute("UPDATE cases.case_files SET officers = officers || %s WHERE id = %s", [officer, case])
    other = reviews.account(world.connection, world.place.bureau)
    assert await found(world, other, case) == []
    good(await world.bureau.post("/v1/reviewers", json={"account_id": str(other), "officer_id": str(officer)}))
    assert await found(world, other, case) == ["handled"]


async def test_a_former_unit_counts_for_so_many_years_and_the_bureau_may_clear_it(world: World) -> None:
    account, case = reviews.account(world.connection, world.place.bureau), file(world)
    town, day = str(world.place.town.id), TODAY - timedelta(days=3 * 366)
    former = [{"unit_id": town, "until": day.isoformat()}]
    made = good(await world.bureau.post("/v1/reviewers", json={"account_id": str(account), "former_units": former}))
    assert await found(world, account, case) == []
    lately = {"former_units": [{"unit_id": town, "until": (TODAY - timedelta(days=700)).isoformat()}]}
    good(await world.bureau.patch(f"/v1/reviewers/{made['id']}", json=lately, version=1))
    assert await found(world, account, case) == ["former_unit"]
    cleared = {"account_id": str(account), "unit_id": town, "kind": "cleared", "reason": "仅短期跟班"}
    good(await world.bureau.post("/v1/conflict-declarations", json=cleared))
    assert await found(world, account, case) == []


async def test_posts_as_an_officer_count_as_former_units(world: World) -> None:
    officer = cases.officer(world.connection, world.place.bureau)
    account, case = reviews.account(world.connection, world.place.bureau), file(world)
    good(await world.bureau.post("/v1/reviewers", json={"account_id": str(account), "officer_id": str(officer)}))
    world.connection.execute(
        "INSERT INTO training.officer_units (id, officer_id, district_id, unit_id, kind, from_on, to_on, recorded_at)"
        " VALUES (%s, %s, %s, %s, 'officer', '2015-01-01', %s, now())",
        [ids.new_id(), officer, world.place.district.id, world.place.town.id, TODAY - timedelta(days=30)],
    )
    assert await found(world, account, case) == ["former_unit"]


async def test_a_unit_reviewed_last_year_is_left_to_others_this_year(world: World) -> None:
    _, review = await world.review()
    account, case = UUID(review["account_id"]), file(world)
    world.connection.execute("UPDATE published.accounts SET unit_id = %s WHERE id = %s", [world.place.bureau.id, account])
    world.connection.execute(
        "UPDATE cases.review_assignments SET mode = 'sample', state = 'submitted' WHERE id = %s", [review["id"]]
    )
    assert [await found(world, account, case, year=year) for year in (2025, 2026, 2027)] == [[], ["repeated"], []]


async def test_declared_conflicts_are_with_a_unit_or_a_file(world: World) -> None:
    account, case = reviews.account(world.connection, world.place.bureau), file(world)
    who = world.caller(Role.REVIEWER, unit=world.place.bureau, account_id=account)
    made = good(await who.post("/v1/conflict-declarations", json={"case_file_id": str(case), "kind": "kin", "reason": "演示"}))
    whole = declaration_schemas.ConflictDeclarationOut.model_validate(made)
    assert (whole.account_id, whole.pinned, whole.allowed_actions) == (account, False, ["withdraw"])
    assert (await found(world, account, case), await found(world, account, file(world))) == (["declared"], [])
    path = f"/v1/conflict-declarations/{made['id']}"
    assert (await who.post(f"{path}/withdraw")).status_code == 428
    assert good(await who.post(f"{path}/withdraw", version=1))["state"] == "withdrawn"
    assert (await who.post(f"{path}/withdraw", version=2)).json()["code"] == "conflict_declaration.illegal_move"
    assert await found(world, account, case) == []


async def test_what_the_bureau_pins_only_the_bureau_withdraws(world: World) -> None:
    account, case = reviews.account(world.connection, world.place.bureau), file(world)
    who = world.caller(Role.REVIEWER, unit=world.place.bureau, account_id=account)
    body = {"account_id": str(account), "unit_id": str(world.place.town.id), "kind": "dispute", "reason": "演示", "pinned": True}
    made = good(await world.bureau.post("/v1/conflict-declarations", json=body))
    path = f"/v1/conflict-declarations/{made['id']}"
    assert good(await who.get(path))["allowed_actions"] == []
    assert (await who.post(f"{path}/withdraw", version=1)).json()["code"] == "conflict_declaration.pinned"
    assert await found(world, account, case) == ["declared"]
    good(await world.bureau.post(f"{path}/withdraw", version=1))
    for wrong in (body | {"account_id": str(reviews.account(world.connection, world.place.town))}, {"kind": "cleared"}):
        usual = {"unit_id": body["unit_id"], "reason": "演示", "kind": "kin"}
        refused = await who.post("/v1/conflict-declarations", json=usual | wrong)
        assert refused.json()["code"] == "conflict_declaration.only_for_oneself"


async def test_every_fault_is_named(world: World) -> None:
    both = {"unit_id": str(world.place.town.id), "case_file_id": str(ids.new_id()), "kind": "kin", "reason": "演示"}
    for body, pointers in (
        (both, ["/body/case_file_id"]),
        ({"kind": "kin", "reason": "演示"}, ["/body/unit_id"]),
        ({"unit_id": str(world.place.foreign_town.id), "kind": "kin", "reason": "演示"}, ["/body/unit_id"]),
    ):
        answer = await world.bureau.post("/v1/conflict-declarations", json=body)
        assert [fault["pointer"] for fault in answer.json()["errors"]] == pointers
    stranger, foreign = reviews.account(world.connection, world.place.foreign_town), file(world, world.place.foreign_town)
    answer = await world.bureau.post(
        "/v1/conflict-checks", json={"account_ids": [str(stranger)], "case_file_ids": [str(foreign)]}
    )
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/body/account_ids/0", "/body/case_file_ids/0"]
    member = reviews.account(world.connection, world.place.town, Role.UNIT_MEMBER)
    former = [{"unit_id": str(ids.new_id()), "until": "2025-01-01"}]
    wrong = {"account_id": str(member), "absent_from": "2025-01-02", "former_units": former}
    answer = await world.bureau.post("/v1/reviewers", json=wrong)
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [
        "/body/absent_to",
        "/body/former_units/0/unit_id",
        "/body/account_id",
    ]


async def test_the_pool_is_kept_by_the_bureau(world: World) -> None:
    account = reviews.account(world.connection, world.place.town)
    made = good(await world.bureau.post("/v1/reviewers", json={"account_id": str(account), "kinds": ["penalty"]}))
    whole = reviewer_schemas.ReviewerOut.model_validate(made)
    assert (whole.unit_id, whole.is_active, whole.kinds) == (world.place.town.id, True, ["penalty"])
    again = await world.bureau.post("/v1/reviewers", json={"account_id": str(account)})
    assert (again.status_code, again.json()["code"]) == (409, "reviewer.already_listed")
    path = f"/v1/reviewers/{made['id']}"
    away = {"absent_from": "2025-01-02", "absent_to": "2025-01-01"}
    assert (await world.bureau.patch(path, json=away, version=1)).json()["errors"][0]["pointer"] == "/body/absent_to"
    changed = good(await world.bureau.patch(path, json={"is_active": False}, version=1))
    assert (changed["is_active"], changed["version"]) == (False, 2)
    assert (await world.bureau.patch(path, json={"is_active": True}, version=1)).status_code == 412
    audited = world.rows("SELECT action FROM kit.audit_events WHERE object_id = %s ORDER BY id", made["id"])
    assert audited == [("reviewer.listed",), ("reviewer.changed",)]


@pytest.mark.parametrize("role", list(Role))
async def test_each_role_does_what_it_may(world: World, role: Role) -> None:
    who = world.caller(role, unit=world.place.bureau if role is Role.BUREAU else world.place.town)
    bureau, reviewer = role is Role.BUREAU, role is Role.REVIEWER
    account, case = reviews.account(world.connection, world.place.town), file(world)
    dry = {"dry_run": "true"}
    listed = await who.get("/v1/reviewers")
    assert listed.status_code == (200 if bureau or reviewer or role is Role.UNIT_MANAGER else 403)
    entered = await who.post("/v1/reviewers", json={"account_id": str(account)}, params=dry)
    assert entered.status_code == (201 if bureau else 403)
    checked = await who.post("/v1/conflict-checks", json={"account_ids": [str(account)], "case_file_ids": [str(case)]})
    assert checked.status_code == (200 if bureau else 403)
    assert (await who.get("/v1/conflict-declarations")).status_code == (200 if bureau or reviewer else 403)
    body = {"case_file_id": str(case), "kind": "kin", "reason": "演示"}
    declared = await who.post("/v1/conflict-declarations", json=body, params=dry)
    assert declared.status_code == (201 if bureau or reviewer else 403)
