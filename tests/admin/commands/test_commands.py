"""The commands as typed, against a scripted server: what is sent, what is printed, with which exit code it ends."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from admin import client as clients
from admin import main, profiles, sign_in
from tests.admin.commands.recorded import Server, Step, answer, problem
from tests.command_line import typed

ID = "0191b2c3-0000-7000-8000-000000000001"
UNIT = {"id": ID, "code": "359111", "short_name": "示例区", "kind": "government", "enforcement": False}


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes every command talk to a scripted server."""

    def serve(*steps: Step) -> Server:
        server = Server(*steps)
        monkeypatch.setattr(sign_in, "connect", lambda: server.client(patience=0.05))
        return server

    return serve


def page(*items: Any) -> httpx.Response:
    return answer(200, {"items": list(items), "next_cursor": None})


def test_table_for_people_and_json_for_programs(served: Any) -> None:
    served(page(UNIT))
    shown = typed("units", "list", "--kind", "government")
    assert shown.exit_code == 0
    assert "示例区" in shown.stdout
    assert "short_name" in shown.stdout
    assert json.loads(typed("units", "list", "--json").stdout) == {"items": [UNIT]}


def test_refusal_is_told_with_all_its_faults(served: Any) -> None:
    faults = [
        {"pointer": "/body/username", "code": "wrong_format", "detail": "格式不对。"},
        {"pointer": "/body/roles/0", "code": "not_allowed", "detail": "不在允许的取值之内。"},
    ]
    served(problem(400, "invalid_input", errors=faults, trace_id="abc"))
    words = ("accounts", "create", "X", "--name", "示例", "--role", "king")
    refused = typed(*words)
    assert refused.exit_code == 1
    assert refused.stdout == ""
    for wanted in ("invalid_input", "/body/username", "/body/roles/0", "格式不对。", "abc"):
        assert wanted in refused.stderr
    assert json.loads(typed(*words, "--json").stderr)["errors"] == faults


def test_silence_and_wrong_use_have_their_own_exit_codes(served: Any) -> None:
    served(httpx.ConnectError("refused"))
    assert typed("whoami").exit_code == 3
    assert typed("units", "list", "--wrong").exit_code == 2
    served(page())
    unknown = typed("units", "show", "no-such-code")
    assert unknown.exit_code == 2
    assert "no-such-code" in unknown.stderr


