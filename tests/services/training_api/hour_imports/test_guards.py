"""Files meet the same settings and closed years as single entries."""

from __future__ import annotations

from tests.factories.training import World, made
from tests.services.training_api.hour_imports.conftest import Importer, Person, refusals, row


async def test_a_source_counts_up_to_its_cap(importer: Importer, person: Person, world: World) -> None:
    caps = {"valid_from": "2024-03-01", "source_caps": {"online": 10}}
    rule = made(await world.bureau.post("/v1/hour-rules", json=caps))
    await world.hours(person.facts, source="online", hours=3, occurred_on="2024-02-01")
    found = await importer.rows(
        row(person.number, source="网络", on="2024-02-02", hours="20"),
        row(person.number, source="网络", on="2024-03-01", hours="1"),
        row(person.number, source="面授", on="2024-03-02", hours="20"),
    )
    assert (found["accepted"], refusals(found)) == (2, {3: ["hours:hours.source_cap"]})
    entries = {entry["occurred_on"]: entry for entry in await importer.posted(person.facts)}
    assert entries["2024-03-02"]["hour_rule_id"] == rule["id"] != entries["2024-02-02"]["hour_rule_id"]


async def test_what_waits_is_a_setting(importer: Importer, person: Person, world: World) -> None:
    rule = {"valid_from": "2024-04-01", "members_wait": True, "pending_sources": ["online"]}
    made(await world.bureau.post("/v1/hour-rules", json=rule))
    rows = [row(person.number, source=source, on=f"2024-04-0{day}") for day, source in ((1, "面授"), (2, "自学"), (3, "网络"))]
    assert (await importer.rows(*rows))["accepted"] == 3
    states = {entry["source"]: entry["state"] for entry in await importer.posted(person.facts)}
    assert states == {"class": "posted", "self_study": "posted", "online": "pending"}
    by_staff = row(person.number, source="面授", on="2024-04-04")
    assert (await importer.rows(by_staff, by=world.member))["accepted"] == 1
    assert (await importer.posted(person.facts))[-1]["state"] == "pending"


async def test_a_closed_year_takes_no_file_without_a_reason(importer: Importer, person: Person, world: World) -> None:
    assert (await world.bureau.post("/v1/hour-years/2023/close", version=1)).status_code == 200
    found = await importer.rows(row(person.number, on="2023-05-06"), row(person.number))
    assert (found["accepted"], refusals(found)) == (1, {2: ["occurred_on:hours.reason_needed"]})
