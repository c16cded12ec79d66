"""The chapter of granted powers (plan task 11): what a town was given, how that was assessed, and how the department that gave it
guides the town's cases, drawn by dice. A second run finds all of it again.
"""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from admin.demo.people import MARK
from admin.demo.years import YEAR

if TYPE_CHECKING:
    from admin import client as rest
    from admin.demo.story import Story

# One of the towns whose case files the platform sent.
TOWN: Final = "350111100"
SYSTEM: Final = "demo"
GRANTED_ON: Final = "2023-07-01"
ASSESSED_ON: Final = "2024-11-15"
ITEM: Final = f"占道经营{MARK}"
CODE: Final = "350111-CG-001"

Json = dict[str, Any]


def play(story: Story) -> None:
    """An item granted and assessed; the department draws a share of the town's cases on it and guides each of them to the end."""
    town = story.accounts.units[TOWN]
    code, department = next((code, unit) for code, unit in sorted(story.accounts.units.items()) if unit["granting"])
    with story.acting("bureau") as bureau:
        _entered(bureau, "/v1/granted-items", _granted(town, department))
        _entered(bureau, "/v1/registers/grant-assessments/records", _assessed(town, department))
        with story.acting(f"manager.{code}") as manager:
            known = list(manager.items("/v1/guidance-rounds", unit_id=department["id"], year=YEAR, state="drawn"))
            if not known:
                _drawn(story, manager, department)
            guided = [_guide(manager, each) for each in manager.items("/v1/guidances", unit_id=department["id"], year=YEAR)]
        share = next(bureau.items("/v1/guidance-shares", year=YEAR, unit_id=department["id"]))
    story.expect("share of guided cases", (share["status"], share["guided"] >= share["need"]), ("met", True))
    story.say(
        f"{department['short_name']}跟案指导 {len(guided)} 件：{town['short_name']}赋权事项案件 {share['cases']} 件，"
        f"应指导 {share['need']} 件，占比 {share['percent']}%"
    )


def _entered(bureau: rest.Client, path: str, body: Json) -> None:
    if not list(bureau.items(path, external_id=body["external_id"])):
        bureau.post(path, body)


def _granted(town: Json, department: Json) -> Json:
    return {
        "unit_id": town["id"], "granted_on": GRANTED_ON, "granting_unit_id": department["id"], "item_code": CODE,
        "item": ITEM, "basis": f"省政府赋权目录{MARK}", "external_system": SYSTEM, "external_id": "granted-item",
    }  # fmt: skip


def _assessed(town: Json, department: Json) -> Json:
    return {
        "unit_id": town["id"], "assessed_on": ASSESSED_ON, "granting_unit_id": department["id"], "result": "keep",
        "findings": f"人员、装备与执法能力能够承接{MARK}", "external_system": SYSTEM, "external_id": "grant-assessment",
    }  # fmt: skip


def _drawn(story: Story, manager: rest.Client, department: Json) -> None:
    """The cases of the year are frozen, dice are thrown, and what they give is under guidance."""
    made = manager.post("/v1/guidance-rounds", {"unit_id": department["id"], "year": YEAR}).body
    path = f"/v1/guidance-rounds/{made['id']}"
    frozen = manager.move(path, "freeze").body
    dice = "".join(str(1 + secrets.randbelow(6)) for _ in range(20))
    manager.move(path, "seed", {"seed": dice, "source": f"公开掷骰二十次{MARK}"})
    drawn = manager.move(path, "draw").body
    story.say(
        f"{department['short_name']}从 {frozen['frame_size']} 件赋权事项案件中抽取 {drawn['sample_size']} 件跟案指导，"
        f"范围哈希 {frozen['frame_sha256'][:12]}…先行公布"
    )


def _guide(manager: rest.Client, guidance: Json) -> str:
    """A visit a fortnight after the case was filed, with advice that is taken; nothing of the party stands in it."""
    path = f"/v1/guidances/{guidance['id']}"
    on = date.fromisoformat(guidance["case"]["filed_on"]) + timedelta(days=14)
    if guidance["state"] == "picked":
        advice = {"advice": f"补正现场检查笔录的见证人签名{MARK}", "response": f"已补正{MARK}"}
        manager.move(path, "visits", {"visited_on": str(on), "form": "on_site", **advice})
        ended = {"finished_on": str(on + timedelta(days=14)), "outcome": "adopted", "summary": f"文书已补正{MARK}"}
        manager.move(path, "finish", ended)
    return path
