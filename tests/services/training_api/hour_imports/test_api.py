"""Importing class hours over HTTP: what is taken, what is refused with which reasons, and what it leaves behind."""

from __future__ import annotations

import pytest

from services.kit import identity
from services.kit.import_schemas import ImportOut, ImportPage
from services.kit.principal import Role
from tests import sheets
from tests.factories import training
from tests.factories.training import id_number, problem
from tests.services.training_api.hour_imports.conftest import PATH, SERIALS, Importer, Person, hired, refusals, row


async def test_good_rows_are_posted_and_bad_rows_come_back_with_every_reason(importer: Importer, person: Person) -> None:
    found = await importer.rows(
        row(person.number, note="执法业务培训"),
        row(person.number, category="其他", hours="-1", on="昨天"),
        row(person.number, on="2030-01-01", hours="25"),
        row("350111190001010000"),
        row(id_number(1), on="2019-01-01", source=""),
        row(person.number, on="2024-05-07", start="14:00", end="17:30", source="自学"),
        row(person.number, on="2024-05-08", start="17:00", end="09:00"),
        row(person.number, on="2024-05-09", start="09:00"),
        row(person.number, on="2024-05-10", note=f"代 {person.number} 登记"),
        row(person.number, on="2019-05-10"),
        row("3.50111E+17", on="2024-05-11"),
    )
    ImportOut.model_validate(found)
    assert (found["state"], found["rows"], found["accepted"], found["refused"], found["repeated"]) == ("succeeded", 11, 2, 9, 0)
    assert refusals(found) == {
        3: ["category:not_allowed", "hours:wrong_format", "occurred_on:wrong_format"],
        4: ["occurred_on:hours.in_future", "hours:too_great"],
        5: ["id_number:officer.id_number"],
        6: ["source:missing", "id_number:not_found"],
        8: ["ends_at:hours.times"],
        9: ["ends_at:missing"],
        10: ["note:sheet.identity_misplaced"],
        11: ["occurred_on:hours.not_in_service"],
        12: ["id_number:sheet.bent_number"],
    }
    entries = await importer.posted(person.facts)
    assert [(entry["hours"], entry["occurred_on"], entry["state"]) for entry in entries] == [
        (4, "2024-05-06", "posted"),
        (4, "2024-05-07", "pending"),
    ]
    assert (entries[1]["starts_at"], entries[1]["ends_at"]) == ("2024-05-07T06:00:00.000000Z", "2024-05-07T09:30:00.000000Z")


async def test_the_same_row_is_never_counted_twice(importer: Importer, person: Person, world: training.World) -> None:
    rows = [row(person.number, note="第一课"), row(person.number, note="第一课"), row(person.number, note="第二课")]
    first = await importer.rows(*rows)
    assert (first["accepted"], refusals(first)) == (2, {3: ["import.repeated_in_file"]})
    await world.reverse((await importer.posted(person.facts))[0])
    again = await importer.rows(*rows)
    assert (again["accepted"], again["repeated"]) == (0, 3)
    assert refusals(again) == {
        2: ["import.recorded_and_undone"],
        3: ["import.repeated_in_file", "import.recorded_and_undone"],
        4: ["import.recorded"],
    }


async def test_an_external_id_is_taken_once(importer: Importer, person: Person) -> None:
    first = await importer.rows(
        row(person.number, external="E-1"),
        row(person.number, external="E-1", on="2024-05-07"),
        row(person.number, external="E-2"),
        row(person.number, external="E-2", note="又及"),
    )
    assert (first["accepted"], first["repeated"]) == (2, 1)
    assert refusals(first) == {
        3: ["external_id:import.external_id_taken_in_file"],
        5: ["external_id:import.repeated_in_file"],
    }
    again = await importer.rows(row(person.number, external="E-1"), row(person.number, external="E-2", hours="5"))
    assert refusals(again) == {2: ["external_id:hours.duplicate_external_id"], 3: ["external_id:hours.external_id_differs"]}
    assert again["repeated"] == 1


async def test_times_and_days_are_kept_free_of_double_count(importer: Importer, person: Person, world: training.World) -> None:
    await world.hours(person.facts, hours=20, occurred_on="2024-05-06")
    await world.hours(
        person.facts, hours=2, occurred_on="2024-05-08", starts_at="2024-05-08T01:00:00Z", ends_at="2024-05-08T03:00:00Z"
    )
    found = await importer.rows(
        row(person.number, hours="3"),
        row(person.number, hours="2", note="超过"),
        row(person.number, hours="1", note="正好"),
        row(person.number, on="2024-05-08", hours="1", start="10:59", end="12:00"),
        row(person.number, on="2024-05-08", hours="1", start="11:00", end="12:00"),
        row(person.number, on="2024-05-08", hours="1", start="11:30", end="12:30"),
        row(person.number, on="2024-05-08", hours="1", start="12:00", end="13:00"),
        row(person.number, on="2024-05-07", hours="1", start="2024-05-07 23:30", end="2024-05-08 00:30"),
        row(person.number, on="2024-05-08", hours="1", start="00:00", end="01:00"),
        row(person.number, on="2024-05-08", hours="20", source="自学"),
    )
    assert refusals(found) == {
        3: ["hours:hours.day_full"],
        5: ["starts_at:hours.overlap"],
        7: ["starts_at:hours.overlap"],
        10: ["starts_at:hours.overlap"],
    }


