"""Drawing the files of a round over HTTP and beneath it: the order of the protocol, the record, who may do what."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import consistent_sampler
import psycopg
import pytest
import rfc8785

from services.cases_api.draws import schemas
from services.cases_api.review_rounds import schemas as round_schemas
from services.cases_api.round_draws import actions, jobs
from services.kit import ids, sampling
from services.kit import jobs as kit_jobs
from services.kit.principal import Role
from tests.factories import reviews
from tests.factories.reviews import World, good
from tests.places import Unit

REASON = {"X-Change-Reason": "wrong%20list"}
VERIFIER = Path(__file__).parents[4] / "docs" / "verify_draw.py"
SOURCE = "公开掷骰（演示）"
HALF = {"quota": {"share_per_10000": 5000, "min": 2}}


async def draft(world: World, mode: str = "sample", **wanted: Any) -> dict[str, Any]:
    """A draft round of the first town's files in a year of its own."""
    campaign = await world.campaign()
    body = {"campaign_id": campaign["id"], "mode": mode, "unit_id": str(world.place.town.id)} | HALF | wanted
    return good(await world.bureau.post("/v1/review-rounds", json=body))


async def frozen(world: World, mode: str = "sample", **wanted: Any) -> tuple[str, dict[str, Any]]:
    """The path of a frozen round, and what was published of it. Its version is 2."""
    made = await draft(world, mode, **wanted)
    path = f"/v1/review-rounds/{made['id']}"
    return path, good(await world.bureau.post(f"{path}/freeze", version=1))


async def drawn(world: World, **wanted: Any) -> tuple[str, dict[str, Any]]:
    """The path of a drawn round at version 3, and its whole record."""
    path, told = await frozen(world, **wanted)
    good(await world.bureau.post(f"{path}/seed", json={"seed": str(ids.new_id()), "source": SOURCE}, version=2))
    good(await world.bureau.post(f"{path}/draw", version=2))
    return path, good(await world.bureau.get(told["draw_url"]))


def files(world: World, count: int, **facts: Any) -> list[UUID]:
    unit = facts.pop("unit", world.place.town)
    return [reviews.case_file(world.connection, unit, **facts) for _ in range(count)]


