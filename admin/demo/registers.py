"""The chapter of the registers: a record of every kind, and of what each unit of the story owes; obligations follow."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from admin.demo.years import YEAR

if TYPE_CHECKING:
    from admin import client as rest
    from admin.demo.story import Story

SYSTEM = "demo"
# Registers whose records the story's town enters for itself, and the four lines of its budget.
TOWN = "350111102"
LINES = ("training", "enforcement", "equipment", "supervision")
FORMS = ("major_matter", "regular", "ad_hoc", "liaison")

Json = dict[str, Any]


def play(story: Story) -> None:
    """Each register gets what its own example shows, marked as made up; what is entered twice is known the second time."""
    with story.acting("bureau") as bureau:
        kinds = bureau.get("/v1/registers").body["registers"]
        for kind in kinds:
            _enter(story, bureau, kind)
        rows = _there_and_back(story, bureau)
        bureau.post("/v1/obligations/recordings")
        owed = list(bureau.items("/v1/obligations", year=YEAR))
        behind = bureau.get("/v1/obligations/ranking", year=YEAR).body["units"]
    told = {status: sum(each["status"] == status for each in owed) for status in ("met", "missed", "at_risk", "on_track")}
    shown = {each["id"] for each in owed}
    story.facts["registers"] = len(kinds)
    story.facts["obligations"] = {"shown": len(shown), "met": sorted({each["id"] for each in owed if each["status"] == "met"})}
    story.say(
        f"{len(kinds)} 种台账各登记一条（演示）；{len(shown)} 项义务由记录核验：完成 {told['met']}、未完成 {told['missed']}"
    )
    story.say(f"台账“执法经费预算”导出为表格再导入：{rows} 行均已登记，无一重复")
    story.say(f"单位排名首位：{behind[0]['unit_name']}，完成 {behind[0]['met']}/{behind[0]['owed']}")


def _enter(story: Story, bureau: rest.Client, kind: Json) -> None:
    town, department = story.town["id"], _department(story)
    placeholder = kind["example"]["unit_id"]
    facts = _placed(kind["example"], placeholder, department) | {"unit_id": town}
    items = [facts | more for more in _variants(kind["key"])]
    for place, item in enumerate(items):
        item |= {"external_system": SYSTEM, "external_id": f"{kind['key']}-{place}"}
    outcomes = bureau.post(f"{kind['path']}/batch", {"atomic": True, "items": items}).body["items"]
    story.expect(kind["key"], {outcome["status"] for outcome in outcomes} <= {200, 201}, True)


def _there_and_back(story: Story, bureau: rest.Client) -> int:
    """A register as a sheet, sent in again as it is: every row is known, nothing is entered twice."""
    path = "/v1/registers/budget-lines"
    with tempfile.TemporaryDirectory() as folder:
        sheet = Path(folder) / "budget-lines.csv"
        bureau.save(f"{path}/export?format=csv&state=active", sheet)
        sent = bureau.post(f"{path}/imports", files={"file": (sheet.name, sheet.read_bytes(), "text/csv")})
    done = bureau.get(bureau.operation(str(sent.headers["Location"]))["result_url"]).body
    story.expect("sheet", (done["refused"], done["accepted"] >= len(LINES)), (0, True))
    return int(done["accepted"])


def _variants(key: str) -> list[Json]:
    if key == "budget-lines":
        return [{"line": line} for line in LINES]
    if key == "consultations":
        return [{"form": form} for form in FORMS]
    return [{}]


def _department(story: Story) -> str:
    return str(next(unit["id"] for _, unit in sorted(story.accounts.units.items()) if unit["granting"]))


def _placed(value: Any, placeholder: str, unit_id: str) -> Any:
    """The example with a unit of the district in place of the one it names."""
    if isinstance(value, dict):
        return {name: _placed(each, placeholder, unit_id) for name, each in value.items()}
    if isinstance(value, list):
        return [_placed(each, placeholder, unit_id) for each in value]
    return unit_id if value == placeholder else value
