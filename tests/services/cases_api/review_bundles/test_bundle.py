"""The archive of a campaign: whole, masked, the same bytes twice, and checked offline, where any change is found."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from services.cases_api.review_bundles import queries
from tests.factories import reviews
from tests.factories.reviews import World, good
from tests.services.cases_api.assignment_runs import rounds

VERIFIER = Path(__file__).parents[4] / "docs" / "verify_bundle.py"


@pytest.fixture(scope="module")
async def made(world: World) -> dict[str, Any]:
    """A published sample of three files with two reviewers each, and its archive."""
    for _ in range(3):
        reviews.case_file(world.connection, world.place.other_town)
    people = [rounds.outsider(world) for _ in range(3)]
    for person in people:
        world.connection.execute(
            "INSERT INTO cases.reviewers (id, district_id, account_id, kinds, legal_review, former_units, is_active, created_by,"
            " created_at, version) VALUES (gen_random_uuid(), %s, %s, '{}', false, '[]', true, %s, now(), 1)",
            [world.place.district.id, person, person],
        )
    turn = await rounds.drawn(world, world.place.other_town, legal_reviewers=0)
    assert (await turn.assign())["state"] == "succeeded"
    for assignment in await turn.assignments():
        who = rounds.reviewer(world, assignment["account_id"])
        item = {"item_key": "clear", "deduction": 2.5, "reason": "示例"}
        path = f"/v1/reviews/{assignment['id']}"
        good(await who.post(f"{path}/submit", json={"items": [item]}, version=assignment["version"]))
    await turn.act("publish")
    path = f"/v1/review-campaigns/{(await turn.now())['campaign_id']}/bundle"
    answer = await world.bureau.get(path)
    assert answer.status_code == 200, answer.text
    return {"path": path, "body": answer.content, "people": [str(each) for each in people], "turn": turn}


def verdict(folder: Path, body: bytes) -> tuple[int, str]:
    """What the stand-alone script says of an archive."""
    (folder / "bundle.zip").write_bytes(body)
    done = subprocess.run(
        [sys.executable, "-I", str(VERIFIER), str(folder / "bundle.zip")], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def bent(body: bytes, name: str, change: Any, *, rehash: bool = False) -> bytes:
    """The archive with one entry changed, its hash in the manifest as well if asked for."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as before, zipfile.ZipFile(out, "w") as after:
        changed = change(before.read(name).decode()).encode()
        for each in before.namelist():
            data = changed if each == name else before.read(each)
            if each == "manifest.json" and rehash:
                manifest = json.loads(data)
                for entry in manifest["files"]:
                    if entry["path"] == name:
                        entry["sha256"] = hashlib.sha256(changed).hexdigest()
                data = json.dumps(manifest).encode()
            after.writestr(each, data)
    return out.getvalue()


async def test_the_archive_is_whole_masked_and_the_same_twice(world: World, made: dict[str, Any], tmp_path: Path) -> None:
    assert verdict(tmp_path, made["body"]) == (0, "The archive is whole: hashes, draws, samples, scores and results agree.\n")
    assert (await world.bureau.get(made["path"])).content == made["body"]
    archive = zipfile.ZipFile(io.BytesIO(made["body"]))
    everything = "".join(archive.read(name).decode() for name in archive.namelist())
    assert not [person for person in made["people"] if person in everything]
    sheets = [json.loads(line) for line in archive.read("sheets.jsonl").decode().splitlines()]
    assert len(sheets) == 6
    assert {sheet["reviewer"][0] for sheet in sheets} == {"P"}
    assert {sheet["total_hundredths"] for sheet in sheets} == {9750}


@pytest.mark.parametrize(
    ("name", "old", "new", "rehash", "said"),
    [
        ("sheets.jsonl", "9750", "9751", False, "the hash is not that of the manifest"),
        ("sheets.jsonl", '"total_hundredths" : 9750', '"total_hundredths" : 9751', True, "do not follow from the sheet"),
        ("results.jsonl", '"total_hundredths" : 9750', '"total_hundredths" : 9800', True, "does not follow from its sheets"),
        ("rubric.json", "事实清楚", "事实不清", True, "the content is not that of its hash"),
    ],
)
def test_any_change_is_found(
    made: dict[str, Any], tmp_path: Path, name: str, old: str, new: str, rehash: bool, said: str
) -> None:
    code, told = verdict(tmp_path, bent(made["body"], name, lambda text: text.replace(old, new), rehash=rehash))
    assert code == 1
    assert said in told


async def test_a_running_round_is_not_in_it_and_pages_join(
    world: World, made: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    assert (await world.bureau.get(made["path"])).content == made["body"]
    running = await world.campaign()
    answer = await world.bureau.get(f"/v1/review-campaigns/{running['id']}/bundle")
    assert zipfile.ZipFile(io.BytesIO(answer.content)).read("sheets.jsonl") == b""
    assert (await world.manager().get(made["path"])).status_code == 403
    assert (await world.bureau.get("/v1/review-campaigns/01900000-0000-7000-8000-00000000ffff/bundle")).status_code == 404