@pytest.mark.parametrize(
    ("words", "path", "body"),
    [
        (("tasks", "assignments", "sign", ID), f"/v1/assignments/{ID}/sign", None),
        (("tasks", "assignments", "return", ID, "--reason", "缺材料"), f"/v1/assignments/{ID}/return", None),
        (("tasks", "assignments", "reassign", ID, "--unit", ID), f"/v1/assignments/{ID}/reassign", {"unit_id": ID}),
        (("plan", "activate", ID), f"/v1/plans/{ID}/activate", None),
        (
            ("plan", "revise", ID, "--draft", ID, "--reason", "调整"),
            f"/v1/plans/{ID}/versions",
            {"draft_id": ID, "reason": "调整"},
        ),
        (("accounts", "disable", ID), f"/v1/accounts/{ID}/disable", None),
        (("accounts", "reset-password", ID), f"/v1/accounts/{ID}/reset-password", None),
        (("hours", "confirm", ID), f"/v1/hour-entries/{ID}/confirm", None),
        (("hours", "refuse", ID, "--reason", "不实"), f"/v1/hour-entries/{ID}/refuse", {"reason": "不实"}),
        (
            ("hours", "reverse", ID, "--reason", "误登"),
            f"/v1/hour-entries/{ID}/reversal",
            {"reason": "误登", "effective": "original"},
        ),
        (
            ("cases", "decide", ID, "--on", "2025-01-02", "--decision", "罚款", "--amount-fen", "100"),
            f"/v1/case-files/{ID}/decide",
            {"decided_on": "2025-01-02", "decision": "罚款", "amount_fen": 100},
        ),
        (("cases", "close", ID, "--on", "2025-01-03"), f"/v1/case-files/{ID}/close", {"closed_on": "2025-01-03"}),
        (("cases", "archive", ID, "--on", "2025-01-04"), f"/v1/case-files/{ID}/archive", {"archived_on": "2025-01-04"}),
        (("reviews", "rubrics", "publish", ID), f"/v1/rubrics/{ID}/publish", None),
        (
            ("officers", "transfer", ID, "--unit", ID, "--on", "2025-01-02"),
            f"/v1/officers/{ID}/transfer",
            {"unit_id": ID, "on": "2025-01-02"},
        ),
        (
            ("officers", "reclassify", ID, "--kind", "officer", "--on", "2025-01-02", "--reason", "招录"),
            f"/v1/officers/{ID}/reclassify",
            {"kind": "officer", "on": "2025-01-02", "reason": "招录"},
        ),
        (
            ("officers", "leave", ID, "--on", "2025-01-02", "--reason", "退休"),
            f"/v1/officers/{ID}/leave",
            {"on": "2025-01-02", "reason": "退休"},
        ),
        (
            ("officers", "rejoin", ID, "--unit", ID, "--on", "2025-01-02"),
            f"/v1/officers/{ID}/rejoin",
            {"unit_id": ID, "on": "2025-01-02"},
        ),
        (
            ("certificates", "issue", ID, "--valid-from", "2025-01-02", "--number", "13010000001"),
            f"/v1/certificates/{ID}/issue",
            {"valid_from": "2025-01-02", "number": "13010000001"},
        ),
        (
            ("certificates", "suspend", ID, "--on", "2025-01-02", "--until", "2025-02-01", "--reason", "调查"),
            f"/v1/certificates/{ID}/suspend",
            {"on": "2025-01-02", "reason": "调查", "until": "2025-02-01"},
        ),
        *(
            (
                ("certificates", verb, ID, "--on", "2025-01-02", "--reason", "调离"),
                f"/v1/certificates/{ID}/{verb}",
                {"on": "2025-01-02", "reason": "调离"},
            )
            for verb in ("resume", "cancel", "revoke")
        ),
        (("training-plans", "submit", ID), f"/v1/training-plans/{ID}/submit", None),
        (("training-plans", "approve", ID), f"/v1/training-plans/{ID}/approve", {}),
        (("training-plans", "return", ID, "--reason", "缺项"), f"/v1/training-plans/{ID}/return", {"reason": "缺项"}),
        (("classes", "cancel", ID, "--reason", "改期"), f"/v1/classes/{ID}/cancel", {"reason": "改期"}),
        (("exemptions", "approve", ID, "--note", "属实"), f"/v1/exemptions/{ID}/approve", {"note": "属实"}),
        (
            ("exemptions", "end", ID, "--on", "2025-01-02", "--reason", "返岗"),
            f"/v1/exemptions/{ID}/end",
            {"on": "2025-01-02", "reason": "返岗"},
        ),
        (("exams", "publish", ID), f"/v1/exams/{ID}/publish", None),
        (("webhooks", "rotate", ID, "--overlap", "2"), f"/v1/webhook-endpoints/{ID}/rotate-secret", {"overlap_hours": 2}),
        (("webhooks", "enable", ID), f"/v1/webhook-endpoints/{ID}/enable", None),
        (("webhooks", "redeliver", ID), f"/v1/webhook-deliveries/{ID}/redeliver", None),
    ],
)  # fmt: skip
def test_moves_are_based_on_the_present_state_and_can_run_dry(
    served: Any, words: tuple[str, ...], path: str, body: dict[str, Any] | None
) -> None:
    server = served(answer(200, {"id": ID}, etag='"v7"'))
    done = typed(*words, "--dry-run")
    assert done.exit_code == 0, done.output
    assert "nothing was written" in done.stdout
    read, moved = server.requests
    assert (read.method, f"{read.url.path}/{path.rpartition('/')[2]}") == ("GET", path)
    assert (moved.method, moved.url.path, moved.headers["if-match"]) == ("POST", path, '"v7"')
    assert moved.url.params["dry_run"] == "true"
    assert (json.loads(moved.content) if moved.content else None) == body


