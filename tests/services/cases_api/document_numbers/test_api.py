"""Numbers of documents over HTTP: gapless under load, used once, kept when void, written by patterns of their own."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from services.cases_api.case_documents.schemas import CaseDocumentOut
from services.cases_api.document_numbers import schemas
from services.cases_api.kinds import DOCUMENT_LETTERS, DocumentType
from services.kit import clock
from services.kit.principal import Role
from tests.factories import cases
from tests.factories.cases import World

PATH = "/v1/document-numbers"
YEAR = clock.local_day(clock.now()).year


def row(world: World, year: int, type_: str = "penalty_decision", **more: Any) -> dict[str, Any]:
    return {"unit_id": str(world.place.town.id), "type": type_, "year": year} | more


async def reserved(world: World, year: int, **more: Any) -> list[schemas.DocumentNumberOut]:
    made = await world.member.post(PATH, json=row(world, year, **more))
    assert made.status_code == 201, made.text
    return schemas.DocumentReservationOut.model_validate_json(made.content).items


def faults_of(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 400, answer.text
    return [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]]


def test_no_two_types_have_the_same_letters() -> None:
    assert len(set(DOCUMENT_LETTERS.values())) == len(DocumentType)


async def test_64_reservations_at_once_leave_no_gap_and_give_nothing_twice(cases_world: World) -> None:
    wanted = row(cases_world, 2002, count=2)
    answers = await asyncio.gather(*(cases.insistently(cases_world.member, PATH, wanted) for _ in range(64)))
    given = [number["sequence"] for answer in answers for number in answer.json()["items"]]
    assert sorted(given) == list(range(1, 129))
    # Types and kinds of cases count apart, also where they have the same name.
    assert [each.sequence for each in await reserved(cases_world, 2002, type="other")] == [1]
    other = {"unit_id": str(cases_world.place.town.id), "kind": "other", "year": 2002}
    assert (await cases_world.member.post("/v1/case-numbers", json=other)).json()["items"][0]["sequence"] == 1


async def test_a_pattern_of_documents_is_no_pattern_of_cases(cases_world: World) -> None:
    town = cases_world.place.town
    (plain,) = await reserved(cases_world, 2004)
    assert plain.number == f"{town.code}罚决〔2004〕1号"
    scope = {"unit_id": str(town.id), "series": "document", "year": 2003, "pattern": "榕晋岳执{kind}〔{year}〕{sequence}号"}
    made = await cases_world.bureau.post("/v1/number-patterns", json=scope)
    assert made.status_code == 201, made.text
    assert [each.number for each in await reserved(cases_world, 2003, count=2)] == [
        "榕晋岳执罚决〔2003〕1号",
        "榕晋岳执罚决〔2003〕2号",
    ]
    assert [each.number for each in await reserved(cases_world, 2003, type="penalty_notice")] == ["榕晋岳执罚告〔2003〕1号"]
    case = {"unit_id": str(town.id), "kind": "penalty", "year": 2003}
    taken = (await cases_world.member.post("/v1/case-numbers", json=case)).json()["items"][0]["number"]
    assert taken == f"{town.code}-2003-CF-00001"
    mixed = scope | {"kind": "penalty", "year": 2005}
    assert faults_of(await cases_world.bureau.post("/v1/number-patterns", json=mixed)) == [("/body/kind", "not_allowed")]
    of_case = {"document_type": "reminder", "pattern": "{unit_code}-{year}-{kind}-{sequence}"}
    assert faults_of(await cases_world.bureau.post("/v1/number-patterns", json=of_case)) == [
        ("/body/document_type", "not_allowed")
    ]
    listed = (await cases_world.bureau.get("/v1/number-patterns", params={"series": "document"})).json()["items"]
    assert {each["series"] for each in listed} == {"document"}


async def test_a_document_takes_its_number_once_and_its_next_version_keeps_it(cases_world: World) -> None:
    world = cases_world
    first, second = [f"/v1/case-files/{(await world.file())['id']}/documents" for _ in range(2)]
    (number,) = await reserved(world, YEAR)
    wanted = {"type": "penalty_decision", "title": "行政处罚决定书", "number_id": str(number.id)}
    made = [CaseDocumentOut.model_validate_json((await world.member.post(first, json=wanted)).content) for _ in range(2)]
    assert [(each.number, each.number_id, each.version) for each in made] == [
        (number.number, number.id, 1),
        (number.number, number.id, 2),
    ]
    assert faults_of(await world.member.post(second, json=wanted)) == [("/body/number_id", "document_number.not_reserved")]
    of_other_type = wanted | {"type": "penalty_notice"}
    assert faults_of(await world.member.post(first, json=of_other_type)) == [("/body/number_id", "document_number.other_series")]
    twice = wanted | {"take_number": True}
    assert faults_of(await world.member.post(first, json=twice)) == [("/body/take_number", "not_allowed")]
    taken = (await world.member.post(second, json={"type": "reminder", "title": "催告书", "take_number": True})).json()
    assert taken["number"] == f"{world.place.town.code}催〔{YEAR}〕1号"
    neighbour = world.caller(Role.UNIT_MEMBER, unit=world.place.other_town)
    foreign = f"/v1/case-files/{(await world.file(world.place.other_town))['id']}/documents"
    assert faults_of(await neighbour.post(foreign, json=wanted)) == [("/body/number_id", "not_found")]

    path = f"{PATH}/{number.id}/void"
    shown = schemas.DocumentNumberOut.model_validate_json((await world.member.get(f"{PATH}/{number.id}")).content)
    assert (shown.state, str(shown.case_file_id)) == ("used", first.split("/")[3])
    assert (await world.member.post(path, json={"reason": "撤回"}, version=shown.version)).status_code == 403
    assert faults_of(await world.manager.post(path, version=shown.version)) == [("/body/reason", "missing")]
    voided = await world.manager.post(path, json={"reason": "文书撤回（演示）"}, version=shown.version)
    assert (voided.json()["state"], voided.json()["void_reason"]) == ("void", "文书撤回（演示）")
    again = await world.manager.post(path, json={"reason": "又"}, version=shown.version + 1)
    assert again.json()["code"] == "document_number.void"
    assert [each.sequence for each in await reserved(world, YEAR)] == [2]
    trail = world.rows("SELECT action FROM kit.audit_events WHERE object_id = %s ORDER BY id", number.id)
    assert [each[0] for each in trail] == [f"document_number.{verb}" for verb in ("reserved", "used", "voided")]


@pytest.mark.parametrize(
    ("role", "home", "expected"),
    [
        (Role.UNIT_MANAGER, "town", (201, 200)),
        (Role.UNIT_MANAGER, "other_town", (400, 404)),
        (Role.UNIT_MANAGER, "foreign_town", (400, 404)),
        (Role.PLATFORM, "district", (201, 200)),
        (Role.BUREAU, "bureau", (403, 200)),
        (Role.GOVERNMENT, "district", (403, 403)),
        (Role.AUDITOR, "", (403, 403)),
    ],
)
async def test_who_reserves_and_reads(cases_world: World, role: Role, home: str, expected: tuple[int, int]) -> None:
    (number,) = await reserved(cases_world, 2006)
    caller = cases_world.caller(role, unit=getattr(cases_world.place, home) if home else None)
    entered = await caller.post(PATH, json=row(cases_world, 2006))
    assert (entered.status_code, (await caller.get(f"{PATH}/{number.id}")).status_code) == expected
