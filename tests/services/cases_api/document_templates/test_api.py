"""Templates of documents over HTTP: versions in force by the day, and the documents of a case held against them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from services.cases_api.document_checks import rules as checks
from services.cases_api.document_checks.schemas import DocumentChecksOut
from services.cases_api.document_templates.schemas import DocumentTemplateOut, DocumentTemplatePage
from services.kit import clock
from services.kit.principal import Role
from tests.factories.cases import World
from tests.factories.reviews import good

PATH = "/v1/document-templates"
PUBLISHED = {"published_on": "2025-01-02", "public_address": "区政府门户网站（演示）"}
TODAY = clock.local_day(clock.now())


def draft(begins: str, *keys: str, **more: Any) -> dict[str, Any]:
    elements = [{"key": key, "title": f"要素{key}（演示）"} for key in keys or ("party", "seal")]
    return {"type": "reminder", "title": "催告书（演示）", "elements": elements, "in_force_from": begins} | more


def faults_of(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 400, answer.text
    return [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]]


async def published(world: World, caller: Any, wanted: dict[str, Any]) -> DocumentTemplateOut:
    made = good(await caller.post(PATH, json=wanted))
    return DocumentTemplateOut.model_validate(good(await caller.post(f"{PATH}/{made['id']}/publish", json=PUBLISHED, version=1)))


TEMPLATE = [{"key": "a", "title": "甲", "required": True}, {"key": "b", "title": "乙", "required": False}]


@pytest.mark.parametrize(
    ("template", "held", "result", "lacking", "wished", "unknown"),
    [
        (TEMPLATE, ["a", "b"], "complete", [], [], []),
        (TEMPLATE, ["a"], "complete", [], ["b"], []),
        (TEMPLATE, ["b", "z"], "lacking", ["a"], [], ["z"]),
        (TEMPLATE, [], "lacking", ["a"], ["b"], []),
        (TEMPLATE, None, "undecided", [], [], []),
        (None, ["a"], "undecided", [], [], []),
    ],
)
def test_what_a_document_lacks(template: Any, held: Any, result: str, lacking: Any, wished: Any, unknown: Any) -> None:
    found = checks.checked(template, held)
    keys = [[each["key"] for each in listed] for listed in (found.lacking, found.wished)]
    assert (found.result.value, *keys, list(found.unknown)) == (result, lacking, wished, unknown)


async def test_a_later_version_ends_the_one_before_and_a_units_own_goes_first(cases_world: World) -> None:
    world = cases_world
    first = await published(world, world.bureau, draft("2025-01-01"))
    assert (first.state, first.unit_id, first.allowed_actions) == ("published", None, ["repeal"])
    late = good(await world.bureau.post(PATH, json=draft("2025-01-01")))
    refused = await world.bureau.post(f"{PATH}/{late['id']}/publish", json=PUBLISHED, version=1)
    assert refused.json()["code"] == "document_template.not_newer"
    moved = good(await world.bureau.patch(f"{PATH}/{late['id']}", json={"in_force_from": "2025-06-01"}, version=1))
    second = good(await world.bureau.post(f"{PATH}/{late['id']}/publish", json=PUBLISHED, version=moved["version"]))
    shown = good(await world.member.get(f"{PATH}/{first.id}"))
    assert (shown["state"], shown["in_force_to"], second["state"]) == ("superseded", "2025-05-31", "published")
    for day, expected in (("2025-05-31", str(first.id)), ("2025-06-01", second["id"])):
        listed = (await world.member.get(PATH, params={"type": "reminder", "on": day})).json()
        assert [str(each.id) for each in DocumentTemplatePage.model_validate(listed).items] == [expected]
    own = await published(world, world.manager, draft("2025-07-01", "party", "discretion", unit_id=str(world.place.town.id)))

    path = f"/v1/case-files/{(await world.file())['id']}"
    wanted: dict[str, Any] = {"type": "reminder", "title": "催告书", "elements": ["party"]}
    for title, day in (("一", "2025-05-31"), ("二", "2025-06-01"), ("三", "2025-07-01")):
        good(await world.member.post(f"{path}/documents", json=wanted | {"title": title, "made_on": day}))
    good(
        await world.member.post(
            f"{path}/documents", json={"type": "penalty_decision", "title": "决定书", "made_on": "2025-06-02"}
        )
    )
    good(await world.member.post(f"{path}/documents", json={"type": "evidence", "title": "照片", "elements": []}))
    notice = {"type": "penalty_notice", "title": "告知书", "made_on": "2025-06-01", "elements": ["facts"]}
    good(await world.member.post(f"{path}/documents", json=notice))
    complete = notice | {"elements": ["proposed_penalty", "facts", "reasons", "basis", "rights"]}
    good(await world.member.post(f"{path}/documents", json=complete))
    answer = await world.member.get(f"{path}/document-checks")
    found = DocumentChecksOut.model_validate_json(answer.content)
    told = {each.title: (each.result.value, each.version, [lack.key for lack in each.lacking]) for each in found.items}
    assert told == {
        "一": ("lacking", 1, ["seal"]),
        "二": ("lacking", 1, ["seal"]),
        "三": ("lacking", 1, ["discretion"]),
        "决定书": ("undecided", 1, []),
        "照片": ("undecided", 1, []),
        "告知书": ("complete", 2, []),
    }
    assert (found.complete, found.lacking, found.undecided) == (1, 3, 2)
    by_title = {each.title: each.template_id for each in found.items}
    assert (by_title["一"], str(by_title["二"]), by_title["三"], by_title["照片"]) == (first.id, second["id"], own.id, None)
    ahead = wanted | {"made_on": (TODAY + timedelta(days=2)).isoformat()}
    assert faults_of(await world.member.post(f"{path}/documents", json=ahead)) == [("/body/made_on", "day.in_the_future")]
    stranger = world.caller(Role.UNIT_MANAGER, unit=world.place.other_town)
    assert (await stranger.get(f"{path}/document-checks")).status_code == 404
    early = {"in_force_to": "2025-01-01", "reason": "不再适用（演示）"}
    gone = await world.manager.post(f"{PATH}/{own.id}/repeal", json=early, version=own.version)
    assert faults_of(gone) == [("/body/in_force_to", "record.out_of_order")]
    ended = good(
        await world.manager.post(f"{PATH}/{own.id}/repeal", json=early | {"in_force_to": "2025-12-31"}, version=own.version)
    )
    assert (ended["state"], ended["reason"]) == ("repealed", "不再适用（演示）")


async def test_who_drafts_reads_and_publishes(cases_world: World) -> None:
    world, place = cases_world, cases_world.place
    made = good(await world.member.post(PATH, json=draft("2025-01-01", unit_id=str(place.town.id), type="hearing_notice")))
    path = f"{PATH}/{made['id']}"
    found = {}
    for name, caller in {
        "member": world.member,
        "manager": world.manager,
        "bureau": world.bureau,
        "neighbour": world.caller(Role.UNIT_MANAGER, unit=place.other_town),
        "government": world.caller(Role.GOVERNMENT, unit=place.district),
        "stranger": world.caller(Role.UNIT_MANAGER, unit=place.foreign_town),
        "auditor": world.caller(Role.AUDITOR),
    }.items():
        publish = await caller.post(f"{path}/publish", json=PUBLISHED, version=1, params={"dry_run": "true"})
        whole_district = await caller.post(PATH, json=draft("2025-01-01"), params={"dry_run": "true"})
        found[name] = ((await caller.get(path)).status_code, publish.status_code, whole_district.status_code)
    assert found == {
        "member": (200, 403, 400),
        "manager": (200, 200, 400),
        "bureau": (200, 200, 201),
        "neighbour": (404, 404, 400),
        "government": (404, 403, 403),
        "stranger": (404, 404, 400),
        "auditor": (403, 403, 403),
    }
    assert good(await world.member.get(path))["state"] == "draft"
    doubled = draft("2025-01-01", "party", "party", unit_id=str(place.foreign_town.id))
    refused = faults_of(await world.member.post(PATH, json=doubled))
    assert refused == [("/body/elements/1/key", "repeated"), ("/body/unit_id", "not_found")]
    dropped = good(await world.member.post(f"{path}/drop", json={"reason": "重复（演示）"}, version=1))
    assert (dropped["state"], dropped["allowed_actions"]) == ("dropped", [])
    again = await world.manager.post(f"{path}/publish", json=PUBLISHED, version=2)
    assert again.json()["code"] == "document_template.illegal_move"
    trail = world.rows("SELECT action FROM kit.audit_events WHERE object_id = %s ORDER BY id", made["id"])
    assert [row[0] for row in trail] == ["document_template.created", "document_template.dropped"]