def test_a_test_message_is_followed_to_its_end(served: Any) -> None:
    sent = answer(202, {"state": "pending"}, location=f"/v1/webhook-deliveries/{ID}")
    server = served(sent, answer(200, {"state": "failed", "error": "timeout"}))
    done = typed("webhooks", "test", ID)
    assert (done.exit_code, "timeout" in done.stdout) == (1, True)
    assert [request.url.path for request in server.requests] == [
        f"/v1/webhook-endpoints/{ID}/test", f"/v1/webhook-deliveries/{ID}",
    ]  # fmt: skip
    assert typed("webhooks", "redeliver").exit_code == 2
    server = served(page({"id": ID, "client_id": "minzhifa"}), answer(201, {"secret": "whsec_x"}))
    made = typed("webhooks", "create", "https://r.example.cn/", "--client", "minzhifa", "--event", "review.*")
    assert "whsec_x" in made.stdout
    assert server.sent() == {"url": "https://r.example.cn/", "event_types": ["review.*"], "client_id": ID}


def test_progress_report_uploads_its_evidence_first(served: Any, tmp_path: Path) -> None:
    evidence = tmp_path / "签到表.txt"
    evidence.write_text("示例")
    server = served(answer(201, {"id": "file-1"}), answer(201, {"id": "report-1"}))
    words = ("--text", "已开展", "--period", "2025", "--percent", "50", "--attach", str(evidence))
    assert typed("tasks", "assignments", "report", ID, *words).exit_code == 0
    uploaded, reported = server.requests
    assert uploaded.url.path == "/v1/attachments"
    assert "签到表.txt".encode() in uploaded.content
    assert json.loads(reported.content)["attachment_ids"] == ["file-1"]


def test_case_file_from_json(served: Any, tmp_path: Path) -> None:
    file = tmp_path / "file.json"
    file.write_text(json.dumps({"unit": "359111", "kind": "penalty"}), encoding="utf-8-sig")
    server = served(page(UNIT), answer(201, {"id": ID, "case_no": "示例-1"}))
    assert "示例-1" in typed("cases", "create", str(file)).stdout
    assert server.sent() == {"unit_id": ID, "kind": "penalty"}
    file.write_text("[1]")
    assert typed("cases", "create", str(file)).exit_code == 2
    file.write_text("{")
    assert typed("cases", "create", str(file)).exit_code == 2


def test_plan_document_is_told_with_its_warnings(served: Any, tmp_path: Path) -> None:
    document = tmp_path / "方案.txt"
    document.write_text("示例")
    plan = {
        "id": ID,
        "title": "示例方案",
        "period_start": "2023-01-01",
        "period_end": "2025-12-31",
        "tasks": 24,
        "requirements": 3,
    }
    warning = {"code": "unit_unknown", "line": 12, "zh": "单位不明。", "en": "Unknown unit.", "text": "某局"}
    server = served(answer(201, {"plan": plan, "tasks": [], "warnings": [warning]}))
    done = typed("plan", "import", str(document), "--dry-run")
    assert "示例方案" in done.stdout
    assert "line 12: 单位不明。 某局" in done.stdout
    assert ID not in done.stdout
    assert server.requests[0].headers["content-type"].startswith("multipart/form-data")


def test_versions_of_a_plan_and_what_differs(served: Any) -> None:
    counts = {"added": 1, "moved": 0, "issued": 33}
    served(page({"number": 2, "recorded_at": "2025-06-02T01:00:00Z", "reason": "调整", "counts": counts, "made_by_name": "示例"}))
    assert "1 added, 33 issued" in typed("plan", "versions", ID).stdout
    fields = [{"name": "title", "before": "旧", "after": "新"}, {"name": "deadlines"}]
    differs = {"kind": "task", "number": 3, "title": "新", "change": "changed", "fields": fields}
    server = served(answer(200, {"head": [], "tasks": [differs]}))
    assert "title, deadlines" in typed("plan", "compare", ID, "2", "--since", "1").stdout
    assert server.requests[0].url.params["since"] == "1"


