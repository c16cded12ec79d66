"""The trail cannot be bent by anybody unseen: refused to the owner, and found where a superuser takes the guards away."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from uuid import UUID

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege, RestrictViolation

from services.kit import ids
from tests.client import ROLES
from tests.services.directory_api.audit_events import trail

GUARDED = ("kit.audit_events", "kit.audit_seals", "kit.outbox", "kit.feed")
ROWS = 100
ATTACKS = 1_000


@pytest.fixture(scope="module")
def rows(owner: psycopg.Connection) -> Sequence[UUID]:
    """A sealed trail; the ids in the order of their seals."""
    for start in range(0, ROWS, 50):
        trail.write(owner, [trail.event(reason=f"第{start + number}行") for number in range(50)])
        trail.seal(owner)
    return sealed(owner)


def sealed(owner: psycopg.Connection) -> Sequence[UUID]:
    return [row[0] for row in owner.execute("SELECT event_id FROM kit.audit_seals ORDER BY sequence").fetchall()]


@pytest.mark.parametrize("table", GUARDED)
def test_rows_are_only_ever_added_also_by_the_owner(owner: psycopg.Connection, rows: Sequence[UUID], table: str) -> None:
    superuser = owner.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    assert superuser == (True,), "this test says little unless the strongest role is refused"
    if table in {"kit.outbox", "kit.feed"}:
        message = """{"id": "%s", "recorded_at": "2025-01-01T00:00:00Z", "service": "s", "kind": "k", "object_type": "o",
            "object_id": "%s", "version": 1, "account_ids": [], "audience": {}, "data": {}}"""
        owner.execute("SELECT kit.record('[]', %s::jsonb)", [f"[{message % (ids.new_id(), ids.new_id())}]"])
        owner.execute("SELECT kit.number_outbox()")
    first = owner.execute(f"SELECT attname FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attnum = 1").fetchone()
    assert first is not None
    for statement in (
        f"UPDATE {table} SET {first[0]} = {first[0]}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
        f"MERGE INTO {table} t USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
    ):
        with pytest.raises(RestrictViolation, match="only ever added"):
            owner.execute(statement)
        # Replication's role switches ordinary triggers off, not these.
        with owner.transaction(force_rollback=True):
            owner.execute("SET LOCAL session_replication_role = replica")
            with pytest.raises(RestrictViolation), owner.transaction():
                owner.execute(statement)


@pytest.mark.parametrize("role", sorted(ROLES.values()))
def test_no_service_writes_to_the_trail_but_through_the_kit(owner: psycopg.Connection, rows: Sequence[UUID], role: str) -> None:
    for table in (*GUARDED, "kit.audit_queue", "kit.outbox_queue"):
        for statement in (
            f"INSERT INTO {table} DEFAULT VALUES",
            f"DELETE FROM {table}",
            f"TRUNCATE {table}",
            f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        ):
            with owner.transaction(force_rollback=True):
                owner.execute(f"SET LOCAL ROLE {role}")
                with pytest.raises(InsufficientPrivilege), owner.transaction():
                    owner.execute(statement)


def test_a_sound_trail_is_found_sound(owner: psycopg.Connection, rows: Sequence[UUID]) -> None:
    assert trail.verify(owner) == trail.Verdict(len(rows), None, None, None)
    waiting = trail.event()
    trail.write(owner, [waiting])
    assert trail.verify(owner).first_bad is None, "a row that waits for its seal is no fault"
    assert trail.seal(owner) == 1


def attacked(owner: psycopg.Connection, count: int, seed: int) -> None:
    """So many random attacks, each in a savepoint; every one is found and names its row."""
    rows, chance = sealed(owner), random.Random(seed)
    with trail.unguarded(owner):
        for number in range(count):
            attack = trail.tamper(rows, chance)
            with owner.transaction(force_rollback=True):
                for statement, values in attack.statements:
                    owner.execute(statement, values)
                found = trail.verify(owner, chance.choice([20_000, 20_000, 20_000, 40]))
                assert (found.first_bad, found.kind, found.sequence) == attack.expected, f"seed {seed}, attack {number}: {attack}"
        assert trail.verify(owner).kind is None


def test_each_of_a_thousand_attacks_is_found_and_its_row_named(owner: psycopg.Connection, rows: Sequence[UUID]) -> None:
    attacked(owner, ATTACKS, random.randrange(2**32))


@pytest.mark.full
def test_a_thousand_attacks_on_ten_thousand_rows(owner: psycopg.Connection, rows: Sequence[UUID]) -> None:
    while len(sealed(owner)) < 10_000:
        trail.write(owner, [trail.event() for _ in range(1_000)])
        trail.seal(owner)
    attacked(owner, ATTACKS, random.randrange(2**32))


def test_several_attacks_at_once_name_the_first_row(owner: psycopg.Connection, rows: Sequence[UUID]) -> None:
    chain = sealed(owner)
    with trail.unguarded(owner):
        for place in (90, 20, 55):
            owner.execute("UPDATE kit.audit_events SET reason = 'bent' WHERE id = %s", [chain[place]])
        assert trail.verify(owner).first_bad == chain[20]


def test_writers_do_not_wait_for_each_other_or_for_the_sealer(database_url: str, owner: psycopg.Connection) -> None:
    before = trail.verify(owner).checked
    with psycopg.connect(database_url) as slow, psycopg.connect(database_url) as quick:
        late, early = trail.event(), trail.event()
        trail.write(slow, [late])
        started = time.monotonic()
        trail.write(quick, [early])
        quick.commit()
        assert trail.seal(owner) == 1
        assert time.monotonic() - started < 1, "a writer or the sealer waited for an open transaction"
        assert sealed(owner)[-1] == early["id"]
        slow.commit()
    assert trail.seal(owner) == 1
    # Written first, committed last: its place is that of its commit.
    assert sealed(owner)[-1] == late["id"]
    assert trail.verify(owner) == trail.Verdict(before + 2, None, None, None)


def test_two_sealers_at_once_make_one_chain(database_url: str, owner: psycopg.Connection) -> None:
    trail.write(owner, [trail.event() for _ in range(20)])
    with psycopg.connect(database_url) as first, psycopg.connect(database_url) as second:
        assert trail.seal(first) == 20
        assert trail.seal(second) == 0, "the second stands back while the first has not committed"
        first.commit()
        second.commit()
    assert trail.verify(owner).kind is None


def test_a_sealer_that_dies_takes_nothing_with_it(database_url: str, owner: psycopg.Connection) -> None:
    trail.write(owner, [trail.event() for _ in range(5)])
    dying = psycopg.connect(database_url)
    trail.seal(dying)
    dying.close()
    ended = time.monotonic()
    while (sealed_now := trail.seal(owner)) == 0:
        assert time.monotonic() - ended < 2, "its lock outlives the dead sealer"
    assert sealed_now == 5
    assert trail.verify(owner).kind is None