def verdict(tmp_path: Path, record: dict[str, Any]) -> tuple[int, str]:
    """What the stand-alone script says of a saved record."""
    saved = tmp_path / "record.json"
    saved.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    done = subprocess.run([sys.executable, "-I", str(VERIFIER), str(saved)], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


@pytest.fixture(scope="module", autouse=True)
def stock(world: World) -> None:
    """Enough closed files of two kinds of procedure, and some that do not belong into a frame."""
    files(world, 9)
    files(world, 3, procedure="summary", state="archived")
    files(world, 2, state="open")
    files(world, 2, kind="licence")
    files(world, 4, unit=world.place.other_town)


async def refused(answer: Any, code: str, status: int = 409) -> None:
    found = await answer
    assert (found.status_code, found.json()["code"]) == (status, code), found.text


# ---------------------------------------------------------------------------------------------- the protocol


async def test_a_sample_is_frozen_seeded_and_drawn_and_outsiders_can_check_it(world: World, tmp_path: Path) -> None:
    made = round_schemas.ReviewRoundOut.model_validate(await draft(world))
    assert (made.state, made.allowed_actions, made.reviewers_per_file) == ("draft", ["change", "freeze", "void"], 2)
    path = f"/v1/review-rounds/{made.id}"
    told = schemas.FrozenOut.model_validate(good(await world.bureau.post(f"{path}/freeze", version=1)))
    frame = (await world.manager().get(told.frame_url)).content
    assert (sampling.sha256(frame), len(json.loads(frame)["files"])) == (told.frame_sha256, told.frame_size)
    assert frame == rfc8785.dumps(json.loads(frame))
    assert {stratum.stratum: (stratum.files, stratum.take) for stratum in told.strata} == {
        "359111101/penalty/ordinary": (9, 5),
        "359111101/penalty/summary": (3, 2),
    }
    shown = good(await world.bureau.get(path))
    assert (shown["state"], shown["allowed_actions"]) == ("frozen", ["seed", "commit", "reveal", "void_draw", "void"])
    seed = "01382438112797316654"
    good(await world.bureau.post(f"{path}/seed", json={"seed": seed, "source": SOURCE}, version=2))
    assert "draw" in good(await world.bureau.get(path))["allowed_actions"]
    done = good(await world.bureau.post(f"{path}/draw", json={"frame_sha256": told.frame_sha256}, version=2))
    assert (done["state"], done["sample_size"], good(await world.bureau.get(path))["state"]) == ("drawn", 7, "drawn")
    record = good(await world.manager().get(told.draw_url))
    whole = schemas.DrawOut.model_validate(record)
    for stratum in whole.strata:
        members = [each["id"] for each in json.loads(frame)["files"] if each["stratum"] == stratum.stratum]
        public = consistent_sampler.sampler(members, seed, take=stratum.take, output="tuple", digits=100)
        assert [(each.ticket, each.id) for each in stratum.drawn] == [(number, id_) for number, id_, _ in public]
        assert stratum.cutoff == stratum.drawn[-1].ticket
    numbers = dict(world.rows("SELECT id::text, case_no FROM cases.case_files"))
    pairs = [(each.id, numbers[str(each.case_file_id)]) for stratum in whole.strata for each in stratum.drawn]
    assert all(id_ == f"359111101/{number}" for id_, number in pairs)
    assert verdict(tmp_path, record) == (0, "The draw is as published: frame, terms, seed and sample agree.\n")


async def test_a_bent_record_is_found_out(world: World, tmp_path: Path) -> None:
    _, record = await drawn(world)
    stratum = record["strata"][0]
    kept = {"files": [each for each in record["frame"]["files"] if each["id"] != stratum["drawn"][0]["id"]]}
    bent: list[tuple[str, dict[str, Any]]] = [
        ("frame is not", {"frame": kept}),
        ("terms is not", {"terms": record["terms"] | {"quota": {"share_per_10000": 5001, "min": 2}}}),
        ("excluded is not", {"excluded": [{"id": "359111101/1", "reason": "无", "stratum": "x"}]}),
        ("follow each other", {"seeded_at": record["frozen_at"]}),
        ("first tickets", {"seed": "another"}),
        ("first tickets", {"strata": [stratum | {"drawn": stratum["drawn"][1:]}, *record["strata"][1:]]}),
        ("cut-off", {"strata": [stratum | {"cutoff": "0.5"}, *record["strata"][1:]]}),
    ]
    for words, change in bent:
        status, said = verdict(tmp_path, record | change)
        assert (status, words in said) == (1, True), (words, said)


async def test_no_step_comes_out_of_its_turn(world: World) -> None:
    path = f"/v1/review-rounds/{(await draft(world))['id']}"
    bureau, seed = world.bureau, {"seed": str(ids.new_id()), "source": SOURCE}
    await refused(bureau.post(f"{path}/seed", json=seed, version=1), "draw.not_frozen")
    await refused(bureau.post(f"{path}/draw", version=1), "draw.not_frozen")
    await refused(bureau.post(f"{path}/commitments", json={"nonce_sha256": "0" * 64}), "draw.not_frozen")
    told = good(await bureau.post(f"{path}/freeze", version=1))
    await refused(bureau.post(f"{path}/freeze", version=2), "draw.already_frozen")
    await refused(bureau.post(f"{path}/draw", version=2), "draw.no_seed")
    change = {"quota": {"share_per_10000": 1, "min": 0}}
    await refused(bureau.patch(path, json=change, version=2), "review_round.illegal_move")
    good(await bureau.post(f"{path}/seed", json=seed, version=2))
    await refused(bureau.post(f"{path}/seed", json=seed | {"seed": "2"}, version=2), "draw.seed_known")
    other = {"frame_sha256": "0" * 64}
    await refused(bureau.post(f"{path}/draw", json=other, version=2), "draw.frame_changed")
    good(await bureau.post(f"{path}/draw", version=2))
    await refused(bureau.post(f"{path}/draw", version=3), "draw.already_drawn")
    await refused(bureau.post(f"{path}/seed", json=seed | {"seed": "2"}, version=3), "draw.already_drawn")
    assert told["frame_sha256"] == good(await bureau.get(told["draw_url"]))["frame_sha256"]


async def test_a_file_closed_later_stays_out_of_a_frozen_frame(world: World) -> None:
    path, told = await frozen(world)
    files(world, 1)
    good(await world.bureau.post(f"{path}/seed", json={"seed": str(ids.new_id()), "source": SOURCE}, version=2))
    done = good(await world.bureau.post(f"{path}/draw", version=2))
    assert (done["frame_sha256"], done["frame_size"]) == (told["frame_sha256"], told["frame_size"])


async def test_a_seed_serves_once(world: World) -> None:
    _, record = await drawn(world)
    path, _ = await frozen(world)
    again = {"seed": record["seed"], "source": SOURCE}
    await refused(world.bureau.post(f"{path}/seed", json=again, version=2), "draw.seed_used_before")


@pytest.mark.parametrize("seed", [1382438112797316654, "", " 1", "a\nb", "a  b", "x" * 101, None])
async def test_a_seed_is_a_line_of_text(world: World, seed: Any) -> None:
    path = f"/v1/review-rounds/{ids.new_id()}/seed"
    answer = await world.bureau.post(path, json={"seed": seed, "source": SOURCE}, version=1)
    assert [(fault["pointer"]) for fault in answer.json()["errors"]] == ["/body/seed"]


async def test_an_empty_frame_is_not_frozen(world: World) -> None:
    made = await draft(world, closed_from="2025-11-01", closed_to="2025-11-02")
    await refused(world.bureau.post(f"/v1/review-rounds/{made['id']}/freeze", version=1), "draw.empty_frame")


async def test_ids_that_are_the_same_once_normalised_are_not_frozen(world: World) -> None:
    town = world.place.town_branch
    for number in ("示例〔2025〕1号", "示例〔2025〕\u3000１号"):
        file = reviews.case_file(world.connection, town)
        world.connection.execute("UPDATE cases.case_files SET case_no = %s WHERE id = %s", [number, file])
    made = await draft(world, unit_id=str(town.id))
    await refused(world.bureau.post(f"/v1/review-rounds/{made['id']}/freeze", version=1), "draw.doubled_ids")


def forget_files(world: World, unit: Unit) -> None:
    """A unit's files and what is counted of them, which is kept for good: behind the triggers' back."""
    world.connection.execute("SET session_replication_role = replica")
    own = "(SELECT id FROM cases.case_files WHERE unit_id = %s)"
    world.connection.execute(f"DELETE FROM cases.case_tallies WHERE case_file_id IN {own}", [unit.id])
    world.connection.execute("DELETE FROM cases.case_files WHERE unit_id = %s", [unit.id])
    world.connection.execute("SET session_replication_role = origin")


async def test_files_are_left_out_by_name_with_a_reason(world: World, tmp_path: Path) -> None:
    town = world.place.town_branch
    forget_files(world, town)
    kept, *left_out = files(world, 3, unit=town)
    excluded = [{"case_file_id": str(file), "reason": "正在诉讼"} for file in left_out]
    _, record = await drawn(world, unit_id=str(town.id), excluded=excluded)
    assert [each["reason"] for each in record["excluded"]] == ["正在诉讼", "正在诉讼"]
    assert record["strata"][0]["drawn"][0]["case_file_id"] == str(kept)
    assert verdict(tmp_path, record)[0] == 0


async def test_a_preview_counts_and_never_names(world: World) -> None:
    made = await draft(world)
    path = f"/v1/review-rounds/{made['id']}"
    answer = await world.bureau.post(f"{path}/freeze", params={"dry_run": "true"}, version=1)
    assert good(answer)["sample_size"] == sum(stratum["take"] for stratum in answer.json()["strata"])
    assert answer.json()["state"] == "frozen"
    assert good(await world.bureau.get(path)) == made
    _, told = await frozen(world)
    assert (await world.bureau.get(answer.json()["draw_url"])).status_code == 404
    names = {each["id"] for each in good(await world.bureau.get(told["frame_url"]))["files"]}
    assert not any(name in answer.text for name in names)


# ---------------------------------------------------------------------------------------------- witnesses


async def test_witnesses_make_the_seed_together(world: World, tmp_path: Path) -> None:
    path, told = await frozen(world)
    first, second, stranger = world.bureau, world.manager(), world.manager(world.place.other_town)
    nonces = ["骰子一二三四五六七八", "the second witness's nonce"]
    hashes = [{"nonce_sha256": sampling.commitment(nonce)} for nonce in nonces]
    good(await first.post(f"{path}/commitments", json=hashes[0]))
    await refused(first.post(f"{path}/reveals", json={"nonce": nonces[0]}), "draw.too_few_commitments")
    await refused(first.post(f"{path}/commitments", json=hashes[1]), "draw.committed_already")
    await refused(second.post(f"{path}/commitments", json=hashes[0]), "draw.committed_already")
    good(await second.post(f"{path}/commitments", json=hashes[1]))
    await refused(world.bureau.post(f"{path}/seed", json={"seed": "1", "source": SOURCE}, version=2), "draw.by_witnesses")
    await refused(stranger.post(f"{path}/reveals", json={"nonce": nonces[0]}), "draw.no_commitment")
    await refused(second.post(f"{path}/reveals", json={"nonce": nonces[0]}), "draw.nonce_differs")
    half = good(await first.post(f"{path}/reveals", json={"nonce": nonces[0]}))
    assert (half["commitments"], half["reveals"], "seed" in half) == (2, 1, False)
    late = {"nonce_sha256": sampling.commitment("too late a witness")}
    await refused(stranger.post(f"{path}/commitments", json=late), "draw.commitments_over")
    await refused(first.post(f"{path}/reveals", json={"nonce": nonces[0]}), "draw.revealed_already")
    whole = good(await second.post(f"{path}/reveals", json={"nonce": nonces[1]}))
    assert (whole["seed"], whole["seed_source"]) == (sampling.joint_seed(nonces), "commitments")
    good(await world.bureau.post(f"{path}/draw", version=2))
    record = good(await world.bureau.get(told["draw_url"]))
    assert verdict(tmp_path, record)[0] == 0
    late_one = [each | {"committed_at": record["drawn_at"]} for each in record["commitments"]]
    assert "somebody committed after" in verdict(tmp_path, record | {"commitments": late_one})[1]
    bent = [each | {"nonce": "another nonce"} for each in record["commitments"]]
    assert "a nonce is not" in verdict(tmp_path, record | {"commitments": bent})[1]


async def test_witnesses_who_come_at_once_are_all_heard(world: World) -> None:
    path, _ = await frozen(world)
    people = [world.manager() for _ in range(4)]
    nonces = [f"nonce number {place}" for place in range(4)]
    sent = [
        who.post(f"{path}/commitments", json={"nonce_sha256": sampling.commitment(nonce)})
        for who, nonce in zip(people, nonces, strict=True)
    ]
    assert {answer.status_code for answer in await asyncio.gather(*sent)} == {201}
    await asyncio.gather(*(who.post(f"{path}/reveals", json={"nonce": n}) for who, n in zip(people, nonces, strict=True)))
    seed = world.rows("SELECT seed FROM cases.draws WHERE subject_id = %s", path.rpartition("/")[2])
    assert seed == [(sampling.joint_seed(nonces),)]


# ---------------------------------------------------------------------------------------------- after the draw


async def test_a_file_is_replaced_by_the_next_ticket_of_its_stratum(world: World, tmp_path: Path) -> None:
    path, record = await drawn(world)
    stratum = record["strata"][1]
    tickets = good(await world.manager().get(f"/v1/draws/{record['id']}/tickets", params={"stratum": stratum["stratum"]}))
    page = schemas.TicketPage.model_validate(tickets)
    assert [each.place for each in page.items] == list(range(1, stratum["files"] + 1))
    out = stratum["drawn"][0]
    body = {"case_file_id": out["case_file_id"], "reason": "案卷已移送检察机关"}
    told = good(await world.bureau.post(f"{path}/substitutions", json=body, version=3))
    assert told["sample_size"] == 7
    await refused(world.bureau.post(f"{path}/substitutions", json=body, version=3), "draw.not_in_sample")
    record = good(await world.bureau.get(f"/v1/draws/{record['id']}"))
    (made,) = schemas.DrawOut.model_validate(record).substitutions
    assert (made.out_id, made.in_id, made.reason) == (out["id"], page.items[2].id, body["reason"])
    assert [each["how"] for each in record["strata"][1]["drawn"]] == ["draw", "draw", "substitute"]
    # The stratum of three is used up: the next one that falls out leaves a gap.
    body["case_file_id"] = record["strata"][1]["drawn"][1]["case_file_id"]
    assert good(await world.bureau.post(f"{path}/substitutions", json=body, version=3))["sample_size"] == 6
    record = good(await world.bureau.get(f"/v1/draws/{record['id']}"))
    assert ["in_id" in each for each in record["substitutions"]] == [True, False]
    assert verdict(tmp_path, record)[0] == 0


async def test_a_sample_grows_and_keeps_what_it_had(world: World, tmp_path: Path) -> None:
    path, before = await drawn(world)
    less = {"quota": {"share_per_10000": 1000, "min": 1}, "reason": "减少"}
    await refused(world.bureau.post(f"{path}/growths", json=less, version=3), "draw.no_growth")
    more = {"quota": {"share_per_10000": 8000, "min": 2}, "reason": "发现共性问题，扩大抽查"}
    told = good(await world.bureau.post(f"{path}/growths", json=more, version=3))
    after = good(await world.bureau.get(f"/v1/draws/{before['id']}"))
    assert (told["sample_size"] > 7, after["version"]) == (True, before["version"] + 1)
    for old, new in zip(before["strata"], after["strata"], strict=True):
        assert new["drawn"][: len(old["drawn"])] == old["drawn"]
        assert {each["how"] for each in new["drawn"][len(old["drawn"]) :]} <= {"growth"}
    assert (after["growths"][0]["reason"], after["growths"][0]["added"]) == (more["reason"], told["sample_size"] - 7)
    assert verdict(tmp_path, after)[0] == 0


async def test_a_void_draw_stays_on_record_and_the_next_one_names_it(world: World) -> None:
    path, record = await drawn(world)
    missing = await world.bureau.post(f"{path}/void-draw", version=3)
    assert missing.json()["errors"][0]["pointer"] == "/header/x-change-reason"
    back = good(await world.bureau.post(f"{path}/void-draw", version=3, headers=REASON))
    assert (back["state"], "draw_id" in back) == ("draft", False)
    kept = good(await world.manager().get(f"/v1/draws/{record['id']}"))
    assert (kept["state"], kept["void_reason"], kept["strata"]) == ("void", "wrong list", record["strata"])
    told = good(await world.bureau.post(f"{path}/freeze", version=4))
    again = {"seed": record["seed"], "source": SOURCE}
    await refused(world.bureau.post(f"{path}/seed", json=again, version=5), "draw.seed_used_before")
    assert good(await world.bureau.get(told["draw_url"]))["earlier_draws"] == [record["id"]]
    listed = good(await world.manager().get("/v1/draws", params={"subject_id": path.rpartition("/")[2]}))["items"]
    assert [each["state"] for each in listed] == ["frozen", "void"]


async def test_where_units_are_hidden_only_the_bureau_reads_the_draw(world: World) -> None:
    _, record = await drawn(world, hide_units=True)
    for path in (f"/v1/draws/{record['id']}", f"/v1/draws/{record['id']}/frame"):
        assert (await world.bureau.get(path)).status_code == 200
        assert (await world.manager().get(path)).status_code == 404
        assert (await world.caller(Role.GOVERNMENT, unit=world.place.district).get(path)).status_code == 404
    assert record["id"] not in (await world.manager().get("/v1/draws", params={"limit": 200})).text
    told = world.rows("SELECT DISTINCT audience FROM kit.outbox WHERE object_id = %s", record["id"])
    assert told == [({"bureau": "district"},)]


# ---------------------------------------------------------------------------------------------- the database itself


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE cases.draws SET frame = '\\x00' WHERE id = %s", "ck_draws_frame"),
        (
            "UPDATE cases.draws SET frame = '', frame_sha256 = encode(sha256(''), 'hex') WHERE id = %s",
            "stays as it was",
        ),
        ("UPDATE cases.draws SET terms = '{}' WHERE id = %s", "stays as it was"),
        ("UPDATE cases.draws SET seed = 'another' WHERE id = %s", "given once"),
        ("UPDATE cases.draws SET sample_size = 1 WHERE id = %s", "drawn from once"),
        ("UPDATE cases.draws SET state = 'frozen', drawn_at = NULL, sample_size = NULL WHERE id = %s", "drawn from once"),
        ("DELETE FROM cases.draws WHERE id = %s", "only ever added"),
        ("DELETE FROM cases.draw_files WHERE draw_id = %s", "only ever added"),
        ("UPDATE cases.draw_files SET ticket = '0.1' WHERE draw_id = %s", "only ever added"),
        (
            "INSERT INTO cases.draw_commitments VALUES (%s, gen_random_uuid(), repeat('0', 64), now())",
            "between the freeze and the first nonce",
        ),
    ],
)
async def test_the_database_keeps_a_draw_even_from_its_owner(world: World, statement: str, words: str) -> None:
    _, record = await drawn(world)
    with pytest.raises(psycopg.Error, match=words):
        world.connection.execute(statement, [record["id"]])