def test_scoreboard_of_the_plan_in_force(served: Any) -> None:
    units = [
        {"training_hours": {"officers": 4, "met": 3}, "reviewed_files": {"self": 2, "sample": 1}},
        {"training_hours": {"officers": 4, "met": 3}},
    ]
    row = {"kind": "task", "number": 2, "title": "培训", "counts": {"approved": 5, "late": 1}, "units": units}
    row["obligations"] = [
        {"id": "O2b", "status": "met"},
        {"id": "O2b", "status": "missed"},
        {"id": "O2e", "status": "not_applicable"},
    ]
    board = {"title": "示例方案", "state": "active", "tasks": [row]}
    server = served(page({"id": ID}), answer(200, board))
    shown = typed("tasks", "scoreboard", "--year", "2025").stdout
    for wanted in ("示例方案", "6/8 officers", "75%", "3 files reviewed", "O2b 1/2, O2e -"):
        assert wanted in shown
    assert dict(server.requests[1].url.params) == {"plan_id": ID, "year": "2025"}
    served(page())
    none = typed("tasks", "scoreboard")
    assert none.exit_code == 2
    assert "0 plans are in force" in none.stderr


def test_what_moved_between_two_moments(served: Any) -> None:
    stand = {"unit_id": ID, "short_name": "示例镇", "role": "responsible", "state": "signed", "lamp": "green"}
    moved = {"assignment_id": ID, "number": 2, "title": "培训", "before": stand, "after": stand | {"state": "approved"}}
    owed = {"id": "O1", "unit_id": ID, "after": {"value": 1, "threshold": 1, "status": "met", "due_on": "2025-12-31"}}
    server = served(answer(200, {"assignments": [moved], "obligations": [owed]}))
    shown = typed("tasks", "changes", "--plan", ID, "--since", "2025-01-01T00:00:00Z")
    assert shown.exit_code == 0, shown.output
    for wanted in ("2 培训", "示例镇 signed", "示例镇 approved", "1/1 met"):
        assert wanted in shown.stdout
    assert dict(server.requests[0].url.params) == {"plan_id": ID, "from": "2025-01-01T00:00:00Z"}


@pytest.mark.parametrize(
    ("words", "path"), [((), "/v1/progress-reports/missing"), (("--noted",), "/v1/progress-reports/missing/records")]
)
def test_what_was_not_reported(served: Any, words: tuple[str, ...], path: str) -> None:
    server = served(page({"unit_name": "示例镇", "period_end": "2025-03-31"}))
    shown = typed("tasks", "unreported", *words)
    assert (shown.exit_code, "示例镇" in shown.stdout) == (0, True)
    assert server.requests[0].url.path == path


def test_officers_are_sent_in_pieces_and_the_refused_named(served: Any, tmp_path: Path) -> None:
    file = tmp_path / "officers.json"
    file.write_text(json.dumps({"items": [{"unit": "359111", "name": f"示例{n}"} for n in range(502)]}))
    good = {"items": [{"index": n, "status": 201, "id": ID} for n in range(500)]}
    fault = {"pointer": "/body/items/1/id_number", "code": "officer.id_number", "detail": "证件号码不正确。"}
    bad = {"index": 1, "status": 400, "problem": {"code": "invalid_input", "errors": [fault]}}
    server = served(page(UNIT), answer(200, good), answer(200, {"items": [{"index": 0, "status": 200, "id": ID}, bad]}))
    done = typed("officers", "import", str(file), "--dry-run")
    assert done.exit_code == 1
    assert "500 added, 1 known, 1 refused" in done.stdout
    assert "item 501: invalid_input /body/items/1/id_number 证件号码不正确。" in done.stderr
    pieces = [request for request in server.requests if request.url.path == "/v1/officers/batch"]
    assert [len(json.loads(piece.content)["items"]) for piece in pieces] == [500, 2]
    assert {piece.url.params["dry_run"] for piece in pieces} == {"true"}
    assert json.loads(pieces[1].content)["items"][0] == {"name": "示例500", "unit_id": ID}
    file.write_text('{"items": []}')
    assert typed("certificates", "import", str(file)).exit_code == 2


