"""The chapter of the year's end: who falls short and by how much, what was exempt, whose rotation is not complete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from admin.demo.people import MARK
from admin.demo.personnel import TOWNS
from admin.demo.years import YEAR

if TYPE_CHECKING:
    from admin import client as rest
    from admin.demo.story import Story

SHORT_TOWN = TOWNS[-1]

Json = dict[str, Any]


def play(story: Story) -> None:
    """An exemption refused, the district's figures, the unit that falls short with one sum in words, rotations."""
    with story.acting("bureau") as bureau:
        _refused(story, bureau)
        district = bureau.get("/v1/compliance/district", year=YEAR).body
        story.say(f"{YEAR} 年全区：{district['officers']} 人中 {district['met']} 人达标，{district['short']} 人不足")
        unit = story.accounts.units[SHORT_TOWN]
        [row] = bureau.items("/v1/compliance/units", year=YEAR, unit_id=unit["id"])
        worst = next(bureau.items("/v1/compliance/officers", most=1, year=YEAR, unit_id=unit["id"], sort="-missing_hours"))
        told = bureau.get(f"/v1/compliance/officers/{worst['officer_id']}", year=YEAR).body["explanation"]["zh"]
        story.expect("nobody of the unit has the hours", row["met"], 0)
        story.say(f"{unit['short_name']} {row['officers']} 人全部不足，共缺 {row['missing_hours']} 学时。缺得最多的一人：{told}")
        turns = {each["unit_id"]: each for each in bureau.items("/v1/rotations", year=YEAR)}
        story.expect("rotation", [turns[unit["id"]]["covered"], turns[story.people[0]["unit_id"]]["covered"]], [0, 25])
        story.expect("sums", bureau.get("/v1/compliance/verification").body["ok"], True)
    complete = sum(each["complete"] for each in turns.values())
    story.say(f"全员轮训：{complete} 个单位已覆盖，{unit['short_name']}未参加；学时累计与台账逐人核对一致")
    story.facts["compliance"] = {name: district[name] for name in ("officers", "met", "short")}


def _refused(story: Story, bureau: rest.Client) -> None:
    """A unit asks for an exemption, and the bureau says no; asked once."""
    officer = story.people[len(TOWNS) - 1]
    known = list(bureau.items("/v1/exemptions", officer_id=officer["id"], state="refused"))
    if not known:
        facts = {"officer_id": officer["id"], "reason": "seconded", "from_on": f"{YEAR}-02-01", "to_on": f"{YEAR}-11-30"}
        with story.acting(f"manager.{SHORT_TOWN}") as manager:
            asked = manager.post("/v1/exemptions", facts | {"ground": f"临时抽调{MARK}"}).body
        refused = bureau.move(f"/v1/exemptions/{asked['id']}", "refuse", {"reason": "无抽调文件，材料不全"}).body
        story.say(f"{story.accounts.units[SHORT_TOWN]['short_name']}为一人申请减免，区司法局不予批准：{refused['decision_note']}")