async def test_the_database_keeps_the_order_of_the_steps(world: World) -> None:
    _, told = await frozen(world)
    draw = [told["draw_id"]]
    early = "UPDATE cases.draws SET seed = 's', seed_source = 'x', seeded_at = frozen_at WHERE id = %s"
    without = "UPDATE cases.draws SET state = 'drawn', drawn_at = now(), sample_size = 0 WHERE id = %s"
    file = world.rows("SELECT file_ids[1] FROM cases.draws WHERE id = %s", *draw)[0][0]
    sample = "INSERT INTO cases.draw_files VALUES (%s, 'x', 1, 'x', %s, '0.1', 'draw', now())"
    for statement, values, words in (
        (early, draw, "ck_draws_seed_last"),
        (without, draw, "ck_draws_draw_last"),
        (sample, [*draw, file], "needs a seed"),
    ):
        with pytest.raises(psycopg.Error, match=words):
            world.connection.execute(statement, values)
    copied = "INSERT INTO cases.draws SELECT (d).* FROM (SELECT d FROM cases.draws d WHERE state = 'drawn' LIMIT 1) x"
    with pytest.raises(psycopg.Error, match="begins with a frozen frame"):
        world.connection.execute(copied)


async def test_of_two_who_draw_at_once_one_draws(world: World) -> None:
    path, _ = await frozen(world)
    good(await world.bureau.post(f"{path}/seed", json={"seed": str(ids.new_id()), "source": SOURCE}, version=2))
    both = await asyncio.gather(*(world.bureau.post(f"{path}/draw", version=2) for _ in range(2)))
    assert sorted(answer.status_code for answer in both) == [200, 412]


