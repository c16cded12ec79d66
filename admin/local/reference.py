"""Reference data of a fresh system, loaded over REST: units, groups, calendar, rubrics, the Jin'an plan.

What is there already is left alone, so a person's edits are never overwritten.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from admin import client as rest
from admin.local import home as homes
from admin.local import tokens, trouble

FOLDER = Path(__file__).resolve().parents[1] / "reference"
PLAN = FOLDER / "plan-jinan-2023-2025.yaml"
LOADER = "setup.bureau"
SYSTEM = "zhifa"

Say = Callable[[str], None]
Json = dict[str, Any]


def load(base_url: str, home: homes.Home, say: Say) -> None:
    """Loads what is missing. Trouble, with the server's own words, when the server refuses something."""
    try:
        with _client(base_url, home, "sysadmin") as admin:
            units = load_units(admin, say)
            load_calendar(admin, say)
            if _loader(admin, units) is None:
                return
            with _client(base_url, home, LOADER) as bureau:
                load_rubrics(bureau, say)
                load_plan(bureau, units, say)
                load_coordinator(bureau, units, say)
            retire_loader(admin)
    except (rest.Refused, rest.Unreachable) as error:
        raise trouble.Trouble(f"The reference data could not be loaded: {error}\nStart again with ./zhifa up") from error


def _client(base_url: str, home: homes.Home, username: str) -> rest.Client:
    return rest.Client(base_url, rest.Fixed(tokens.issue(home, username)))


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def load_units(admin: rest.Client, say: Say) -> dict[str, str]:
    """Units and groups of the plan's district; answers the id of each code."""
    known = {unit["code"]: unit["id"] for unit in admin.items("/v1/units")}
    plan = _read(PLAN)
    granting = {code for group in plan["groups"]["items"] if group["key"] == "granting_departments" for code in group["members"]}
    district = plan["plan"]["region_code"]
    listed = [unit for part in plan["units"].values() for unit in part]
    missing = [unit for unit in sorted(listed, key=lambda unit: unit["code"] != district) if unit["code"] not in known]
    for unit in missing:
        body = {"valid_from": "2023-01-01"} | unit | {"granting": unit["code"] in granting}
        if unit["code"] != district:
            body["parent_id"] = known[district]
        known[unit["code"]] = admin.post("/v1/units", body, key=f"reference {unit['code']}").body["id"]
    _load_groups(admin, plan["groups"], known, known[district])
    if missing:
        say(f"  reference data: {len(missing)} units (单位) loaded")
    return known


def _load_groups(admin: rest.Client, groups: Json, known: dict[str, str], district_id: str) -> None:
    there = {group["key"] for group in admin.items("/v1/unit-groups")}
    since = groups["membership_valid_from"]["date"]
    for group in groups["items"]:
        if group["key"] not in there:
            body = {
                "district_id": district_id,
                "key": group["key"],
                "name": group["as_written"],
                "aliases": group["aliases"],
                "assumed": group["assumed"],
                "members": [{"unit_id": known[code], "valid_from": since} for code in group["members"]],
            }
            admin.post("/v1/unit-groups", body, key=f"reference {group['key']}")


def load_calendar(admin: rest.Client, say: Say) -> None:
    """The years of the working-day calendar that are not there yet."""
    for year in _read(FOLDER / "calendar.yaml")["years"]:
        try:
            admin.get("/v1/working-days", year=year["year"])
        except rest.Refused as missing:
            if missing.code != "calendar.missing_year":
                raise
            holidays = [{"day": day, "name": each["name"]} for each in year["holidays"] for day in each["days"]]
            body = {"source": year["source"], "holidays": holidays, "make_up_days": year["make_up_days"]}
            admin.put_new(f"/v1/working-days/{year['year']}", body)
            say(f"  reference data: working days (工作日历) of {year['year']} loaded")


