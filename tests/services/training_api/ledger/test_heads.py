"""Signed heads and exports: what an outsider keeps, and what it proves later."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest

from admin import ledger_proof
from services.kit import fields
from services.kit.principal import Role
from services.training_api.ledger import actions, jobs, schemas
from tests.factories.training import World

REWRITE = """
    WITH RECURSIVE ordered AS (
        SELECT s.sequence, s.entry_id, s.link, s.sealed_at, training.content_hash(CASE s.link
                   WHEN 'entry' THEN training.entry_content(e) ELSE training.decision_content(d) END) AS hash
        FROM training.hour_seals s JOIN training.hour_entries e ON e.id = s.entry_id
        LEFT JOIN training.hour_decisions d ON d.entry_id = s.entry_id WHERE s.district_id = %(of)s
    ), made AS (
        SELECT o.sequence, o.hash, training.link_hash('\\x', o.hash, o.sealed_at) AS chain FROM ordered o WHERE o.sequence = 1
        UNION ALL
        SELECT o.sequence, o.hash, training.link_hash(m.chain, o.hash, o.sealed_at)
        FROM made m JOIN ordered o ON o.sequence = m.sequence + 1
    )
    UPDATE training.hour_seals s SET entry_hash = m.hash, chain_hash = m.chain FROM made m
    WHERE s.sequence = m.sequence AND s.district_id = %(of)s