# ---------------------------------------------------------------------------------------------- who may do what


@pytest.mark.parametrize("role", list(Role))
async def test_each_role_does_what_it_may(world: World, role: Role) -> None:
    made = await draft(world)
    path, told = await frozen(world)
    who = world.caller(role, unit=world.place.bureau if role is Role.BUREAU else world.place.town)
    organiser = role is Role.BUREAU
    reads = role in (Role.BUREAU, Role.GOVERNMENT, Role.UNIT_MANAGER, Role.UNIT_MEMBER, Role.REVIEWER)
    dry, seed = {"dry_run": "true"}, {"seed": str(ids.new_id()), "source": SOURCE}
    draft_path = f"/v1/review-rounds/{made['id']}"
    expected = 200 if organiser else 403
    assert (await who.post(f"{draft_path}/freeze", params=dry, version=1)).status_code == expected
    assert (await who.patch(draft_path, params=dry, json={"hide_units": True}, version=1)).status_code == expected
    assert (await who.post(f"{path}/seed", params=dry, json=seed, version=2)).status_code == expected
    assert (await who.post(f"{path}/draw", params=dry, version=2)).status_code == (409 if organiser else 403)
    assert (await who.post(f"{path}/void-draw", params=dry, version=2, headers=REASON)).status_code == expected
    assert (await who.get(told["draw_url"])).status_code == (200 if reads else 403)
    assert (await who.get("/v1/draws")).status_code == (200 if reads else 403)
    committed = {"nonce_sha256": sampling.commitment(str(ids.new_id()))}
    assert (await who.post(f"{path}/commitments", params=dry, json=committed)).status_code == (201 if reads else 403)


