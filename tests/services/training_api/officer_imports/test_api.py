"""Officers by file: every reason against a row, lists sent again, dry runs, and who may send whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest

from services.kit import jobs
from services.kit.principal import Role
from services.training_api.officer_imports import queries
from services.training_api.officer_imports.jobs import TASK
from tests import sheets
from tests.client import Caller
from tests.factories.training import World, id_number
from tests.services.training_api.hour_imports.conftest import refusals

PATH = "/v1/officer-imports"
HEADINGS = ["单位代码", "姓名", "身份证号", "人员类别", "岗位", "入职日期", "外部编号"]
SERIALS = iter(range(960_000, 990_000))


def row(world: World, **changes: Any) -> list[str]:
    facts = {
        "unit": world.place.town.code, "name": "示例甲", "number": id_number(next(SERIALS)), "kind": "执法人员", "posts": "",
        "on": "2021-07-01", "external": "",
    }  # fmt: skip
    return list((facts | changes).values())


async def done(world: World, by: Caller, rows: Sequence[list[str]], content: bytes = b"", **options: Any) -> dict[str, Any]:
    files = {"file": ("名单.csv", content or sheets.text([HEADINGS, *rows]), "application/octet-stream")}
    answer = await by.post(PATH, files=files, **options)
    assert answer.status_code == 202, answer.text
    await jobs.run(world.runtime, TASK, UUID(answer.json()["id"]))
    found: dict[str, Any] = (await by.get(f"{PATH}/{answer.json()['id']}")).json()
    assert found["state"] == "succeeded", found
    return found


async def found(by: Caller, number: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await by.post("/v1/officers/search", json={"id_number": number})).json()["items"]
    return items


def sums(told: dict[str, Any]) -> tuple[int, int, int]:
    return told["accepted"], told["refused"], told["repeated"]


async def test_good_rows_come_in_and_bad_ones_have_every_reason(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "SLICE", 3)
    held = world.officer_in(world.place.town)
    await world.officer(**held)
    good, auxiliary = row(world, posts="综合执法岗、法制员"), row(world, kind="辅助人员")
    told = await done(
        world,
        world.bureau,
        [
            good,
            auxiliary,
            row(world, unit="350111999", on="2999-01-01"),
            row(world, number="350111190001010012", name="", kind="别的"),
            good,
            row(world, number=good[2], name="示例乙"),
            row(world, number=held["id_number"]),
            row(world, unit="", name=f"示例{good[2]}"),
            row(world, external="X-1"),
            row(world, external="X-1"),
        ],
    )
    assert sums(told) == (3, 7, 1)
    assert refusals(told) == {
        4: ["unit_code:not_found", "hired_on:in_future"],
        5: ["kind:not_allowed", "name:missing", "id_number:officer.id_number"],
        6: ["import.repeated_in_file"],
        7: ["id_number:repeated"],
        8: ["id_number:officer.duplicate"],
        9: ["name:sheet.identity_misplaced", "unit_code:missing"],
        11: ["external_id:repeated"],
    }
    (officer,) = await found(world.manager, good[2])
    assert (officer["posts"], officer["kind"], officer["hired_on"]) == (["综合执法岗", "法制员"], "officer", "2021-07-01")
    assert (await found(world.manager, auxiliary[2]))[0]["kind"] == "auxiliary"
    with world.superuser() as connection:
        told_of = "SELECT count(*) FROM kit.{} WHERE object_id = %s AND {} = 'officer.created'"
        assert connection.execute(told_of.format("audit_events", "action"), [officer["id"]]).fetchone() == (1,)
        kept = connection.execute("SELECT after::text FROM kit.audit_events WHERE object_id = %s", [officer["id"]]).fetchall()
        assert good[2] not in str(kept)
        assert "示例甲" not in str(kept)


async def test_a_list_sent_again_changes_nothing_and_an_external_id_corrects(world: World) -> None:
    plain, known = row(world), row(world, external="X-7", posts="文员")
    rows = [plain, known]
    dry = await done(world, world.bureau, rows, params={"dry_run": "true"})
    assert (sums(dry), await found(world.bureau, plain[2])) == ((2, 0, 0), [])
    assert sums(await done(world, world.bureau, rows)) == (2, 0, 0)
    (before,) = await found(world.bureau, known[2])
    assert sums(await done(world, world.bureau, rows)) == (1, 1, 1)
    assert (await found(world.bureau, known[2]))[0]["version"] == before["version"]
    moved = row(world, external="X-7", number=known[2], unit=world.place.other_town.code)
    corrected = [known[0], known[1], known[2], known[3], "执法岗", *known[5:]]
    assert refusals(await done(world, world.bureau, [moved])) == {2: ["unit_code:officer.other_unit"]}
    await done(world, world.bureau, [corrected])
    assert (await found(world.bureau, known[2]))[0]["posts"] == ["执法岗"]


async def test_each_sends_its_own_people_and_sees_its_own_imports(world: World) -> None:
    mine, theirs = row(world), row(world, unit=world.place.other_town.code)
    told = await done(world, world.manager, [mine, theirs])
    assert refusals(told) == {3: ["unit_code:not_found"]}
    assert (await world.bureau.get(f"{PATH}/{told['id']}")).status_code == 404
    # The platform knows people by its own ids alone.
    platform = await done(world, world.caller(Role.PLATFORM), [row(world)])
    assert refusals(platform) == {2: ["external_id:missing"]}
    for role in (Role.GOVERNMENT, Role.AUDITOR, Role.SYSTEM_ADMIN):
        refused = await world.caller(role).post(PATH, files={"file": ("a.csv", b"x", "text/csv")})
        assert refused.status_code == 403


async def test_the_template_with_one_more_row_is_an_import(world: World) -> None:
    template = (await world.bureau.get(f"{PATH}/template", params={"format": "csv"})).content.decode("utf-8-sig")
    headings, example = template.splitlines()
    assert headings.startswith("单位代码,姓名,证件类型,身份证号")
    told = await done(world, world.bureau, [], sheets.text([headings.split(","), example.split(",")]))
    assert refusals(told) == {2: ["unit_code:not_found"]}
