"""Files of imports outlive the key they were sealed with: one waits, one is done, and the old key goes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from admin.local import keys
from services.kit import file_rotation, imports, rotation
from services.kit.personal import Suite, Vault
from services.kit.settings import Settings
from services.training_api.exemptions import jobs as exemption_jobs
from services.training_api.officers import jobs as officer_jobs
from tests import sheets
from tests.services.training_api.hour_imports.conftest import HEADINGS, PATH, Importer, Person, row

STEP_TABLES = [officer_jobs.SEALED, exemption_jobs.SEALED]


def change(file: Path, *, drop: bool = False) -> None:
    """Adds a pair of keys of the other suite and puts it to use, or drops all others."""
    content = json.loads(file.read_text())
    if drop:
        content["keys"] = {content["active"]: content["keys"][content["active"]]}
        index = content["index"]
        index["keys"] = {index["active"]: index["keys"][index["active"]]}
    else:
        seal, index_key = keys.new_personal_keys(Suite.SM4)
        if not isinstance(content["index"], dict):
            content["index"] = {"active": "i1", "keys": {"i1": content["index"]}}
        content["keys"]["k99"], content["index"]["keys"]["i99"] = seal, index_key
        content["active"], content["index"]["active"] = "k99", "i99"
    file.write_text(json.dumps(content))


def pieces(importer: Importer) -> list[tuple[str, int]]:
    """Pieces by the name of their key."""
    query = (
        "SELECT convert_from(substring(content FROM 1 FOR position('\\x3a'::bytea IN content) - 1), 'UTF8'), count(*)::integer"
        " FROM kit.import_chunks GROUP BY 1 ORDER BY 1"
    )
    with importer.world.superuser() as connection:
        return [(str(each[0]), int(each[1])) for each in connection.execute(query).fetchall()]


async def test_a_file_that_waits_and_a_report_read_after_the_old_key_is_gone(
    importer: Importer, person: Person, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "CHUNK", 64)
    file = settings.personal_keys_file
    assert file is not None
    sender = importer.world.bureau
    done = await importer.rows(row(person.number), row(person.number, hours="x"), by=sender)
    waiting = await importer.send(sheets.text([HEADINGS, row(person.number, on="2024-05-07", note="甲" * 100)]), sender)
    ((old, count),) = pieces(importer)
    assert count > 2 * file_rotation.BATCH, "in several batches"
    change(file)
    step = rotation.step(STEP_TABLES)
    await step(importer.world.runtime)
    await step(importer.world.runtime)
    assert pieces(importer) == [("k99", count)]
    importer.world.clock.pass_time(seconds=31)
    await step(importer.world.runtime)
    with importer.world.superuser() as connection:
        left = connection.execute("SELECT sum(amount) FROM kit.personal_key_use WHERE key = %s", [old]).fetchone()
    assert left == (None,), "so the old key may go"
    change(file, drop=True)
    vault: Vault = importer.world.runtime.extras["vault"]
    vault.refresh()
    assert old not in vault.keys.seals.keys
    await importer.work(waiting.json()["id"])
    found: dict[str, Any] = (await sender.get(f"{PATH}/{waiting.json()['id']}")).json()
    assert (found["state"], found["accepted"]) == ("succeeded", 1)
    report = await sender.get(done["report_url"], params={"format": "csv"})
    assert person.number in report.content.decode("utf-8-sig")
    assert len(await importer.posted(person.facts)) == 2


async def test_a_piece_moved_to_another_place_does_not_open(
    importer: Importer, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "CHUNK", 64)
    sender = importer.world.bureau
    sent = await importer.send(sheets.text([HEADINGS, row(person.number)]), sender)
    swap = (
        "UPDATE kit.import_chunks c SET content = o.content FROM kit.import_chunks o"
        " WHERE c.import_id = %s AND o.import_id = c.import_id AND c.place = 0 AND o.place = 1"
    )
    with importer.world.superuser() as connection:
        connection.execute(swap, [sent.json()["id"]])
    await importer.work(sent.json()["id"])
    assert (await sender.get(f"{PATH}/{sent.json()['id']}")).json()["state"] == "failed"
