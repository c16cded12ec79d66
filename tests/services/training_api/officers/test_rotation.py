"""Keys of personal data change while officers come in, are corrected and are looked for; nothing is lost, nothing doubled."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import LargeBinary

from admin.local import keys
from services.kit import rotation
from services.kit.personal import Suite, Vault
from services.kit.settings import Settings
from services.training_api.all_tables import METADATA
from services.training_api.exemptions import jobs as exemption_jobs
from services.training_api.officers import jobs as officer_jobs
from tests.factories.training import World, id_number, made
from tests.places import Place

TABLES = [officer_jobs.SEALED, exemption_jobs.SEALED]
NUMBERS = iter(range(60001, 70000))


@pytest.fixture(scope="module")
def file(settings: Settings) -> Path:
    """The secret file all processes of the module read."""
    assert settings.personal_keys_file is not None
    return settings.personal_keys_file


@pytest.fixture
async def twin(settings: Settings, place: Place, database_url: str, world: World) -> AsyncIterator[World]:
    """A second process on the same database and file, which takes up changes when it likes."""
    found = World(settings, place, database_url)
    found.clock = world.clock
    yield found
    await found.close()
    await asyncio.sleep(0)


def change(file: Path, suite: Suite, *, active: bool) -> str:
    """Adds a pair of keys, or makes the latest pair the active one; answers its name."""
    content = json.loads(file.read_text())
    number = len(content["keys"]) + (0 if active else 1)
    if not active:
        seal, index = keys.new_personal_keys(suite)
        content["keys"][f"k{number}"], content["index"]["keys"][f"i{number}"] = seal, index
    else:
        content["active"], content["index"]["active"] = f"k{number}", f"i{number}"
    file.write_text(json.dumps(content))
    return str(number)


def vault_of(world: World) -> Vault:
    found: Vault = world.runtime.extras["vault"]
    return found


def prefixes(world: World) -> set[str]:
    with world.superuser() as connection:
        query = (
            "SELECT convert_from(substring(v FROM 1 FOR position('\\x3a'::bytea IN v) - 1), 'UTF8') FROM"
            " (SELECT unnest(ARRAY[id_number, id_index]) FROM training.officers"
            " UNION ALL SELECT ground FROM training.exemptions WHERE ground IS NOT NULL) AS found (v)"
        )
        return {row[0] for row in connection.execute(query).fetchall()}


async def rotated(world: World) -> int:
    """Runs the step until a pass finds nothing; answers how many batches there were."""
    after: dict[str, Any] = {}
    rounds = 0
    for table in TABLES:
        after.clear()
        while (await rotation.reseal(world.runtime, vault_of(world), table, after)).seen:
            rounds += 1
    return rounds


async def found(world: World, number: str) -> list[str]:
    answer = await world.bureau.post("/v1/officers/search", json={"id_number": number})
    return [item["id"] for item in answer.json()["items"]]


@pytest.mark.parametrize("suite", [Suite.SM4, Suite.AES])
async def test_a_rotation_under_writes_loses_and_doubles_nothing(
    world: World, twin: World, file: Path, suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "BATCH", 7)
    numbers = {id_number(next(NUMBERS)): "" for _ in range(40)}
    items = [world.officer_in(world.place.town, id_number=number) for number in numbers]
    outcomes = (await world.bureau.post("/v1/officers/batch", json={"items": items})).json()["items"]
    numbers = dict(zip(numbers, [outcome["id"] for outcome in outcomes], strict=True))
    officer = {"id": outcomes[0]["id"]}
    facts = {"officer_id": officer["id"], "reason": "seconded", "from_on": "2024-03-01", "ground": "虚构的情况"}
    exemption = made(await world.manager.post("/v1/exemptions", json=facts))
    versions = (await world.bureau.get(f"/v1/officers/{officer['id']}")).headers["ETag"]
    pair = change(file, suite, active=False)
    for process in (world, twin):
        vault_of(process).refresh()
    change(file, suite, active=True)
    vault_of(world).refresh()
    # The twin has not taken the change up yet: it writes with the old keys and must find what has the new ones.
    rotating = asyncio.create_task(rotated(world))
    await asyncio.gather(*(write(process, 6) for process in (world, world, twin, twin)))
    assert await rotating > 5, "in many batches"
    vault_of(twin).refresh()
    await rotated(world)
    assert prefixes(world) == {f"k{pair}", f"i{pair}"}
    for process in (world, twin):
        for number, officer_id in list(numbers.items())[::9]:
            assert await found(process, number) == [officer_id]
            again = await process.bureau.post("/v1/officers", json=world.officer_in(world.place.other_town, id_number=number))
            assert again.json()["code"] == "officer.duplicate"
    shown = await twin.bureau.post(f"/v1/exemptions/{exemption['id']}/ground-disclosure", json={"reason": "核对"})
    assert shown.json()["ground"] == "虚构的情况"
    assert (await world.bureau.get(f"/v1/officers/{officer['id']}")).headers["ETag"] == versions, "nobody's view has changed"
    assert vault_of(world).keys.seals.active.suite is suite
    told = "SELECT count(*) FROM kit.audit_events WHERE action = 'personal_data.sealed_anew' AND after->>'seal' = %s"
    with world.superuser() as connection:
        row = connection.execute(told, [f"k{pair}"]).fetchone()
    assert row
    assert row[0] > 5


async def write(process: World, times: int) -> None:
    """Somebody comes in, is found at once, corrected, and found under the new number alone; so many times."""
    for _ in range(times):
        await write_once(process)


async def write_once(process: World) -> None:
    first, second = id_number(next(NUMBERS)), id_number(next(NUMBERS))
    officer = made(await process.bureau.post("/v1/officers", json=process.officer_in(process.place.town, id_number=first)))
    assert await found(process, first) == [officer["id"]]
    changed = await process.bureau.patch(f"/v1/officers/{officer['id']}", json={"id_number": second}, version=1)
    assert changed.status_code == 200, changed.text
    assert (await found(process, first), await found(process, second)) == ([], [officer["id"]])
    path = f"/v1/officers/{officer['id']}/identity-disclosure"
    assert (await process.bureau.post(path, json={"reason": "核对"})).json()["id_number"] == second


async def test_two_processes_with_other_keys_enter_a_person_once(world: World, twin: World, file: Path) -> None:
    change(file, Suite.AES, active=False)
    for process in (world, twin):
        vault_of(process).refresh()
    change(file, Suite.AES, active=True)
    vault_of(world).refresh()
    assert vault_of(world).keys.indexes.active.name != vault_of(twin).keys.indexes.active.name
    for _ in range(5):
        body = world.officer_in(world.place.town, id_number=id_number(next(NUMBERS)))
        answers = await asyncio.gather(*(process.bureau.post("/v1/officers", json=body) for process in (world, twin) * 2))
        assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


async def test_a_stopped_rotation_goes_on_where_it_was_and_says_when_it_is_done(
    world: World, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.officer()
    pair = change(file, Suite.SM4, active=False)
    change(file, Suite.SM4, active=True)
    vault_of(world).refresh()
    monkeypatch.setattr(rotation, "BATCH", 2)
    assert await rotation.reseal(world.runtime, vault_of(world), officer_jobs.SEALED, {}) == (2, 2)
    assert len(prefixes(world)) > 2
    # Another process begins: it knows nothing of the first one and needs not.
    step = rotation.step(TABLES)
    await step(world.runtime)
    assert prefixes(world) == {f"k{pair}", f"i{pair}"}

    def counted() -> Any:
        with world.superuser() as connection:
            seen = connection.execute("SELECT mark FROM kit.personal_keys_seen WHERE service = 'training_api'").fetchone()
            rows = connection.execute("SELECT key, place, amount FROM kit.personal_key_use ORDER BY place").fetchall()
            officers = connection.execute("SELECT count(*) FROM training.officers").fetchone()
        return seen, rows, officers

    assert counted()[0] is None, "somebody may still use the old keys"
    world.clock.pass_time(seconds=31)
    await step(world.runtime)
    seen, rows, officers = counted()
    assert seen == (vault_of(world).keys.mark,)
    assert {(key, place) for key, place, _ in rows} >= {
        (f"i{pair}", "training.officers.id_index"),
        (f"k{pair}", "training.officers.id_number"),
    }
    assert {key for key, _, _ in rows} == {f"k{pair}", f"i{pair}"}
    assert next(amount for _, place, amount in rows if place == "training.officers.id_index") == officers[0]


async def test_a_row_that_a_writer_holds_is_passed_over_and_done_later(world: World, file: Path) -> None:
    officer = await world.officer()
    change(file, Suite.AES, active=False)
    change(file, Suite.AES, active=True)
    vault_of(world).refresh()
    with world.superuser() as connection, connection.transaction():
        connection.execute("SELECT 1 FROM training.officers WHERE id = %s FOR UPDATE", [officer["id"]])
        await rotated(world)
        row = connection.execute("SELECT id_number FROM training.officers WHERE id = %s", [officer["id"]]).fetchone()
        assert row
        assert not bytes(row[0]).startswith(vault_of(world).keys.seals.active.prefix)
    await rotated(world)
    assert prefixes(world) == {vault_of(world).keys.seals.active.name, vault_of(world).keys.indexes.active.name}


async def test_one_bent_value_keeps_no_other_under_an_old_key(world: World, file: Path) -> None:
    bent, fine = await world.officer(), await world.officer()
    with world.superuser() as connection:
        bend = "UPDATE training.officers SET id_number = id_number || 'x'::bytea WHERE id = %s"
        connection.execute(bend, [bent["id"]])
        change(file, Suite.SM4, active=False)
        change(file, Suite.SM4, active=True)
        vault_of(world).refresh()
        await rotated(world)
        query = "SELECT id_number FROM training.officers WHERE id = ANY (%s) ORDER BY id"
        rows = [bytes(row[0]) for row in connection.execute(query, [[bent["id"], fine["id"]]]).fetchall()]
        prefix = vault_of(world).keys.seals.active.prefix
        assert [row.startswith(prefix) for row in rows] == [False, True]
        connection.execute("DELETE FROM training.officer_units WHERE officer_id = %s", [bent["id"]])
        connection.execute("DELETE FROM training.officers WHERE id = %s", [bent["id"]])


def test_every_sealed_column_of_the_service_is_sealed_anew() -> None:
    known = {f"{table.name}.{name}" for table in TABLES for name in table.written}
    hashes = {"entry_hash", "chain_hash", "signature", "content_hash", "entries_sha256"}
    columns = {
        f"{table}.{column.name}"
        for table in METADATA.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary) and column.name not in hashes
    }
    assert columns == known, "name the column in the feature's jobs.py, or among the hashes"