def test_exam_results_name_officers_by_their_own_ids_or_those_of_another_system(served: Any, tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    file.write_text(json.dumps({"items": [{"external_id": "p-1", "points": 88.5}, {"external_id": "p-2", "absent": True}]}))
    known = [{"id": f"officer-{place}", "external_system": "hr", "external_id": f"p-{place}"} for place in (1, 2)]
    server = served(page(*known), answer(200, {"items": [{"index": 0, "status": 201}, {"index": 1, "status": 201}]}))
    assert "2 added" in typed("exams", "import", ID, str(file)).stdout
    assert server.sent()["items"] == [{"points": 88.5, "officer_id": "officer-1"}, {"absent": True, "officer_id": "officer-2"}]
    served(page(known[0]))
    assert typed("exams", "import", ID, str(file)).exit_code == 2


@pytest.mark.parametrize(
    ("command", "path"),
    [
        (("officers", "import"), "/v1/officer-imports"),
        (("exams", "import", ID), f"/v1/exams/{ID}/result-imports"),
    ],
)
def test_sheets_are_imported_with_a_report(served: Any, tmp_path: Path, command: tuple[str, ...], path: str) -> None:
    file = tmp_path / "名单.csv"
    file.write_text("姓名,单位代码\n", encoding="gb18030")
    done = HOURS | {"report_url": "/v1/officer-imports/1/report"}
    server = served(
        answer(202, {}, location=f"/v1/operations/{ID}"),
        answer(200, {"state": "succeeded", "progress": 1, "result_url": "/v1/officer-imports/1"}),
        answer(200, done),
        answer(200, {}),
    )
    assert typed(*command, str(file)).exit_code == 1
    assert server.requests[0].url.path == path
    assert (tmp_path / "名单.报告.csv").exists()
    assert typed(*command, str(file), "--atomic").exit_code == 2


HOURS = {"file_name": "hours.csv", "dry_run": False, "rows": 3, "accepted": 2, "refused": 1, "repeated": 0, "reasons": []}


def test_an_import_leaves_its_report_beside_the_file(served: Any, tmp_path: Path) -> None:
    file, url = tmp_path / "hours.csv", f"/v1/hour-imports/{ID}"
    file.write_text("类别,学时")
    running, ended = ({"state": state, "progress": 0.5, "result_url": url} for state in ("running", "succeeded"))
    started = answer(202, {"id": ID}, location=f"/v1/operations/{ID}")
    script = (started, answer(200, running), answer(200, ended), answer(200, HOURS | {"report_url": f"{url}/report"}))
    server = served(*script, httpx.Response(200, content=b"with reasons"))
    assert typed("hours", "import", str(file)).exit_code == 1
    assert (tmp_path / "hours.报告.csv").read_bytes() == b"with reasons"
    assert (server.requests[-1].url.path, server.requests[-1].url.params["format"]) == (f"{url}/report", "csv")
    served(started, answer(200, ended), answer(200, HOURS | {"repeated": 1, "report_url": url}), httpx.Response(200, content=b""))
    assert typed("hours", "import", str(file)).exit_code == 0, "rows known from before are no fault"


def test_ctrl_c_cancels_an_import(served: Any, tmp_path: Path) -> None:
    def interrupt(request: httpx.Request) -> httpx.Response:
        raise KeyboardInterrupt

    file = tmp_path / "hours.csv"
    file.write_text("类别,学时")
    running, ended = ({"state": state, "progress": 0.5} for state in ("running", "cancelled"))
    started = answer(202, {"id": ID}, location=f"/v1/operations/{ID}")
    # The work moved on between the look and the word: the word is given again.
    stale, taken = problem(412, "stale"), answer(202, running)
    server = served(
        started, interrupt, answer(200, running, etag='"v1"'), stale, answer(200, running, etag='"v2"'), taken, answer(200, ended)
    )
    done = typed("hours", "import", str(file))
    assert (done.exit_code, "cancelled" in done.stderr) == (130, True), done.output
    told = [request.headers["if-match"] for request in server.requests if request.method == "DELETE"]
    assert told == ['"v1"', '"v2"']


def test_a_table_of_hours_and_the_chain_take_different_options(served: Any, tmp_path: Path) -> None:
    server = served(page(UNIT), httpx.Response(200, content=b"table"))
    words = ("--year", "2025", "--unit", "359111")
    assert typed("hours", "export", str(tmp_path / "e.xlsx"), *words).exit_code == 0
    asked = dict(server.requests[-1].url.params)
    assert asked == {"format": "xlsx", "year": "2025", "unit_id": ID}
    assert typed("hours", "export", str(tmp_path / "e.jsonl"), "--year", "2025").exit_code == 2
    assert typed("hours", "export", str(tmp_path / "e.xlsx"), "--keys", str(tmp_path / "k.json")).exit_code == 2


def test_a_plan_with_somebody_missing_is_exit_code_1(served: Any) -> None:
    town = {"unit_id": ID, "name": "示例镇", "officers": 3, "included": False}
    served(answer(200, {"ok": False, "items": 2, "townships": [town], "missing_unit_ids": [ID]}))
    told = typed("training-plans", "check", ID)
    assert (told.exit_code, "示例镇" in told.stdout) == (1, True)


def test_an_identity_number_is_asked_for_and_never_shown(served: Any) -> None:
    server = served(page({"id": ID, "name": "示例", "id_number_masked": "350111********0012"}))
    done = typed("officers", "find", stdin="350111190001010012\n")
    assert done.exit_code == 0, done.output
    assert "350111190001010012" not in done.output
    assert server.sent() == {"id_number": "350111190001010012"}


def test_a_number_that_is_not_valid_is_exit_code_1(served: Any) -> None:
    served(answer(200, {"number": "13010000001", "status": "valid", "checked_on": "2025-01-02"}))
    assert typed("certificates", "verify", "13010000001").exit_code == 0
    served(answer(200, {"number": "13010000001", "status": "suspended", "checked_on": "2025-01-02"}))
    suspended = typed("certificates", "verify", "13010000001")
    assert suspended.exit_code == 1
    assert "suspended" in suspended.stdout


@pytest.mark.parametrize("noun", ["audit", "hours"])
def test_a_broken_chain_is_exit_code_1(served: Any, noun: str) -> None:
    served(answer(200, {"checked": 5, "ok": True}))
    assert typed(noun, "verify").exit_code == 0
    served(answer(200, {"checked": 5, "ok": False, "first_bad": {"kind": "changed"}}))
    broken = typed(noun, "verify")
    assert broken.exit_code == 1
    assert "changed" in broken.stdout


def test_sign_in_with_a_password_that_must_be_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = {"access_token": "access", "refresh_token": "refresh"}
    server = Server(problem(403, "auth.password_change_required"), answer(204), answer(200, tokens))
    monkeypatch.setattr(clients, "Client", lambda address, credentials, **options: server.client(credentials))
    done = typed("login", "sysadmin", "--url", "http://zhifa.test", "--password-stdin", stdin="first-one\na new and long one\n")
    assert done.exit_code == 0, done.output
    assert server.sent(1) == {
        "username": "sysadmin", "current_password": "first-one", "new_password": "a new and long one",
    }  # fmt: skip
    assert profiles.read("default") == profiles.Profile("http://zhifa.test", "sysadmin", "access", "refresh")
    assert "a new and long one" not in profiles.file().read_text()
    assert all("long" not in str(request.url) for request in server.requests)

    assert typed("logout").stdout == "signed out\n"
    assert server.requests[-1].url.path == "/auth/logout"
    assert profiles.read("default") == profiles.Profile("http://zhifa.test", "sysadmin")
    assert typed("logout").stdout == "nobody is signed in\n"
    assert typed("login", "sysadmin", "--password-stdin", stdin="").exit_code == 2


def test_no_option_takes_a_password_or_token() -> None:
    found: list[str] = []

    def look(group: Any, path: str) -> None:
        for name, command in getattr(group, "commands", {}).items():
            found.extend(f"{path} {name} {option}" for each in command.params for option in each.opts if is_secret(each, option))
            look(command, f"{path} {name}")

    def is_secret(parameter: Any, option: str) -> bool:
        return not getattr(parameter, "is_flag", False) and any(word in option for word in ("password", "token", "secret"))

    from typer.main import get_command

    look(get_command(main.app), "zhifa")
    assert found == []


def test_help_loads_nothing_heavy() -> None:
    loaded = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "admin.main", "--help"],
        check=True, capture_output=True, text=True, cwd=Path(__file__).parents[3],
    ).stderr  # fmt: skip
    names = {line.rpartition("|")[2].strip() for line in loaded.splitlines()}
    assert "admin.commands.terminal" in names
    assert names.isdisjoint({"httpx", "rich.console", "psycopg", "yaml", "sqlalchemy", "fastapi", "pydantic"})


