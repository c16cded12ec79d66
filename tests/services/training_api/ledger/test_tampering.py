"""Whoever bends the ledger with every right in the database is found, and the row is named."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable
from typing import Any, NamedTuple

import psycopg
import pytest

from services.kit import ids
from services.training_api.ledger import actions, rules, schemas
from tests.factories.training import World

Row = tuple[Any, ...]
TABLES = ("hour_entries", "hour_decisions", "hour_seals")
MANY = """
    INSERT INTO training.hour_entries (id, district_id, unit_id, officer_id, category, hundredths, occurred_on, days, source,
                                       entered_as, note, entered_by, created_at)
    SELECT ('01900000-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid, %(district)s, %(unit)s, %(officer)s,
           (ARRAY['business', 'skills'])[1 + n %% 2], 50 + n, date '2024-01-01' + n %% 280, 1, 'self_study',
           CASE n %% 3 WHEN 0 THEN 'pending' ELSE 'posted' END, '说明 "' || n || E'"\\n\\\\', %(by)s,
           timestamptz '2024-10-01 00:00:00.5+00' + n * interval '1.25 s'
    FROM generate_series(%(first)s::integer, %(last)s::integer) n
"""
DECIDED = """
    INSERT INTO training.hour_decisions (entry_id, decision, reason, decided_by, decided_at)
    SELECT id, CASE WHEN hundredths %% 2 = 0 THEN 'posted' ELSE 'refused' END, '核对', %(by)s, created_at
    FROM training.hour_entries WHERE entered_as = 'pending'
"""


class Found(NamedTuple):
    """What a verification named."""

    fault: str | None
    first_bad: object
    at_sequence: int | None


def fill(connection: psycopg.Connection, world: World, officer: dict[str, Any], first: int, last: int) -> None:
    """Entries and decisions as the service would write them: on its own database role."""
    facts = {"district": world.place.district.id, "unit": world.place.town.id, "officer": officer["id"], "by": ids.new_id()}
    with connection.transaction():
        connection.execute("SET LOCAL ROLE zhifa_training")
        connection.execute(MANY, facts | {"first": first, "last": last})
        connection.execute(DECIDED, facts)


def verified(connection: psycopg.Connection, district: object) -> Found:
    """The verification in the database, over the whole chain at once."""
    query = """SELECT l.fault, l.first_bad, l.at_sequence, o.first_bad FROM training.verify_links(%(of)s, NULL, 1000000) l,
               training.unchained_hours(%(of)s) o"""
    row = connection.execute(query, {"of": district}).fetchone()
    assert row is not None
    return Found(*row[:3]) if row[0] or not row[3] else Found(rules.INSERTED, row[3], None)


@pytest.fixture(scope="module")
async def ledger(world: World) -> AsyncIterator[psycopg.Connection]:
    """A sealed chain of 60 entries and 20 decisions, and a superuser who switched every trigger off."""
    officer = await world.officer()
    with world.superuser() as connection:
        fill(connection, world, officer, 1, 60)
        await world.seal()
        for name in TABLES:
            connection.execute(f"ALTER TABLE training.{name} DISABLE TRIGGER ALL")
        yield connection
        for name in TABLES:
            connection.execute(f"ALTER TABLE training.{name} ENABLE TRIGGER ALL")
            for trigger in ("append_only_rows", "append_only_table"):
                connection.execute(f"ALTER TABLE training.{name} ENABLE ALWAYS TRIGGER {trigger}")


def seals(connection: psycopg.Connection) -> list[Row]:
    """Sequence, entry and link, in order."""
    return connection.execute("SELECT sequence, entry_id, link FROM training.hour_seals ORDER BY sequence").fetchall()


class Vandal:
    """Somebody with every right in the database. Each method bends one thing at random and tells what must be named."""

    def __init__(self, connection: psycopg.Connection, chance: random.Random, links: list[Row], district: object) -> None:
        self.connection, self.chance, self.links, self.district = connection, chance, links, district
        self.entries = [link for link in links if link[2] == "entry"]
        self.decisions = [link for link in links if link[2] == "decision"]

    def run(self, command: str, *values: object) -> None:
        """One command that changes something, or the test is void."""
        assert self.connection.execute(command, values).rowcount >= 1, command

    def change_entry(self) -> Found:
        """Another value in any column of an entry."""
        sequence, entry_id, _ = self.chance.choice(self.entries)
        name, value = self.chance.choice(
            [
                ("hundredths", "hundredths + 1"), ("occurred_on", "occurred_on - 1"), ("category", "'public_law'"),
                ("officer_id", "gen_random_uuid()"), ("unit_id", "gen_random_uuid()"), ("days", "days + 1"),
                ("note", "note || ' '"), ("note", "NULL"), ("source", "'online'"), ("entered_by", "gen_random_uuid()"),
                ("created_at", "created_at + interval '1 microsecond'"), ("starts_at", "now()"), ("ends_at", "now()"),
                ("class_id", "gen_random_uuid()"), ("class_turn", "7"), ("external_id", "'E'"), ("external_system", "'S'"),
                ("entered_as", "CASE entered_as WHEN 'posted' THEN 'pending' ELSE 'posted' END"),
                ("reverses_id", "gen_random_uuid()"), ("district_id", "gen_random_uuid()"),
            ]
        )  # fmt: skip
        for check in ("sign", "times", "turn", "external"):
            self.connection.execute(f"ALTER TABLE training.hour_entries DROP CONSTRAINT ck_hour_entries_{check}")
        self.run(f"UPDATE training.hour_entries SET {name} = {value} WHERE id = %s", entry_id)
        return Found("changed", entry_id, sequence)

    def change_decision(self) -> Found:
        """Another value in any column of a decision."""
        sequence, entry_id, _ = self.chance.choice(self.decisions)
        other = "CASE decision WHEN 'posted' THEN 'refused' ELSE 'posted' END"
        value = self.chance.choice(
            [f"decision = {other}", "reason = NULL", "decided_by = gen_random_uuid()", "decided_at = decided_at - interval '1 s'"]
        )
        self.run(f"UPDATE training.hour_decisions SET {value} WHERE entry_id = %s", entry_id)
        return Found("changed", entry_id, sequence)

    def change_link(self) -> Found:
        """Another hash or time in a link."""
        sequence, entry_id, _ = self.chance.choice(self.links)
        name, value = self.chance.choice(
            [
                ("chain_hash", "sha256(chain_hash)"),
                ("sealed_at", "sealed_at + interval '1 microsecond'"),
                ("entry_hash", "sha256(entry_hash)"),
            ]
        )
        self.run(f"UPDATE training.hour_seals SET {name} = {value} WHERE sequence = %s", sequence)
        return Found("changed" if name == "entry_hash" else "chain", entry_id, sequence)

    def remove_row(self) -> Found:
        """An entry or a decision gone."""
        sequence, entry_id, link = self.chance.choice(self.links)
        if link == "entry":
            self.run("DELETE FROM training.hour_entries WHERE id = %s", entry_id)
        else:
            self.run("DELETE FROM training.hour_decisions WHERE entry_id = %s", entry_id)
        return Found("removed", entry_id, sequence)

    def remove_link(self) -> Found:
        """A link gone: the next one hangs in the air; without a next one the row stands outside the chain."""
        place = self.chance.randrange(len(self.links))
        self.run("DELETE FROM training.hour_seals WHERE sequence = %s", self.links[place][0])
        if place + 1 == len(self.links):
            return Found(rules.INSERTED, self.links[place][1], None)
        return Found("chain", self.links[place + 1][1], self.links[place + 1][0])

    def remove_both(self) -> Found:
        """A decision and its link gone, as if it had never been."""
        sequence, entry_id, _ = self.chance.choice(self.decisions[:-1])
        self.run("DELETE FROM training.hour_decisions WHERE entry_id = %s", entry_id)
        self.run("DELETE FROM training.hour_seals WHERE sequence = %s", sequence)
        return Found("chain", self.links[sequence][1], sequence + 1)

    def insert_row(self) -> Found:
        """An entry that the service never wrote, once with the table's triggers at work and once without."""
        new = ids.new_id()
        if self.chance.random() < 0.5:
            self.connection.execute("ALTER TABLE training.hour_entries ENABLE TRIGGER queue_for_sealing")
        columns = "district_id, unit_id, officer_id, category, hundredths, occurred_on, days, source, entered_as, entered_by"
        self.run(
            f"INSERT INTO training.hour_entries (id, {columns}, created_at)"
            f" SELECT %s, {columns}, now() FROM training.hour_entries WHERE id = %s",
            new,
            self.chance.choice(self.entries)[1],
        )
        return Found(rules.INSERTED, new, None)

    def insert_decision(self) -> Found:
        """A decision about an entry that needed none."""
        entry_id = self.chance.choice([link for link in self.entries if link[1] not in {each[1] for each in self.decisions}])[1]
        self.run(
            "INSERT INTO training.hour_decisions (entry_id, decision, decided_by, decided_at)"
            " VALUES (%s, 'refused', gen_random_uuid(), now())",
            entry_id,
        )
        return Found(rules.INSERTED, entry_id, None)

    def insert_link(self) -> Found:
        """An entry with a link of its own: behind the last, before the first, or in another district's chain."""
        new = self.insert_row().first_bad
        place = self.chance.choice([len(self.links) + 1, 0, -5])
        self.run(
            "INSERT INTO training.hour_seals (district_id, sequence, entry_id, link, entry_hash, chain_hash, sealed_at)"
            " SELECT e.district_id, %s, e.id, 'entry', training.content_hash(training.entry_content(e)), sha256('x'), now()"
            " FROM training.hour_entries e WHERE e.id = %s",
            place,
            new,
        )
        if place > 0:
            return Found("chain", new, place)
        return Found("chain", new, place)

    def hide_in_another_chain(self) -> Found:
        """An entry whose link stands in a made-up district's chain."""
        new = self.insert_row().first_bad
        self.run(
            "INSERT INTO training.hour_seals (district_id, sequence, entry_id, link, entry_hash, chain_hash, sealed_at)"
            " VALUES (gen_random_uuid(), 1, %s, 'entry', '', '', now())",
            new,
        )
        return Found(rules.INSERTED, new, None)

    def swap_links(self) -> Found:
        """Two links in each other's place."""
        first, second = sorted(self.chance.sample(self.links, 2))
        move = "UPDATE training.hour_seals SET sequence = %s WHERE sequence = %s"
        for to, at in ((-1, first[0]), (first[0], second[0]), (second[0], -1)):
            self.run(move, to, at)
        return Found("chain", second[1], first[0])

    def swap_rows(self) -> Found:
        """The hours of two entries exchanged: each sum stays as it was."""
        first, second = sorted(self.chance.sample(self.entries, 2))
        self.run(
            "UPDATE training.hour_entries e SET hundredths = o.hundredths FROM training.hour_entries o"
            " WHERE (e.id, o.id) IN ((%s, %s), (%s, %s))",
            first[1], second[1], second[1], first[1],
        )  # fmt: skip
        return Found("changed", first[1], first[0])


DEEDS: list[Callable[[Vandal], Found]] = [
    Vandal.change_entry, Vandal.change_decision, Vandal.change_link, Vandal.remove_row, Vandal.remove_link, Vandal.remove_both,
    Vandal.insert_row, Vandal.insert_decision, Vandal.insert_link, Vandal.hide_in_another_chain, Vandal.swap_links,
    Vandal.swap_rows,
]  # fmt: skip


async def test_a_thousand_tamperings_are_found_and_the_row_named(ledger: psycopg.Connection, world: World) -> None:
    seed = random.SystemRandom().randrange(10**9)
    chance, links, district = random.Random(seed), seals(ledger), world.place.district.id
    assert verified(ledger, district) == Found(None, None, None)
    missed = []
    for turn in range(1000):
        with ledger.transaction(force_rollback=True):
            deed = DEEDS[turn % len(DEEDS)]
            expected = deed(Vandal(ledger, chance, links, district))
            found = verified(ledger, district)
        if found != expected:
            missed.append((seed, turn, deed.__name__, expected, found))
    assert missed == []
    assert verified(ledger, district) == Found(None, None, None)


async def test_the_answer_names_the_row(ledger: psycopg.Connection, world: World) -> None:
    links = seals(ledger)
    ledger.execute("UPDATE training.hour_entries SET hundredths = hundredths + 100 WHERE id = %s", [links[40][1]])
    told = schemas.VerificationOut.model_validate_json((await world.manager.get("/v1/ledger/verification")).content)
    assert (told.ok, told.first_bad, told.fault, told.at_sequence) == (False, links[40][1], "changed", 41)
    ledger.execute("UPDATE training.hour_entries SET hundredths = hundredths - 100 WHERE id = %s", [links[40][1]])
    told = schemas.VerificationOut.model_validate_json((await world.manager.get("/v1/ledger/verification")).content)
    assert told.model_dump() == {
        "checked": len(links), "waiting": 0, "ok": True, "first_bad": None, "fault": None, "at_sequence": None,
    }  # fmt: skip


async def test_a_long_chain_is_checked_in_parts(
    ledger: psycopg.Connection, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "PART", 11)
    links = seals(ledger)
    whole = await world.bureau.get("/v1/ledger/verification")
    assert whole.content.startswith(b"   ")
    assert (whole.json()["ok"], whole.json()["checked"]) == (True, len(links))
    with ledger.transaction(force_rollback=True):
        for place in (10, 11, 12, 21, 22, 23):
            with ledger.transaction(force_rollback=True):
                ledger.execute("DELETE FROM training.hour_seals WHERE sequence = %s", [place])
                known = rules.Checked()
                while not known.has_links:
                    query = "SELECT checked, reached, first_bad, fault, at_sequence FROM training.verify_links(%s, %s, 11)"
                    row = ledger.execute(query, [world.place.district.id, known.reached]).fetchone()
                    assert row is not None
                    fault = rules.Fault(row[3], row[2], row[4]) if row[3] else None
                    known = known.with_links(row[0], row[1], fault, is_last=row[0] < 11)
                assert known.fault == rules.Fault("chain", links[place][1], place + 1), place


async def test_rows_outside_a_long_chain_are_looked_for_in_parts(
    ledger: psycopg.Connection, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "ENTRIES", 7)
    sound = await world.bureau.get("/v1/ledger/verification")
    assert sound.content.startswith(b" " * 8)
    assert sound.json()["ok"] is True
    order = ledger.execute("SELECT id::text FROM training.hour_entries ORDER BY id").fetchall()
    for place in (0, 6, 7, 20, len(order) - 1):
        entry_id = order[place][0]
        take = "DELETE FROM training.hour_seals WHERE entry_id = %s"
        with ledger.transaction(force_rollback=True):
            ledger.execute(take, [entry_id])
            district, behind, bad = world.place.district.id, None, None
            checked = 7
            while checked == 7 and bad is None:
                query = "SELECT first_bad::text, checked, reached FROM training.unchained_hours(%s, %s, 7)"
                row = ledger.execute(query, [district, behind]).fetchone()
                assert row is not None
                bad, checked, behind = row
            assert bad == entry_id, place