async def test_units_make_no_round_that_is_drawn_and_other_districts_see_none(world: World) -> None:
    path, told = await frozen(world)
    campaign = good(await world.bureau.get(path))["campaign_id"]
    body = {"campaign_id": campaign, "mode": "sample", "unit_id": str(world.place.town.id)}
    await refused(world.manager().post("/v1/review-rounds", json=body), "review_round.bureau_only", 403)
    foreign = world.caller(Role.BUREAU, unit=world.place.foreign_district)
    seed = {"seed": "1", "source": SOURCE}
    for answer in (
        await foreign.get(told["draw_url"]),
        await foreign.get(told["frame_url"]),
        await foreign.post(f"{path}/seed", json=seed, version=2),
        await foreign.post(f"{path}/commitments", json={"nonce_sha256": "0" * 64}),
    ):
        assert answer.status_code == 404


async def test_a_round_is_changed_while_it_is_a_draft(world: World) -> None:
    made = await draft(world)
    path = f"/v1/review-rounds/{made['id']}"
    body = {"closed_from": "2025-02-01", "overrides": [{"match": {"kind": "penalty"}, "share_per_10000": 10, "min": 1}]}
    changed = good(await world.bureau.patch(path, json=body, version=1))
    assert (changed["version"], changed["sampling"]["closed_from"], changed["sampling"]["quota"]) == (
        2,
        "2025-02-01",
        HALF["quota"],
    )
    assert (await world.bureau.patch(path, json=body)).status_code == 428
    assert (await world.bureau.patch(path, json=body, version=1)).status_code == 412
    faulty = {
        "closed_from": "2025-05-01",
        "closed_to": "2025-04-01",
        "kinds": ["licence"],
        "quota": {"share_per_10000": 1, "min": 3, "max": 2},
        "excluded": [{"case_file_id": str(UUID(int=1)), "reason": "甲"}] * 2,
    }
    answer = await world.bureau.patch(path, json=faulty, version=2)
    assert {(fault["pointer"].removeprefix("/body/"), fault["code"]) for fault in answer.json()["errors"]} == {
        ("closed_to", "too_small"),
        ("kinds/0", "review_round.file_of_other_kind"),
        ("quota/min", "too_great"),
        ("excluded/1/case_file_id", "repeated"),
    }


