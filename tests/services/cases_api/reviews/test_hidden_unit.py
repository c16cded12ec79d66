"""A round that hides units: its reviewers see the file masked, and no reader of the service tells them whose it is."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import UUID

import pytest

from services.cases_api.case_documents.schemas import CaseDocumentPage
from services.cases_api.case_files.schemas.lists import CaseFileOut, CaseFilePage
from services.kit import ids, openapi
from services.kit.principal import Role
from tests.client import Caller
from tests.factories import reviews
from tests.factories.reviews import World, good
from tests.services.cases_api.assignment_runs.rounds import Turn, drawn, outsider

NUMBER = "SELECT case_no FROM cases.case_files WHERE id = %s"
OFFICER = "SELECT officers[1] FROM cases.case_files WHERE id = %s"


@pytest.fixture(scope="module")
def secrets(world: World) -> tuple[UUID, list[str]]:
    """A closed file full of what tells its unit, and everything that must not be told."""
    town, link = world.place.town, world.connection
    file_id = reviews.case_file(link, town)
    (row,) = world.rows("SELECT case_no, officers::text[], case_number_id::text FROM cases.case_files WHERE id = %s", file_id)
    (unit,) = world.rows("SELECT name, short_name, code, id::text FROM published.units WHERE id = %s", town.id)
    case_no, officers, number_id = row
    told = f"{unit[0]}（{unit[1]}，{unit[2]}）执法人员{officers[0]}办理{case_no}，当事人示例公司（虚构）"
    link.execute(
        "UPDATE cases.case_files SET decision = %s, item = %s, external_system = 'province', external_id = 'X-1' WHERE id = %s",
        [told, f"占道经营{told[:40]}", file_id],
    )
    facts = json.dumps({"officers": officers, "document_no": "榕示例甲罚决〔2025〕1号"})
    step = "INSERT INTO cases.case_steps VALUES (%s, %s, 'acceptance', '2025-01-10', %s, %s, now())"
    link.execute(step.replace("'acceptance'", "'filing'"), [ids.new_id(), file_id, told, facts])
    move = "INSERT INTO cases.case_moves VALUES (%s, %s, 'close', 'decided', 'closed', '2025-02-20', %s, %s, now())"
    link.execute(move, [ids.new_id(), file_id, f"{unit[0]}结案", ids.new_id()])
    document = (
        "INSERT INTO cases.case_documents (id, case_file_id, type, title, number, version, attachment_id, created_by, created_at)"
        " VALUES (%s, %s, 'penalty_decision', %s, %s, 1, %s, %s, now())"
    )
    clerk, attachment = str(ids.new_id()), str(ids.new_id())
    link.execute(document, [ids.new_id(), file_id, f"{unit[0]}决定书", "榕示例甲罚决〔2025〕1号", attachment, clerk])
    names = [each for each in unit if each and len(each) > 1]
    return file_id, [*names, *officers, case_no, number_id, "示例公司", "榕示例甲", "X-1", clerk, attachment]


async def hidden(world: World) -> tuple[Turn, Caller, dict[str, Any]]:
    """A hidden round, and one of its reviewers, who is a member of another unit as well."""
    for _ in range(2):
        outsider(world)
    turn = await drawn(world, hide_units=True)
    assert (await turn.assign())["state"] == "succeeded"
    one = (await turn.assignments())[0]
    roles = (Role.REVIEWER, Role.UNIT_MEMBER)
    return turn, world.caller(*roles, unit=world.place.other_town, account_id=UUID(one["account_id"])), one


async def test_no_reader_tells_the_unit_and_the_masked_file_can_be_reviewed(
    world: World, secrets: tuple[UUID, list[str]]
) -> None:
    file_id, told = secrets
    turn, who, one = await hidden(world)
    good(await who.post(f"/v1/reviews/{one['id']}/open", version=1))
    good(await who.request("PUT", f"/v1/reviews/{one['id']}", json={"items": []}, version=2))
    state = await turn.now()
    known = {
        "case_file_id": file_id, "review_id": one["id"], "assignment_id": one["id"], "round_id": state["id"], "number": 1,
        "campaign_id": state["campaign_id"], "draw_id": state["draw_id"],
    }  # fmt: skip
    reached = set()
    for route in openapi.routes_of(world.services.app("cases_api")):
        if "GET" not in (route.methods or ()) or not route.path.startswith("/v1"):
            continue
        path = re.sub(r"\{(\w+)\}", lambda name: str(known.get(name[1], ids.new_id())), route.path)
        answer = await who.get(path)
        found = [each for each in told if each in answer.text]
        assert found == [], (route.path, found)
        reached |= {route.path} if answer.status_code == 200 else set()
    assert {"/v1/case-files", "/v1/case-files/{case_file_id}", "/v1/case-files/{case_file_id}/documents"} <= reached
    assert {"/v1/case-files/{case_file_id}/defects", "/v1/case-files/{case_file_id}/moves", "/v1/reviews"} <= reached
    shown = CaseFileOut.model_validate(good(await who.get(f"/v1/case-files/{file_id}")))
    assert (shown.masked, shown.unit_id, len(shown.officers)) == (True, None, 2)
    assert re.fullmatch(r"〔2025〕\d+号", shown.case_no)
    assert "某单位" in (shown.decision or "")
    CaseFilePage.model_validate(good(await who.get("/v1/case-files")))
    CaseDocumentPage.model_validate(good(await who.get(f"/v1/case-files/{file_id}/documents")))
    for name, value in {
        "unit_id": world.place.town.id,
        "case_no": told[6],
        "external_id": "X-1",
        "officer_id": told[4],
        "q": "占道",
    }.items():
        assert good(await who.get("/v1/case-files", params={name: str(value)}))["items"] == [], name
    told_to = "SELECT 1 FROM kit.outbox WHERE %s::uuid = ANY (account_ids) AND unit_id IS NOT NULL"
    assert world.rows(told_to, one["account_id"]) == []


async def test_only_the_redacted_copy_of_a_document_is_within_reach(world: World, secrets: tuple[UUID, list[str]]) -> None:
    file_id, _ = secrets
    _, who, _ = await hidden(world)
    path = f"/v1/case-files/{file_id}/documents"
    (document,) = good(await who.get(path))["items"]
    assert "attachment_id" not in document
    clerk = world.caller(Role.UNIT_MEMBER, unit=world.place.town)
    absent = await clerk.post(f"{path}/{document['id']}/redacted-copies", json={"attachment_id": str(ids.new_id())})
    assert absent.json()["errors"] == [absent.json()["errors"][0] | {"pointer": "/body/attachment_id", "code": "not_found"}]
    copy = ids.new_id()
    world.connection.execute(
        "INSERT INTO cases.redacted_copies VALUES (%s, %s, %s, %s, now())", [ids.new_id(), document["id"], copy, ids.new_id()]
    )
    assert good(await who.get(path))["items"][0]["attachment_id"] == str(copy)
    assert (await who.post(f"{path}/{document['id']}/redacted-copies", json={"attachment_id": str(copy)})).status_code == 404
    assert good(await clerk.get(path))["items"][0]["redacted_attachment_id"] == str(copy)


async def test_once_published_the_file_is_shown_as_it_is(world: World, secrets: tuple[UUID, list[str]]) -> None:
    file_id, _ = secrets
    turn, who, _ = await hidden(world)
    for one in await turn.assignments():
        reviewer = world.caller(Role.REVIEWER, unit=world.place.bureau, account_id=UUID(one["account_id"]))
        good(await reviewer.post(f"/v1/reviews/{one['id']}/submit", json={"items": []}, version=1))
    world.connection.execute("UPDATE cases.review_rounds SET state = 'void', voided_at = now(), void_reason = 'x' WHERE id <> %s",
                             [(await turn.now())["id"]])  # fmt: skip
    assert good(await who.get(f"/v1/case-files/{file_id}"))["masked"] is True
    await turn.act("publish")
    shown = good(await who.get(f"/v1/case-files/{file_id}"))
    assert (shown.get("masked"), shown["unit_id"]) == (None, str(world.place.town.id))