async def test_officers_are_found_by_any_of_their_numbers(importer: Importer, world: training.World) -> None:
    one = await hired(world, external_system="hr", external_id="P-1", name="示例甲")
    other = await hired(world, external_system="hr", external_id="P-2")
    headings = ["身份证号", "人员外部编号", "人员外部系统", "姓名", "类别", "学时", "日期", "来源"]
    rest = ["业务知识", "4", "2024-05-06", "面授"]
    found = await importer.run(
        sheets.workbook(
            [
                headings,
                ["", "P-1", "hr", "示例甲", *rest],
                [one.number, "P-2", "", "", *rest],
                ["", "P-2", "elsewhere", "", *rest],
                [other.number, "P-2", "hr", "示例丁", *rest],
                ["", other.number, "", "", *rest],
                ["", "", "", "", *rest],
                [other.number.lower(), "P-2", "", "", *rest],
            ]
        ),
        name="学时.xlsx",
    )
    assert refusals(found) == {
        3: ["hours.officer_mismatch"],
        4: ["officer_external_id:not_found"],
        5: ["name:hours.name_mismatch"],
        6: ["officer_external_id:sheet.identity_misplaced"],
        7: ["certificate_number:sheet.one_needed"],
    }
    assert (found["format"], found["accepted"]) == ("xlsx", 2)


async def test_officers_are_found_by_the_number_of_a_certificate(
    importer: Importer, person: Person, world: training.World
) -> None:
    with world.superuser() as connection:
        # Renewed once: two certificates of one number are one person.
        for valid_from, valid_to in (("2020-01-01", "2022-12-31"), ("2023-01-01", "2027-12-31")):
            connection.execute(
                "INSERT INTO training.certificates (id, district_id, unit_id, officer_id, number, state, applied_on, valid_from,"
                " valid_to, version, created_at) SELECT gen_random_uuid(), district_id, unit_id, id, %s, 'valid', %s, %s, %s, 1,"
                " now() FROM training.officers WHERE id = %s",
                ["15010112345", valid_from, valid_from, valid_to, person.facts["id"]],
            )
    headings = ["执法证号", "身份证号", "类别", "学时", "日期", "来源"]
    rest = ["业务知识", "4", "2024-05-06", "面授"]
    other = await hired(world)
    found = await importer.run(
        sheets.text(
            [
                headings,
                ["15010112345", "", *rest],
                ["15010112346", "", *rest],
                ["15010112345", other.number, *rest],
                ["", "", *rest],
            ]
        )
    )
    assert refusals(found) == {
        3: ["certificate_number:not_found"],
        4: ["hours.officer_mismatch"],
        5: ["certificate_number:sheet.one_needed"],
    }
    assert len(await importer.posted(person.facts)) == 1


async def test_who_came_back_is_whoever_served_on_the_day(importer: Importer, world: training.World) -> None:
    number = id_number(next(SERIALS))
    before = await world.officer(id_number=number, hired_on="2020-01-01")
    path = f"/v1/officers/{before['id']}"
    done = await world.bureau.post(f"{path}/leave", json={"on": "2022-12-31", "reason": "调离"}, version=before["version"])
    assert done.status_code == 200, done.text
    now = await world.officer(id_number=number, hired_on="2024-01-01", unit=world.place.other_town)
    found = await importer.rows(row(number, on="2022-05-06"), row(number, on="2024-05-06"), row(number, on="2023-05-06"))
    assert refusals(found) == {4: ["hours.officer_ambiguous"]}
    assert [len(await importer.posted(each)) for each in (before, now)] == [1, 1]


async def test_a_dry_run_tells_the_same_and_posts_nothing(importer: Importer, person: Person) -> None:
    rows = [row(person.number), row(person.number), row(person.number, hours="x")]
    dry = await importer.rows(*rows, params={"dry_run": "true"})
    assert (dry["dry_run"], dry["accepted"], dry["refused"]) == (True, 1, 2)
    assert await importer.posted(person.facts) == []
    wet = await importer.rows(*rows)
    assert [wet[name] for name in ("accepted", "reasons", "first_refusals")] == [
        dry[name] for name in ("accepted", "reasons", "first_refusals")
    ]


