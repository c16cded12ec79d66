"""Case files over HTTP: entered, changed, moved, locked, opened again."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from services.cases_api.case_files.schemas import lists
from services.kit import clock, ids
from services.kit.principal import Role
from tests.factories import cases
from tests.factories.cases import World

PATH = "/v1/case-files"
REASON = {"X-Change-Reason": "%E8%AE%B0%E9%94%99"}


def faults_of(answer: Any) -> set[tuple[str, str]]:
    assert answer.status_code == 400, answer.text
    return {(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]}


async def test_a_file_is_entered_with_the_next_number_of_its_series(cases_world: World) -> None:
    made = await cases_world.member.post(PATH, json=cases_world.body(filed_on="2011-03-03"))
    assert made.status_code == 201, made.text
    file = lists.CaseFileOut.model_validate_json(made.content)
    assert (file.state, file.case_no, file.version) == ("open", f"{cases_world.place.town.code}-2011-CF-00001", 1)
    assert made.headers["Location"] == f"{PATH}/{file.id}"
    assert [(step.step, step.on) for step in file.steps] == [("filing", date(2011, 3, 3))]
    read = await cases_world.member.get(f"{PATH}/{file.id}")
    assert (read.json(), read.headers["ETag"]) == (made.json(), '"v1"')
    told = cases_world.rows("SELECT kind, data FROM kit.outbox WHERE object_id = %s", file.id)
    assert told == [("case_file.created", {})]
    (number,) = cases_world.rows("SELECT state FROM cases.case_numbers WHERE id = %s", file.case_number_id)
    assert number == ("used",)


async def test_32_files_entered_at_once_get_32_numbers_without_gap(cases_world: World) -> None:
    wanted = cases_world.body(filed_on="2012-05-05")
    answers = await asyncio.gather(*(cases.insistently(cases_world.member, PATH, wanted) for _ in range(32)))
    assert {answer.status_code for answer in answers} == {201}
    expected = {f"{cases_world.place.town.code}-2012-CF-{sequence:05}" for sequence in range(1, 33)}
    assert {answer.json()["case_no"] for answer in answers} == expected


async def test_refusals_and_dry_runs_use_no_number(cases_world: World) -> None:
    wanted = cases_world.body(filed_on="2013-05-05")
    assert (await cases_world.member.post(PATH, params={"dry_run": "true"}, json=wanted)).status_code == 201
    assert (await cases_world.member.post(PATH, json=wanted | {"decided_on": "2099-05-04"})).status_code == 400
    made = await cases_world.member.post(PATH, json=wanted)
    assert made.json()["case_no"].endswith("-2013-CF-00001")


async def test_a_reserved_number_is_used_once_and_only_in_its_series(cases_world: World) -> None:
    series = {"unit_id": str(cases_world.place.town.id), "kind": "penalty", "year": 2025}
    number = (await cases_world.member.post("/v1/case-numbers", json=series)).json()["items"][0]
    at = "/body/case_number_id"
    other_kind = await cases_world.member.post(PATH, json=cases_world.body(kind="licence", case_number_id=number["id"]))
    assert faults_of(other_kind) == {(at, "case_number.other_series")}
    neighbour = cases_world.caller(Role.UNIT_MANAGER, unit=cases_world.place.other_town)
    stolen = await neighbour.post(PATH, json=cases_world.body(cases_world.place.other_town, case_number_id=number["id"]))
    assert faults_of(stolen) == {(at, "not_found")}
    made = await cases_world.member.post(PATH, json=cases_world.body(case_number_id=number["id"]))
    assert (made.status_code, made.json()["case_no"]) == (201, number["number"])
    again = await cases_world.member.post(PATH, json=cases_world.body(case_number_id=number["id"]))
    assert faults_of(again) == {(at, "case_number.not_reserved")}
    void = await cases_world.manager.post(f"/v1/case-numbers/{number['id']}/void", version=2, json={"reason": "试验"})
    assert (void.status_code, void.json()["code"]) == (409, "case_number.in_use")


async def test_every_fault_of_an_entry_is_named_at_once(cases_world: World) -> None:
    tomorrow = clock.local_day(clock.now()) + timedelta(1)
    stranger = cases_world.officers[cases_world.place.foreign_town.id][0]
    neighbour = cases_world.officers[cases_world.place.other_town.id][0]
    wanted = cases_world.body(
        officers=[stranger, neighbour, neighbour],
        discovered_on=str(tomorrow),
        closed_on=str(tomorrow),
        steps=[
            {"step": "evidence", "on": "2025-03-01", "officers": [stranger, neighbour]},
            {"step": "delivery", "on": str(tomorrow), "announced_on": str(tomorrow)},
            {"step": "hearing", "on": "2025-03-05", "host_id": ids.new_id()},
        ],
        party=dict(cases.PERSON) | {"id_number": "350111199013070000"},
        external_system="platform",
    )
    refused = await cases_world.member.post(PATH, json=wanted)
    assert faults_of(refused) == {
        ("/body/officers/0", "not_found"),
        ("/body/officers/2", "repeated"),
        ("/body/discovered_on", "day.in_the_future"),
        ("/body/closed_on", "day.in_the_future"),
        ("/body/closed_on", "right.close_needed"),
        ("/body/steps/0/officers/0", "not_found"),
        ("/body/steps/1/on", "day.in_the_future"),
        ("/body/steps/1/announced_on", "day.in_the_future"),
        ("/body/steps/2/host_id", "not_found"),
        ("/body/party/id_number", "wrong_format"),
        ("/body/external_id", "missing"),
    }
    assert "350111199013070000" not in refused.text


async def test_what_the_law_forbids_is_kept_as_reported(cases_world: World) -> None:
    """A single auxiliary, a decision before filing, an archive before all: facts to record, and for the legal check to tell."""
    auxiliary = cases.officer(cases_world.connection, cases_world.place.town, kind="auxiliary")
    file = await cases_world.file(
        officers=[auxiliary],
        steps=[{"step": "evidence", "on": "2025-03-01"}],
        decided_on="2025-02-27",
        closed_on="2025-02-26",
        archived_on="2025-02-25",
    )
    assert [(step["step"], step["on"]) for step in file["steps"]] == [
        ("archiving", "2025-02-25"),
        ("closing", "2025-02-26"),
        ("decision", "2025-02-27"),
        ("evidence", "2025-03-01"),
        ("filing", "2025-03-03"),
    ]


async def test_a_whole_case_is_entered_in_one_go_by_whoever_may_close_it(cases_world: World) -> None:
    file = await cases_world.file(
        decided_on="2025-04-01",
        decision="罚款人民币五百元",
        amount_fen=50_000,
        closed_on="2025-04-20",
        archived_on="2025-05-01",
        steps=[{"step": "decision", "on": "2025-04-01", "note": "集体讨论后"}, {"step": "delivery", "on": "2025-04-03"}],
    )
    assert (file["state"], file["allowed_actions"]) == ("archived", ["reopen", "disclose_party"])
    assert [step["step"] for step in file["steps"]] == ["filing", "decision", "delivery", "closing", "archiving"]
    assert file["steps"][1]["note"] == "集体讨论后"
    history = (await cases_world.manager.get(f"{PATH}/{file['id']}/moves")).json()["items"]
    assert [(move["action"], move["to_state"], move["effective_on"]) for move in history] == [
        ("create", "open", "2025-03-03"),
        ("decide", "decided", "2025-04-01"),
        ("close", "closed", "2025-04-20"),
        ("archive", "archived", "2025-05-01"),
    ]


async def test_changes_need_the_version_and_bring_news_of_what_changed(cases_world: World) -> None:
    file = await cases_world.file()
    path = f"{PATH}/{file['id']}"
    assert (await cases_world.member.patch(path, json={"item": "甲"})).status_code == 428
    changed = await cases_world.member.patch(
        path, version=1, json={"item": "乙", "filed_on": "2025-02-03", "party": cases.COMPANY}
    )
    assert changed.status_code == 200, changed.text
    assert (changed.json()["item"], changed.json()["version"]) == ("乙", 2)
    assert changed.json()["steps"][0]["on"] == "2025-02-03"
    assert changed.json()["party"]["name_masked"] == cases.COMPANY["name"]
    assert (await cases_world.member.patch(path, version=1, json={"item": "丙"})).status_code == 412
    (row,) = cases_world.rows(
        "SELECT before, after FROM kit.audit_events WHERE object_id = %s AND action = 'case_file.changed'", file["id"]
    )
    assert row[1] == {"item": "乙", "filed_on": "2025-02-03", "party": "…"}
    assert row[0]["item"] == file["item"]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"filed_on": "2024-12-31"}, ("/body/filed_on", "day.other_year")),
        ({"decided_on": "2025-04-01"}, ("/body/decided_on", "not_allowed")),
        ({"item": None}, ("/body/item", "wrong_type")),
        ({"officers": None}, ("/body/officers", "wrong_type")),
        ({"unit_id": "01900000-0000-7000-8000-0000000000e1"}, ("/body/unit_id", "unknown_field")),
        ({"kind": "licence"}, ("/body/kind", "unknown_field")),
        ({"party": {"kind": "natural", "name": "甲", "id_number": "1234"}}, ("/body/party/id_number", "wrong_format")),
    ],
)
async def test_a_change_keeps_what_the_number_rests_on(
    cases_world: World, change: dict[str, Any], fault: tuple[str, str]
) -> None:
    file = await cases_world.file(steps=[{"step": "evidence", "on": "2025-03-05"}])
    refused = await cases_world.member.patch(f"{PATH}/{file['id']}", version=1, json=change)
    assert faults_of(refused) == {fault}


async def test_steps_are_added_in_their_order_and_taken_out_with_a_reason(cases_world: World) -> None:
    file = await cases_world.file()
    path = f"{PATH}/{file['id']}/steps"
    notice = {
        "step": "notice",
        "on": "2025-03-20",
        "note": "当面告知",
        "contents": ["facts", "basis", "hearing_right"],
        "fine_fen": 50_000,
        "officers": [str(officer) for officer in cases_world.officers[cases_world.place.town.id]],
    }
    added = await cases_world.member.post(path, version=1, json=notice)
    assert (added.status_code, added.headers["ETag"]) == (201, '"v2"'), added.text
    lists.CaseFileOut.model_validate_json(added.content)
    earlier = await cases_world.member.post(path, version=2, json={"step": "evidence", "on": "2025-03-10"})
    filed, evidence_row, noticed = earlier.json()["steps"]
    assert [(row["step"], row["on"]) for row in (filed, evidence_row)] == [("filing", "2025-03-03"), ("evidence", "2025-03-10")]
    assert noticed == notice | {"id": noticed["id"]}
    assert faults_of(await cases_world.member.post(path, version=3, json={"step": "closing", "on": "2025-03-22"})) == {
        ("/body/step", "not_allowed")
    }
    filing, evidence = (f"{path}/{row['id']}" for row in earlier.json()["steps"][:2])
    assert faults_of(await cases_world.member.delete(evidence, version=3)) == {("/header/x-change-reason", "missing")}
    kept = await cases_world.member.delete(filing, version=3, headers=REASON)
    assert (kept.status_code, kept.json()["code"]) == (409, "case_file.step_follows_file")
    removed = await cases_world.member.delete(evidence, version=3, headers=REASON)
    assert [row["step"] for row in removed.json()["steps"]] == ["filing", "notice"]
    assert (await cases_world.member.delete(evidence, version=4, headers=REASON)).status_code == 404


async def test_a_step_is_completed_by_what_becomes_known(cases_world: World) -> None:
    file = await cases_world.file(steps=[{"step": "registration_preservation", "on": "2025-03-10", "approved_on": "2025-03-10"}])
    kept, filing = ({row["step"]: row for row in file["steps"]}[name] for name in ("registration_preservation", "filing"))
    path = f"{PATH}/{file['id']}/steps"
    ended = {"step": "registration_preservation", "on": "2025-03-10", "disposed_on": "2025-03-14", "disposal": "returned"}
    changed = await cases_world.member.put(f"{path}/{kept['id']}", version=1, json=ended)
    assert changed.status_code == 200, changed.text
    assert changed.json()["steps"][1] == ended | {"id": kept["id"]}
    approved = {"step": "filing", "on": "2025-03-03", "approved": True, "approved_on": "2025-03-03"}
    assert (await cases_world.member.put(f"{path}/{filing['id']}", version=2, json=approved)).json()["version"] == 3
    other = await cases_world.member.put(f"{path}/{filing['id']}", version=3, json={"step": "notice", "on": "2025-03-04"})
    assert faults_of(other) == {("/body/step", "not_allowed"), ("/body/on", "step.other_day")}
    # The file's day moves the step, and what is known of it stays.
    moved = await cases_world.member.patch(f"{PATH}/{file['id']}", version=3, json={"filed_on": "2025-03-04"})
    assert moved.json()["steps"][0] == approved | {"id": filing["id"], "on": "2025-03-04"}
    assert (await cases_world.member.put(f"{path}/{filing['id']}", version=3, json=approved)).status_code == 412


@pytest.mark.parametrize(
    ("step", "fault"),
    [
        ({"on": "2025-03-05"}, ("step", "missing")),
        ({"step": "eating", "on": "2025-03-05"}, ("step", "not_allowed")),
        ({"step": "evidence"}, ("on", "missing")),
        ({"step": "evidence", "on": "2025-03-05", "kind": "hearsay"}, ("kind", "not_allowed")),
        ({"step": "evidence", "on": "2025-03-05", "fine_fen": 1}, ("fine_fen", "unknown_field")),
        ({"step": "notice", "on": "2025-03-05", "contents": ["facts", "jokes"]}, ("contents/1", "not_allowed")),
        ({"step": "delivery", "on": "2025-03-05", "receipt": "yes"}, ("receipt", "wrong_type")),
        ({"step": "exclusion", "on": "2025-03-05", "until": "2025-02-30"}, ("until", "wrong_format")),
    ],
)
async def test_a_step_takes_the_facts_of_its_kind_alone(cases_world: World, step: dict[str, Any], fault: tuple[str, str]) -> None:
    entered = await cases_world.member.post(PATH, json=cases_world.body(steps=[step]))
    assert faults_of(entered) == {(f"/body/steps/0/{fault[0]}", fault[1])}
    file = await cases_world.file()
    added = await cases_world.member.post(f"{PATH}/{file['id']}/steps", version=1, json=step)
    assert faults_of(added) == {(f"/body/{fault[0]}", fault[1])}


async def test_a_file_goes_its_way_and_comes_back_with_a_reason(cases_world: World) -> None:
    file = await cases_world.file()
    path = f"{PATH}/{file['id']}"
    manager = cases_world.manager
    ahead = str(clock.local_day(clock.now()) + timedelta(1))
    early = await manager.post(f"{path}/decide", version=1, json={"decided_on": ahead, "decision": "罚款"})
    assert faults_of(early) == {("/body/decided_on", "day.in_the_future")}
    document = {"penalties": ["fine"], "fine_fen": 50_000, "elements": ["party", "remedies"], "discretion_explained": True}
    decision = {"decided_on": "2025-04-01", "decision": "罚款五百元", "amount_fen": 50_000}
    decided = await manager.post(f"{path}/decide", version=1, json=decision | document)
    assert {name: decided.json()["steps"][1][name] for name in document} == document
    assert (decided.status_code, decided.json()["state"]) == (200, "decided"), decided.text
    corrected = await manager.patch(path, version=2, json={"decided_on": "2025-04-02"})
    assert [row["on"] for row in corrected.json()["steps"]] == ["2025-03-03", "2025-04-02"]
    closed = await manager.post(f"{path}/close", version=3, json={"closed_on": "2025-04-20"})
    assert closed.json()["allowed_actions"] == ["archive", "reopen", "disclose_party"]
    archived = await manager.post(f"{path}/archive", version=4, json={"archived_on": "2025-05-01"})
    assert [row["step"] for row in archived.json()["steps"]] == ["filing", "decision", "closing", "archiving"]
    assert faults_of(await manager.post(f"{path}/reopen", version=5)) == {("/body/reason", "missing")}
    reopened = await manager.post(f"{path}/reopen", version=5, json={"reason": "补充送达证据"})
    assert (reopened.json()["state"], "closed_on" in reopened.json()) == ("open", False)
    assert [row["step"] for row in reopened.json()["steps"]] == ["filing", "decision"]
    history = (await manager.get(f"{path}/moves")).json()["items"]
    assert [move["action"] for move in history] == ["create", "decide", "close", "archive", "reopen"]
    assert history[-1]["reason"] == "补充送达证据"


@pytest.mark.parametrize("state", ["closed", "archived", "void"])
async def test_a_locked_file_takes_no_change(cases_world: World, state: str) -> None:
    closing: dict[str, Any] = {"closed_on": "2025-04-20"} | ({"archived_on": "2025-05-01"} if state == "archived" else {})
    file = await cases_world.file(**({} if state == "void" else closing))
    path = f"{PATH}/{file['id']}"
    if state == "void":
        assert (await cases_world.manager.post(f"{path}/void", version=1, json={"reason": "重复录入"})).status_code == 200
    version = 2 if state == "void" else 1
    step = {"step": "evidence", "on": "2025-03-05"}
    document = {"type": "evidence", "title": "现场照片"}
    answers = [
        await cases_world.manager.patch(path, version=version, json={"item": "改"}),
        await cases_world.manager.post(f"{path}/steps", version=version, json=step),
        await cases_world.manager.delete(f"{path}/steps/{file['steps'][0]['id']}", version=version, headers=REASON),
        await cases_world.manager.post(f"{path}/documents", json=document),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(409, "case_file.locked")] * 4
    decided = await cases_world.manager.post(
        f"{path}/decide", version=version, json={"decided_on": "2025-04-01", "decision": "罚"}
    )
    assert (decided.status_code, decided.json()["code"]) == (409, "case_file.illegal_move")


async def test_a_void_file_takes_its_number_along(cases_world: World) -> None:
    file = await cases_world.file()
    void = await cases_world.manager.post(f"{PATH}/{file['id']}/void", version=1, json={"reason": "重复录入"})
    assert (void.json()["state"], void.json()["allowed_actions"]) == ("void", ["disclose_party"])
    number = (await cases_world.bureau.get(f"/v1/case-numbers/{file['case_number_id']}")).json()
    assert (number["state"], number["void_reason"], number["number"]) == ("void", "重复录入", file["case_no"])
    following = await cases_world.file()
    assert following["case_no"] > file["case_no"]


async def test_a_rehearsed_move_moves_nothing(cases_world: World) -> None:
    file = await cases_world.file()
    path = f"{PATH}/{file['id']}"
    rehearsed = await cases_world.manager.post(
        f"{path}/close", version=1, params={"dry_run": "true"}, json={"closed_on": "2025-04-01"}
    )
    assert (rehearsed.status_code, rehearsed.json()["state"]) == (200, "closed")
    assert (await cases_world.manager.get(path)).json() == file


async def test_two_writers_do_not_overwrite_each_other(cases_world: World) -> None:
    file = await cases_world.file()
    wanted = [cases_world.member.patch(f"{PATH}/{file['id']}", version=1, json={"item": f"第{n}版"}) for n in range(4)]
    answers = await asyncio.gather(*wanted)
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]


async def test_one_external_id_is_one_file(cases_world: World) -> None:
    wanted = cases_world.body(external_system="platform", external_id=str(ids.new_id()))
    assert (await cases_world.member.post(PATH, json=wanted)).status_code == 201
    again = await cases_world.member.post(PATH, json=wanted)
    assert (again.status_code, again.json()["code"]) == (409, "duplicate")