async def test_a_self_review_is_not_drawn(world: World) -> None:
    made = await world.round()
    path = f"/v1/review-rounds/{made['id']}"
    await refused(world.bureau.post(f"{path}/freeze", version=1), "review_round.illegal_move")
    body = {"campaign_id": made["campaign_id"], "mode": "self", "hide_units": True, "unit_id": str(world.place.town.id)}
    answer = await world.bureau.post("/v1/review-rounds", json=body)
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [
        ("/body/hide_units", "review_round.only_drawn")
    ]


async def test_a_cross_review_takes_every_file_unless_told_otherwise(world: World) -> None:
    campaign = await world.campaign()
    made = good(await world.bureau.post("/v1/review-rounds", json={"campaign_id": campaign["id"], "mode": "cross"}))
    told = good(await world.bureau.post(f"/v1/review-rounds/{made['id']}/freeze", version=1))
    assert told["sample_size"] == told["frame_size"] > 12


async def test_each_step_leaves_its_trace(world: World) -> None:
    path, record = await drawn(world)
    actions = world.rows("SELECT action FROM kit.audit_events WHERE object_id = %s ORDER BY id", record["id"])
    assert actions == [("draw.frozen",), ("draw.seeded",), ("draw.drawn",)]
    kinds = world.rows("SELECT kind FROM kit.outbox WHERE object_id = %s ORDER BY id", path.rpartition("/")[2])
    assert kinds == [("review_round.created",), ("review_round.frozen",), ("review_round.drawn",)]


async def test_a_very_large_frame_is_frozen_and_drawn_from_in_the_background(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 3)
    files(world, 4)
    made = await draft(world)
    path = f"/v1/review-rounds/{made['id']}"
    preview = await world.bureau.post(f"{path}/freeze", version=1, params={"dry_run": "true"})
    assert preview.status_code == 200
    for verb, state in (("freeze", "frozen"), ("draw", "drawn")):
        version = good(await world.bureau.get(path))["version"]
        answer = await world.bureau.post(f"{path}/{verb}", version=version)
        assert answer.status_code == 202, answer.text
        await kit_jobs.run(world.services.runtime("cases_api"), jobs.TASK, UUID(answer.json()["id"]))
        (row,) = world.rows("SELECT state, result_url FROM kit.operations WHERE id = %s", answer.json()["id"])
        assert row == ("succeeded", path)
        found = good(await world.bureau.get(path))
        assert found["state"] == state
        if verb == "freeze":
            seed = {"seed": str(ids.new_id()), "source": "公开掷骰（演示）"}
            good(await world.bureau.post(f"{path}/seed", json=seed, version=found["version"]))