def _loader(admin: rest.Client, units: dict[str, str]) -> str | None:
    """Id of the account that loads the bureau's data; None when that was done before and the account is retired."""
    found = list(admin.items("/v1/accounts", username=LOADER))
    if found:
        return str(found[0]["id"]) if found[0]["state"] == "active" else None
    body = {
        "username": LOADER,
        "display_name": "参考数据装载",
        "roles": ["bureau"],
        "unit_id": units["350111-sifa"],
        # Nobody signs in with it: the starter signs its token itself.
        "password": secrets.token_urlsafe(32),
    }
    return str(admin.post("/v1/accounts", body).body["id"])


def retire_loader(admin: rest.Client) -> None:
    """Disables the loading account once everything is there."""
    account = next(admin.items("/v1/accounts", username=LOADER))
    admin.move(f"/v1/accounts/{account['id']}", "disable")


def load_rubrics(bureau: rest.Client, say: Say) -> None:
    """The default rubrics, published."""
    there = {rubric["title"]: rubric for rubric in bureau.items("/v1/rubrics")}
    for path in sorted((FOLDER / "rubrics").glob("*.yaml")):
        content = _read(path)
        rubric = there.get(content["title"]) or bureau.post("/v1/rubrics", content, key=f"reference {path.stem}").body
        if rubric["state"] == "draft":
            bureau.move(f"/v1/rubrics/{rubric['id']}", "publish")
            say(f"  reference data: rubric (评查标准) {content['title']} published")


def load_plan(bureau: rest.Client, units: dict[str, str], say: Say) -> None:
    """The plan as data, as a draft: putting it into force is the bureau's act."""
    source = _read(PLAN)
    key = source["plan"]["key"]
    if any(bureau.items("/v1/plans", external_id=key)):
        return
    chapters = {chapter["number"]: chapter["title"] for chapter in source["chapters"]}
    tasks = [_task(task, "task", chapters, units) for task in source["tasks"]]
    tasks += [_task(task, "requirement", chapters, units) for task in source["requirements"]]
    head = {name: source["plan"][name] for name in ("title", "region_code", "region_name", "period_start", "period_end")}
    bureau.post("/v1/plans", head | {"external_system": SYSTEM, "external_id": key, "tasks": tasks}, key=f"reference {key}")
    say(f"  reference data: plan (方案) with {len(source['tasks'])} tasks loaded as a draft")


def load_coordinator(bureau: rest.Client, units: dict[str, str], say: Say) -> None:
    """The unit that coordinates enforcement of the townships, as the plan's data assumes it, from the data's first day."""
    plan = _read(PLAN)
    since = plan["groups"]["membership_valid_from"]["date"]
    if "coordinator_id" in bureau.get("/v1/training-settings/in-force", on=since).body:
        return
    role = next(each for each in plan["roles"] if each["key"] == "township_enforcement_coordinator")
    body = {"valid_from": since, "coordinator_id": units[role["unit"]], "reason": f"{role['as_written']}（推定，待核实）"}
    bureau.post("/v1/training-settings", body, key="reference coordinator")
    say(f"  reference data: training settings (培训设置) with {role['as_written']}")


def _task(task: Json, kind: str, chapters: dict[int, str], units: dict[str, str]) -> Json:
    chapter = task.get("chapter")
    body = {
        "kind": kind,
        "number": task["number"],
        "label": task.get("label") or f"{task['number']}.",
        "title": task["title"],
        "leads": [_party(party, units) for party in task.get("lead_units", [])],
        "responsibles": [_party(party, units) for party in task.get("responsible_units", [])],
        "deadlines": [_deadline(deadline) for deadline in task["deadlines"]],
        "quantities": [_quantity(each) for each in task["quantities"] if "comparison" in each],
        "time_words": task["time_words"],
    }
    return body | ({"chapter_number": chapter, "chapter_title": chapters[chapter]} if chapter else {})


def _party(party: Json, units: dict[str, str]) -> Json:
    known = {"group_key": party["group"]} if "group" in party else {"unit_id": units[party["unit"]]}
    return {"as_written": party["as_written"]} | known


def _deadline(deadline: Json) -> Json:
    named = {name: value for name, value in deadline.items() if name != "obligation"}
    return named | ({"obligation_key": deadline["obligation"]} if "obligation" in deadline else {})


def _quantity(quantity: Json) -> Json:
    return {name: quantity[name] for name in ("what", "comparison", "value", "period", "as_written") if name in quantity}
