"""The chain over class hours: append-only, sealed behind the writers, one per district."""

from __future__ import annotations

import asyncio

import psycopg
import pytest

from services.kit.principal import Role
from tests.factories.training import World, made

TABLES = ("hour_entries", "hour_decisions", "hour_seals")


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("deed", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
async def test_rows_are_only_ever_added(world: World, table: str, deed: str) -> None:
    key = {"hour_entries": "id", "hour_decisions": "entry_id", "hour_seals": "entry_id"}[table]
    command = deed.format(f"training.{table}", key, key)
    officer = await world.officer()
    entry = await world.hours(officer, source="self_study")
    made_so = await world.manager.post(f"/v1/hour-entries/{entry['id']}/confirm", version=entry["version"])
    assert made_so.status_code == 200
    await world.seal()
    for role in (None, "zhifa_training"):
        with world.superuser() as connection:
            if role is not None:
                connection.execute(f"SET ROLE {role}")
            with pytest.raises((psycopg.errors.RestrictViolation, psycopg.errors.InsufficientPrivilege)) as refused:
                connection.execute(command)
            assert isinstance(refused.value, psycopg.errors.RestrictViolation) is (role is None)
        with world.superuser() as connection:
            connection.execute("SET session_replication_role = replica")
            with pytest.raises(psycopg.errors.RestrictViolation):
                connection.execute(command)


async def test_sealed_within_a_second_behind_concurrent_writers(world: World) -> None:
    officers = [await world.officer() for _ in range(6)]

    async def sealer() -> None:
        while True:
            await world.seal()
            await asyncio.sleep(0.25)

    async def writer(number: int) -> None:
        for day in range(1, 5):
            body = world.hours_in(officers[number % 6], hours=0.25, occurred_on=f"2024-03-{day + 4 * (number // 6):02}")
            made(await world.bureau.post("/v1/hour-entries", json=body))

    background = asyncio.create_task(sealer())
    await asyncio.gather(*(writer(number) for number in range(18)))
    await asyncio.sleep(1)
    background.cancel()
    told = (await world.bureau.get("/v1/ledger/verification")).json()
    assert (told["ok"], told["waiting"]) == (True, 0)


async def test_what_waits_counts_as_told(world: World) -> None:
    await world.seal()
    entry = await world.hours(await world.officer())
    assert "sequence" not in entry
    told = (await world.bureau.get("/v1/ledger/verification")).json()
    assert (told["ok"], told["waiting"]) == (True, 1)
    await world.seal()
    head = (await world.bureau.get("/v1/ledger/head")).json()
    read = (await world.bureau.get(f"/v1/hour-entries/{entry['id']}")).json()
    assert (read["sequence"], read["chain_hash"]) == (head["sequence"], head["chain_hash"])


async def test_a_row_removed_before_it_was_sealed_is_missed(world: World) -> None:
    await world.seal()
    entry = await world.hours(await world.officer())
    with world.superuser() as connection, connection.transaction(force_rollback=True):
        connection.execute("ALTER TABLE training.hour_entries DISABLE TRIGGER ALL")
        connection.execute("DELETE FROM training.hour_entries WHERE id = %s", [entry["id"]])
        connection.execute("SELECT training.seal_hours(100, now())")
        query = "SELECT fault, first_bad::text FROM training.verify_links(%s, NULL, 100000)"
        assert connection.execute(query, [world.place.district.id]).fetchone() == ("removed", entry["id"])


async def test_two_sealers_never_seal_twice(world: World) -> None:
    officer = await world.officer()
    for day in range(1, 9):
        await world.hours(officer, occurred_on=f"2024-02-{day:02}")
    await asyncio.gather(*(world.seal() for _ in range(8)))
    await world.seal()
    told = (await world.bureau.get("/v1/ledger/verification")).json()
    assert (told["ok"], told["waiting"]) == (True, 0)


async def test_each_district_has_its_own_chain(world: World) -> None:
    await world.hours(await world.officer())
    await world.seal()
    foreign = world.caller(Role.UNIT_MANAGER, world.place.foreign_town)
    head = (await foreign.get("/v1/ledger/head")).json()
    assert (head["sequence"], head["chain_hash"], head["sealed_at"]) == (0, None, None)
    assert (await foreign.get("/v1/ledger/verification")).json()["checked"] == 0