@pytest.mark.parametrize(
    ("words", "path", "body"),
    [
        (("freeze", ID), "freeze", None),
        (("seed", ID, "31415", "--source", "掷骰"), "seed", {"seed": "31415", "source": "掷骰"}),
        (("draw", ID), "draw", None),
    ],
)
def test_a_draw_step_is_based_on_the_round_as_it_is(served: Any, words: tuple[str, ...], path: str, body: Any) -> None:
    server = served(answer(200, {"id": ID}, etag='"v4"'), answer(200, {"frame_sha256": "0" * 64}))
    assert typed("reviews", *words).exit_code == 0
    sent = server.requests[-1]
    assert (sent.url.path, sent.headers["if-match"]) == (f"/v1/review-rounds/{ID}/{path}", '"v4"')
    assert (json.loads(sent.content) if sent.content else None) == body


def test_of_a_secret_only_the_hash_is_sent(served: Any) -> None:
    server = served(answer(201, {"commitments": 1}))
    assert typed("reviews", "commit", ID, "abc").exit_code == 0
    assert server.sent() == {"nonce_sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}


def test_a_saved_draw_is_verified_offline(served: Any, tmp_path: Path) -> None:
    record = {
        "frame": {"files": []},
        "frame_sha256": "0" * 64,
        "excluded": [],
        "excluded_sha256": "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945",
        "terms": {"quota": {"share_per_10000": 1, "min": 0}, "overrides": []},
        "terms_sha256": "0" * 64,
        "frozen_at": "1",
        "seeded_at": "2",
        "drawn_at": "2",
        "commitments": [],
        "strata": [],
        "substitutions": [],
        "growths": [],
        "seed": "1",
    }
    served(answer(200, record))
    saved = tmp_path / "draw.json"
    assert typed("reviews", "draw-record", ID, "--save", str(saved)).exit_code == 0
    assert json.loads(saved.read_text(encoding="utf-8")) == record
    checked = subprocess.run(
        [sys.executable, "-m", "admin.main", "reviews", "verify-draw", str(saved)], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stdout.splitlines()) == (
        1,
        ["frame is not what the published hash stands for", "terms is not what the published hash stands for"],
    )


def test_an_exported_ledger_is_checked_without_a_server(tmp_path: Path) -> None:
    chain, lines = b"", []
    for place, content in enumerate((["0191", 400, None], ["0191", "posted", '核对 "甲"', "1.500000"]), 1):
        entry_hash = hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).digest()
        chain = hashlib.sha256(chain + entry_hash + b"1728957600.000000").digest()
        link = {"sequence": place, "link": ("entry", "decision")[place - 1], "content": content, "entry_hash": entry_hash.hex()}
        lines.append(json.dumps(link | {"sealed_at": "1728957600.000000", "chain_hash": chain.hex()}, ensure_ascii=False))
    file, head = tmp_path / "ledger.jsonl", tmp_path / "head.json"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    head.write_text(json.dumps({"sequence": 2, "chain_hash": chain.hex()}))
    told = typed("hours", "verify", str(file), "--head", str(head), "--json")
    assert (told.exit_code, json.loads(told.stdout)["checked"], json.loads(told.stdout)["decisions"]) == (0, 2, 1)
    file.write_text(file.read_text(encoding="utf-8").replace("400", "500"), encoding="utf-8")
    bent = typed("hours", "verify", str(file), "--head", str(head), "--json")
    assert (bent.exit_code, json.loads(bent.stdout)) == (1, {"ok": False, "fault": "entry 0191 was changed", "at_sequence": 1})
    assert typed("hours", "verify", str(file)).exit_code == 2