"""


async def grown(world: World, hours: int = 3) -> dict[str, Any]:
    """An entry and a confirmed report more in the chain; the entry."""
    officer = await world.officer()
    entry = await world.hours(officer, hours=hours, note='备注 "甲"\n\\ 乙\t')
    report = await world.hours(officer, source="self_study", occurred_on="2024-05-07")
    assert (await world.manager.post(f"/v1/hour-entries/{report['id']}/confirm", version=2)).status_code == 200
    await world.seal()
    return entry


async def keys(world: World) -> dict[str, Any]:
    found: dict[str, Any] = (await world.client.get("/v1/ledger/keys")).json()
    return found


async def exported(world: World) -> list[str]:
    answer = await world.bureau.get("/v1/ledger/export")
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    return answer.text.splitlines()


async def kept(world: World) -> dict[str, Any]:
    answer = await world.caller(Role.PLATFORM).get("/v1/ledger/head")
    schemas.HeadOut.model_validate_json(answer.content)
    found: dict[str, Any] = answer.json()
    return found


async def test_an_outsider_proves_what_was_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "PAGE", 2)
    await grown(world)
    head = await kept(world)
    fields.KeysOut.model_validate(await keys(world))
    assert ledger_proof.check_signature(head, await keys(world)) == (await keys(world))["keys"][0]["kid"]
    await grown(world)
    proven = ledger_proof.check(await exported(world), head)
    assert (proven.links, proven.beyond, proven.links - proven.entries) == (head["sequence"] + 3, 3, proven.decisions)


async def test_an_export_holds_what_the_hash_covers_and_no_more(world: World) -> None:
    entry = await grown(world)
    lines = [json.loads(line) for line in await exported(world)]
    assert {frozenset(line) for line in lines} == {
        frozenset({"sequence", "link", "content", "entry_hash", "sealed_at", "chain_hash"})
    }
    (line,) = [line for line in lines if line["link"] == "entry" and line["content"][0] == entry["id"]]
    assert line["content"][5:7] == [300, "2024-05-06"]
    assert (await world.bureau.get(f"/v1/hour-entries/{entry['id']}")).json()["chain_hash"] == line["chain_hash"]
    with world.superuser() as connection:
        noted = connection.execute("SELECT count(*) FROM kit.audit_events WHERE action = 'ledger.exported'").fetchone()
        assert noted is not None
        assert noted[0] >= 1


async def test_a_bent_export_is_found_at_its_place(world: World) -> None:
    await grown(world)
    lines, head = await exported(world), await kept(world)
    bent = {
        "content": [*lines[:1], lines[1].replace('"2024-05-0', '"2023-05-0'), *lines[2:]],
        "removed": lines[:1] + lines[2:],
        "swapped": [lines[1], lines[0], *lines[2:]],
        "cut": lines[:-1],
        "not json": [*lines[:1], "{", *lines[2:]],
        "other time": [*lines[:1], lines[1].replace('"sealed_at": "1', '"sealed_at": "2'), *lines[2:]],
    }
    places = {}
    for name, found in bent.items():
        with pytest.raises(ledger_proof.Broken) as broken:
            ledger_proof.check(found, head)
        places[name] = broken.value.sequence
    assert places == {
        "content": 2, "removed": 2, "swapped": 1, "cut": len(lines) - 1, "not json": 2, "other time": 2,
    }  # fmt: skip
    for name, value in (("sequence", 1), ("chain_hash", "0" * 64), ("signature", head["signature"][:-8] + "AAAAAAAA")):
        with pytest.raises(ledger_proof.Broken):
            ledger_proof.check_signature(head | {name: value}, await keys(world))


async def test_each_day_has_its_head_signed_once(world: World) -> None:
    await grown(world)
    last = await kept(world)
    world.clock.pass_time(days=1)
    await grown(world)
    for _ in range(2):
        await jobs.sign_heads(world.runtime)
    listed = schemas.DailyHeadPage.model_validate_json((await world.bureau.get("/v1/ledger/heads")).content)
    (head,) = listed.items
    assert (str(head.day), head.sequence, head.chain_hash) == ("2024-10-15", last["sequence"], last["chain_hash"])
    plain = (await world.bureau.get("/v1/ledger/heads", params={"day": "2024-10-15"})).json()["items"][0]
    ledger_proof.check_signature(plain, await keys(world))
    ledger_proof.check(await exported(world), plain)
    assert (await world.bureau.get("/v1/ledger/heads", params={"day__gte": "2024-10-16"})).json()["items"] == []
    foreign = world.caller(Role.BUREAU, world.place.foreign_district)
    assert (await foreign.get("/v1/ledger/heads")).json()["items"] == []
    with world.superuser() as connection, pytest.raises(psycopg.errors.RestrictViolation):
        connection.execute("UPDATE training.hour_heads SET sequence = 1")


async def test_a_chain_rewritten_as_a_whole_disagrees_with_its_heads(world: World) -> None:
    entry = await grown(world)
    world.clock.pass_time(days=30)
    await jobs.sign_heads(world.runtime)
    before = await kept(world)
    tables = ("hour_entries", "hour_seals", "hour_heads")
    with world.superuser() as connection:
        for name in tables:
            connection.execute(f"ALTER TABLE training.{name} DISABLE TRIGGER ALL")
        assert (await world.bureau.get("/v1/ledger/verification")).json()["ok"]
        connection.execute("UPDATE training.hour_entries SET hundredths = hundredths + 100 WHERE id = %s", [entry["id"]])
        connection.execute(REWRITE, {"of": world.place.district.id})
        told = (await world.bureau.get("/v1/ledger/verification")).json()
        assert (told["ok"], told["fault"], told["at_sequence"]) == (False, "head", before["sequence"])
        with pytest.raises(ledger_proof.Broken):
            ledger_proof.check(await exported(world), before)
        # Heads brought into line in the database cannot be signed there.
        connection.execute(
            "UPDATE training.hour_heads h SET chain_hash = s.chain_hash FROM training.hour_seals s"
            " WHERE s.district_id = h.district_id AND s.sequence = h.sequence"
        )
        assert (await world.bureau.get("/v1/ledger/verification")).json()["fault"] == "head"


@pytest.mark.parametrize("role", list(Role))
async def test_who_reads_the_chain(world: World, role: Role) -> None:
    reads = {Role.BUREAU, Role.UNIT_MANAGER, Role.PLATFORM}
    for path, granted in (
        ("head", reads), ("heads", reads), ("verification", reads), ("export", {Role.BUREAU, Role.PLATFORM}),
    ):  # fmt: skip
        answer = await world.caller(role).get(f"/v1/ledger/{path}")
        assert answer.status_code == (200 if role in granted else 403), (role, path)
