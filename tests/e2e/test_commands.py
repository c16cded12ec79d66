"""The admin scripts against the running system: sign-in with a new password, reading, moves, refusals, the two chains."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from admin.local import files
from tests import command_line
from tests.e2e.conftest import System

TOWN = "350111102"
NEW = "a long password of the tests 1"


@pytest.fixture(scope="module")
def passwords(system: System, played: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = json.loads((system.home / "demo-accounts.json").read_text())
    return found


def run(system: System, *words: str, typed: str = "", **variables: str) -> Result:
    """The command for this system."""
    return command_line.typed(*words, stdin=typed, **system.environment() | variables)


def told(system: System, *words: str, typed: str = "", **variables: str) -> str:
    done = run(system, *words, typed=typed, **variables)
    assert done.exit_code == 0, done.output
    return done.stdout


def read(system: System, *words: str, **variables: str) -> Any:
    return json.loads(told(system, *words, "--json", **variables))


def signed_in(system: System, passwords: dict[str, str], username: str) -> dict[str, str]:
    """The environment of somebody who has signed in by the command line, in a profile of the same name."""
    profile = {"ZHIFA_PROFILE": username}
    told(system, "login", username, "--password-stdin", typed=passwords[username] + "\n", **profile)
    return profile


def test_first_sign_in_changes_the_password(system: System) -> None:
    admin = {"ZHIFA_TOKEN": system.told("token", "sysadmin")}
    words = ("accounts", "create", "e2e.auditor", "--name", "审计员（测试）", "--role", "auditor")
    dry = read(system, *words, "--dry-run", **admin)
    made = read(system, *words, **admin)
    assert (made["must_change_password"], made["id"] == dry["id"]) == (True, False)
    profile = {"ZHIFA_PROFILE": "e2e"}
    weak = run(system, "login", "e2e.auditor", "--password-stdin", typed=f"{made['initial_password']}\nshort\n", **profile)
    assert weak.exit_code == 1
    assert "/body/new_password" in weak.stderr
    told(system, "login", "e2e.auditor", "--password-stdin", typed=f"{made['initial_password']}\n{NEW}\n", **profile)
    assert read(system, "whoami", **profile)["display_name"] == "审计员（测试）"
    assert read(system, "audit", "verify", **profile)["ok"] is True
    assert read(system, "audit", "list", "--object", made["id"], **profile)["items"] != []
    refused = run(system, "tasks", "scoreboard", **profile)
    assert (refused.exit_code, "forbidden" in refused.stderr) == (1, True)
    config = system.home / "config" / "zhifa" / "config.toml"
    assert config.stat().st_mode & 0o077 == 0
    assert NEW not in config.read_text()
    told(system, "logout", **profile)
    assert run(system, "whoami", **profile).exit_code == 1
    assert read(system, "accounts", "disable", "e2e.auditor", **admin)["state"] == "disabled"


def test_an_access_token_that_is_over_is_renewed(system: System, passwords: dict[str, str]) -> None:
    profile = signed_in(system, passwords, "bureau")
    config = system.home / "config" / "zhifa" / "config.toml"
    kept = config.read_text()
    _, _, rest = kept.partition('[profiles."bureau"]')
    token = rest.partition('access_token = "')[2].partition('"')[0]
    files.replace(config, kept.replace(token, f"{token[:-8]}AAAAAAAA").encode())
    assert read(system, "whoami", **profile)["roles"] == ["bureau"]
    assert config.read_text() != kept


def test_bureau_and_town_work_from_the_command_line(
    system: System, passwords: dict[str, str], played: dict[str, Any], tmp_path: Path
) -> None:
    bureau, town = (signed_in(system, passwords, name) for name in ("bureau", f"manager.{TOWN}"))
    assert len(read(system, "units", "list", "--kind", "town", **town)["items"]) == 4
    tasks = read(system, "tasks", "list", **bureau)["items"]
    assert len(tasks) == 27
    third = next(task["id"] for task in tasks if (task["kind"], task["number"]) == ("task", 3))
    owed = read(system, "tasks", "assignments", "list", "--unit", TOWN, **town)["items"]
    mine = next(each for each in owed if each["task_id"] == third)
    assert mine["state"] == "issued"
    evidence = tmp_path / "培训通知（演示）.txt"
    evidence.write_text("示例")
    moves = ("tasks", "assignments")
    assert read(system, *moves, "sign", mine["id"], "--dry-run", **town)["state"] == "signed"
    assert read(system, *moves, "sign", mine["id"], **town)["state"] == "signed"
    assert read(system, *moves, "start", mine["id"], **town)["state"] == "in_progress"
    report = ("--text", "已开展", "--period", "2025", "--percent", "80", "--attach", str(evidence))
    assert len(read(system, *moves, "report", mine["id"], *report, **town)["attachment_ids"]) == 1
    assert read(system, *moves, "submit", mine["id"], **town)["state"] == "submitted"
    no_reason = run(system, *moves, "return", mine["id"], **bureau)
    assert no_reason.exit_code == 1
    assert read(system, *moves, "return", mine["id"], "--reason", "材料不全", **bureau)["state"] == "in_progress"
    wrong = run(system, *moves, "approve", mine["id"], **bureau)
    assert (wrong.exit_code, "assignment.illegal_move" in wrong.stderr) == (1, True)
    assert "officers with enough hours" in told(system, "tasks", "scoreboard", **bureau)


def test_hours_cases_and_reviews_from_the_command_line(
    system: System, passwords: dict[str, str], played: dict[str, Any], tmp_path: Path
) -> None:
    bureau, town = (signed_in(system, passwords, name) for name in ("bureau", f"manager.{TOWN}"))
    standing = read(system, "hours", "compliance", "--year", "2025", "--unit", TOWN, **town)["items"]
    officers = [each["officer_id"] for each in standing]
    words = ("hours", "post", officers[0], "--hours", "1.5", "--category", "skills", "--on", "2024-03-04", "--source", "teaching")
    entry = read(system, *words, **town)
    assert entry["hours"] == 1.5
    mirror = read(system, "hours", "reverse", entry["id"], "--reason", "误登", **town)
    assert (mirror["hours"], mirror["reverses_id"]) == (-1.5, entry["id"])
    listed = read(system, "hours", "list", "--officer", officers[0], "--year", "2024", **town)["items"]
    assert {each["id"] for each in listed} == {entry["id"], mirror["id"]}
    assert read(system, "hours", "verify", **bureau)["ok"] is True

    [number] = read(system, "cases", "numbers", "--unit", TOWN, "--kind", "licence", "--year", "2025", **town)["items"]
    file = tmp_path / "案卷.json"
    body = {
        "unit": TOWN, "kind": "licence", "party": {"kind": "legal", "name": "示例商贸有限公司（演示）"}, "officers": officers[:2],
        "item": "示例许可", "legal_bases": ["行政许可法第三十八条"], "filed_on": "2025-02-03", "case_number_id": number["id"],
    }  # fmt: skip
    file.write_text(json.dumps(body, ensure_ascii=False))
    made = read(system, "cases", "create", str(file), **town)
    assert (made["case_no"], made["state"]) == (number["number"], "open")
    assert (
        read(system, "cases", "decide", made["id"], "--on", "2025-02-20", "--decision", "准予许可", **town)["state"] == "decided"
    )
    assert read(system, "cases", "close", made["id"], "--on", "2025-02-21", **town)["state"] == "closed"
    assert read(system, "cases", "archive", made["id"], "--on", "2025-02-24", **town)["state"] == "archived"
    assert read(system, "cases", "show", made["id"], **town)["case_no"] == number["number"]
    archived = read(system, "cases", "list", "--unit", TOWN, "--state", "archived", **town)["items"]
    assert [each["id"] for each in archived] == [made["id"]]

    listed = read(system, "reviews", "rubrics", "list", "--state", "published", **bureau)["items"]
    assert sorted(kind for each in listed for kind in each["kinds"]) == [
        "compulsion",
        "expropriation",
        "inspection",
        "licence",
        "penalty",
    ]
    rubric = listed[0]
    assert read(system, "reviews", "rubrics", "show", rubric["id"], **bureau)["content_hash"] == rubric["content_hash"]
    rounds = read(system, "reviews", "rounds", "--state", "closed", **bureau)["items"]
    own = next(each["id"] for each in rounds if each["mode"] == "self")
    reviews = read(system, "reviews", "list", "--round", own, **bureau)["items"]
    assert len(reviews) == 3
    assert read(system, "reviews", "show", reviews[0]["id"], **bureau)["state"] == "submitted"


def test_a_year_of_training_from_the_command_line(
    system: System, passwords: dict[str, str], played: dict[str, Any], tmp_path: Path
) -> None:
    bureau, town = (signed_in(system, passwords, name) for name in ("bureau", f"manager.{TOWN}"))
    body = {"title": "示例班（演示）", "kind": "in_service", "organiser": "350111-sifa", "category": "skills", "hours": 8,
            "starts_at": "2024-06-03T01:00:00Z", "ends_at": "2024-06-03T09:00:00Z", "capacity": 3}  # fmt: skip
    told_class = tmp_path / "class.json"
    told_class.write_text(json.dumps(body, ensure_ascii=False))
    held = read(system, "classes", "create", str(told_class), **bureau)["id"]
    assert read(system, "classes", "enrol", held, "--unit", TOWN, **town)["waiting"] == 2
    rows = read(system, "classes", "enrolments", held, "--state", "enrolled", **bureau)["items"]
    sheet = tmp_path / "签到.csv"
    sheet.write_text("officer_id,present\n" + "".join(f"{row['officer_id']},是\n" for row in rows))
    told(system, "classes", "attendance", held, str(sheet), **bureau)
    assert read(system, "classes", "post-hours", held, "--dry-run", **bureau)["posted"] == 3
    assert read(system, "classes", "post-hours", held, **bureau)["posted"] == 3

    hours = tmp_path / "学时.csv"
    hours.write_text(
        "人员外部系统,人员外部编号,类别,学时,日期,来源,外部系统,外部编号\n"
        f"demo,{TOWN}-1,业务知识,4,2024-05-06,面授,e2e,1\ndemo,nobody,业务知识,4,2024-05-06,面授,e2e,2\n"
    )
    assert run(system, "hours", "import", str(hours), "--dry-run", **town).exit_code == 1
    done = run(system, "hours", "import", str(hours), "--json", **town)
    sums = json.loads(done.stdout)
    assert (done.exit_code, sums["accepted"], sums["refused"]) == (1, 1, 1)
    assert "所指对象不存在" in Path(sums["report"]).read_text(encoding="utf-8-sig")

    first = read(system, "hours", "list", "--year", "2024", "--unit", TOWN, **town)["items"][0]["officer_id"]
    assert "2024 年应修" in told(system, "compliance", "show", first, "--year", "2024", **town)
    before = read(system, "compliance", "district", "--year", "2024", "--as-of", "2024-01-01T00:00:00Z", **bureau)
    assert (before["valid_hours"], read(system, "compliance", "verify", **bureau)["ok"]) == (0, True)
    assert read(system, "compliance", "rotations", "--year", "2024", "--unit", TOWN, **town)["items"][0]["covered"] == 0
    assert read(system, "training-plans", "owed", "--year", "2027", "--state", "missing", "--unit", TOWN, **town)["items"] != []


def test_case_files_searched_checked_counted_and_imported(
    system: System, played: dict[str, Any], passwords: dict[str, str], tmp_path: Path
) -> None:
    bureau, other = signed_in(system, passwords, "bureau"), signed_in(system, passwords, "manager.350111001")
    [late] = read(system, "cases", "defects", "--rule", "P14", **bureau)["items"]
    assert "109" in json.dumps(late["findings"])
    [shown] = read(system, "cases", "check", late["case_no"], **bureau)["items"]
    assert (shown["rule"], shown["level"]) == ("P14", "major")
    assert read(system, "cases", "search", "占道经营 350111", "--limit", "3", **bureau)["items"] != []
    assert read(system, "cases", "deadlines", **bureau)["items"] != []
    assert read(system, "cases", "statistics", "2025", **bureau)["totals"]["penalties"]["total"] >= 48
    told(system, "cases", "statistics", "2025", "--out", str(tmp_path / "年报.xlsx"), **bureau)
    sheet = tmp_path / "历史案卷.csv"
    told(system, "cases", "template", str(sheet), **other)
    done = run(system, "cases", "import", str(sheet), "--dry-run", "--json", **other)
    assert (done.exit_code, json.loads(done.stdout)["refused"]) == (1, 1), "the example is of another unit"


def test_a_plan_document_from_the_command_line(system: System, passwords: dict[str, str], tmp_path: Path) -> None:
    bureau = signed_in(system, passwords, "bureau")
    document = tmp_path / "方案.txt"
    document.write_text(
        "示例区行政执法质量行动计划（2027—2028年）\n一、重点任务\n（一）示例章\n1.示例任务。开展示例工作。\n"
        "牵头单位：区司法局\n责任单位：各乡镇人民政府、街道办事处\n",
        encoding="utf-8",
    )
    before = len(read(system, "plan", "list", **bureau)["items"])
    assert "示例区行政执法质量行动计划" in told(system, "plan", "import", str(document), "--dry-run", **bureau)
    assert len(read(system, "plan", "list", **bureau)["items"]) == before
    made = read(system, "plan", "import", str(document), **bureau)
    assert read(system, "plan", "show", made["plan"]["id"], **bureau)["state"] == "draft"
    issued = read(system, "plan", "activate", made["plan"]["id"], "--dry-run", **bureau)
    assert issued["assignments_issued"] == 10