def test_the_ledger_and_its_head_are_kept_in_files(served: Any, tmp_path: Path) -> None:
    kept = {"sequence": 1, "chain_hash": "00", "signature": "a.b.c"}
    served(httpx.Response(200, text='{"sequence": 1}\n'), answer(200, {"keys": []}), answer(200, kept))
    file, keys, head = tmp_path / "ledger.jsonl", tmp_path / "keys.json", tmp_path / "head.json"
    assert typed("hours", "export", str(file), "--keys", str(keys)).exit_code == 0
    assert typed("hours", "head", "--out", str(head)).exit_code == 0
    assert (file.read_text(), json.loads(keys.read_text()), json.loads(head.read_text())) == (
        '{"sequence": 1}\n', {"keys": []}, kept,
    )  # fmt: skip
    served(problem(403, "forbidden"))
    assert typed("hours", "export", str(tmp_path / "none")).exit_code == 1
    assert not list(tmp_path.glob("*none*"))


def test_figures_of_reviews_are_asked_for_and_saved(served: Any, tmp_path: Path) -> None:
    figures = {"reviews": 6, "grades": [{"mode": "final", "unit_id": ID, "kind": "penalty", "grade": "good", "files": 3}]}
    asked = served(answer(200, figures))
    told = typed("reviews", "statistics", "--campaign", ID)
    assert (told.exit_code, "final" in told.output) == (0, True)
    assert asked.requests[0].url.params["campaign_id"] == ID
    paper = tmp_path / "circular.docx"
    asked = served(lambda _: httpx.Response(200, content=b"PK"))
    assert typed("reviews", "circular", ID, "--save", str(paper), "--number", "示〔2025〕1号").exit_code == 0
    assert (paper.read_bytes(), asked.requests[0].url.params["number"]) == (b"PK", "示〔2025〕1号")
    assert typed("reviews", "circular", ID, "--save", str(tmp_path / "circular.txt")).exit_code != 0
    served(lambda _: httpx.Response(200, content=b"no archive"))
    saved = tmp_path / "bundle.zip"
    assert typed("reviews", "bundle", ID, "--save", str(saved)).exit_code == 0
    assert typed("reviews", "verify-bundle", str(saved)).exit_code == 1


def test_lists_of_supervision_are_moved_on_by_words(served: Any) -> None:
    problem_answer = answer(200, {"id": ID, "state": "rectifying"}, etag='"v3"')
    server = served(problem_answer, answer(200, {"id": ID, "state": "submitted"}))
    done = typed("problems", "submit", ID, "--result", "已整改（演示）。", "--json")
    assert (done.exit_code, json.loads(done.stdout)["state"]) == (0, "submitted")
    asked = server.requests[-1]
    assert (asked.url.path, asked.headers["if-match"]) == (f"/v1/problems/{ID}/submit", '"v3"')
    assert json.loads(asked.content) == {"result": "已整改（演示）。"}
    served(page({"object_name": "示例公司", "wording": "3 次检查合并为 1 次"}))
    assert "3 次检查合并为 1 次" in typed("inspections", "plan", ID).stdout
    for noun in ("complaints", "draws"):
        served(page({"title": "演示", "id": ID}))
        assert "演示" in typed(noun, "list").stdout, noun


def test_a_random_draw_is_checked_without_a_server(tmp_path: Path) -> None:
    file = tmp_path / "record.json"
    file.write_text("{}", encoding="utf-8")
    assert typed("draws", "verify", str(file)).exit_code == 1