async def test_each_entry_has_its_audit_row_and_message_and_is_chained(
    importer: Importer, person: Person, world: training.World
) -> None:
    found = await importer.rows(row(person.number), row(person.number, note="二"))
    await world.seal()
    entries = await importer.posted(person.facts)
    with world.superuser() as connection:
        audits = connection.execute(
            "SELECT object_id::text, after->>'import_id', after->>'hundredths', unit_id::text, actor_id IS NOT NULL"
            " FROM kit.audit_events WHERE action = 'hour_entry.entered' AND after->>'import_id' = %s ORDER BY id",
            [found["id"]],
        ).fetchall()
        messages = connection.execute(
            "SELECT object_id::text, audience->>'bureau', version FROM kit.outbox WHERE kind = 'hour_entry.entered'"
            " AND object_id = ANY (%s::uuid[]) ORDER BY id",
            [[entry["id"] for entry in entries]],
        ).fetchall()
        finished = connection.execute(
            "SELECT after FROM kit.audit_events WHERE action = 'hour_import.finished' AND object_id = %s",
            [found["id"]],
        ).fetchall()
    town = str(world.place.town.id)
    assert audits == [(entry["id"], found["id"], "400", town, True) for entry in entries]
    assert messages == [(entry["id"], "district", 2) for entry in entries]
    assert finished == [({"rows": 2, "refused": 0, "repeated": 0, "dry_run": False},)]
    assert all(entry["chain_hash"] for entry in entries)
    assert (await world.bureau.get("/v1/ledger/verification")).json()["ok"] is True


@pytest.mark.parametrize(
    ("role", "own", "other"),
    [(Role.BUREAU, True, True), (Role.UNIT_MANAGER, True, False), (Role.UNIT_MEMBER, True, False), (Role.PLATFORM, True, True)],
)
async def test_hours_are_imported_for_people_within_reach(
    importer: Importer, world: training.World, role: Role, own: bool, other: bool
) -> None:
    mine = await hired(world)
    theirs = await hired(world, unit=world.place.other_town)
    foreign = await hired(world, unit=world.place.foreign_town)
    found = await importer.rows(row(mine.number), row(theirs.number), row(foreign.number), by=world.caller(role))
    seen = {2: own, 3: other, 4: False}
    assert refusals(found) == {number: ["id_number:not_found"] for number, reached in seen.items() if not reached}


@pytest.mark.parametrize("role", [Role.GOVERNMENT, Role.REVIEWER, Role.AUDITOR, Role.SYSTEM_ADMIN])
async def test_others_import_nothing(importer: Importer, world: training.World, role: Role) -> None:
    assert problem(await importer.send(b"a,b\n", world.caller(role))) == (403, "forbidden")


async def test_an_import_is_its_senders_alone(importer: Importer, person: Person, world: training.World) -> None:
    sender = world.manager
    found = await importer.rows(row(person.number), by=sender)
    path = f"{PATH}/{found['id']}"
    for stranger in (world.manager, world.bureau, world.caller(Role.BUREAU, world.place.foreign_district)):
        assert problem(await stranger.get(path)) == (404, "not_found")
        assert (await stranger.get(f"{path}/report")).status_code == 404
    listed = (await sender.get(PATH)).json()
    ImportPage.model_validate(listed)
    assert [each["id"] for each in listed["items"]] == [found["id"]]


async def test_what_is_no_sheet_is_refused_at_once(importer: Importer) -> None:
    assert problem(await importer.send(sheets.REFUSED["pdf"]())) == (415, "sheet.kind_not_allowed")
    answer = await importer.send(sheets.REFUSED["macros"]())
    assert (problem(answer), answer.json()["errors"][0]["code"]) == ((400, "sheet.unsafe"), "sheet.macros")
    assert problem(await importer.send(b"")) == (400, "sheet.unreadable")
    assert (await importer.world.bureau.post(PATH, json={})).status_code == 415


async def test_a_sheet_without_its_columns_fails_with_their_names(importer: Importer) -> None:
    sender = importer.world.bureau
    found = await importer.run("身份证号,学时\n1,2\n".encode(), sender)
    assert (found["state"], found["problem"]["code"]) == ("failed", "sheet.no_headings")
    assert [each["detail"] for each in found["problem"]["errors"]] == ["缺少列“类别”。", "缺少列“日期”。", "缺少列“来源”。"]
    assert problem(await sender.get(f"{PATH}/{found['id']}/report")) == (409, "import.not_finished")


async def test_a_deadly_workbook_fails_and_the_service_lives(importer: Importer, person: Person) -> None:
    found = await importer.run(sheets.DEADLY["far_cell"]())
    assert (found["state"], found["problem"]["errors"][0]["code"]) == ("failed", "sheet.too_much_inside")
    assert (await importer.rows(row(person.number)))["accepted"] == 1


async def test_no_identity_number_is_kept_in_clear(importer: Importer, world: training.World) -> None:
    marker = id_number(next(SERIALS))
    assert identity.is_resident_id(marker)
    await importer.rows(row(marker), row(marker, hours="x"))
    with world.superuser() as connection:
        for table in (
            "kit.imports",
            "kit.import_chunks",
            "kit.import_refusals",
            "kit.operations",
            "kit.audit_events",
            "kit.outbox",
        ):
            rows = connection.execute(f"SELECT t::text FROM {table} t").fetchall()
            assert not [found for (found,) in rows if marker in found or marker.encode().hex() in found], table
