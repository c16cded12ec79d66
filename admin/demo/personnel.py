"""The chapter of people: 200 invented officers of eight towns with exams and certificates, one of each trouble there may be.

Everything goes by batches and external ids, so that a second run finds what the first one made and changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from admin import client as rest
from admin.demo.people import MARK, id_number

if TYPE_CHECKING:
    from admin.demo.story import Story

TOWNS = (
    "350111001", "350111002", "350111003", "350111100", "350111101", "350111103", "350111201", "350111202",
)  # fmt: skip
OFFICERS, AUXILIARIES = 200, 16
SYSTEM = "demo"
# Far from the serials of the story's own officers.
SERIALS = 1000
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"
EXAMS = {
    "general": "公共法律知识资格考试",
    "professional": "专业法律知识资格考试",
    "auxiliary": "辅助人员考试",
}
HELD_ON = "2024-03-16"

Json = dict[str, Any]


def play(story: Story) -> None:
    """Officers, exams, certificates, one suspension, one that soon expires, one exemption; says what it made."""
    with story.acting("bureau") as bureau:
        people = story.people = _officers(story, bureau)
        _exams(story, bureau, people)
        certificates = _certificates(story, bureau, people)
        _suspension(story, bureau, certificates[0])
        _expiring(story, bureau, certificates[1])
        _exemption(story, bureau, people[2])
        _public(story, bureau, certificates)


def _bodies(story: Story) -> list[Json]:
    found = []
    for place in range(OFFICERS + AUXILIARIES):
        town = TOWNS[place % len(TOWNS)]
        kind = "officer" if place < OFFICERS else "auxiliary"
        name = SURNAMES[place % len(SURNAMES)] + "示例"
        found.append(
            {
                "unit_id": story.accounts.units[town]["id"],
                "name": f"{name}{place:03}{MARK}",
                "id_number": id_number(SERIALS + place),
                "kind": kind,
                "posts": ["综合执法岗" if kind == "officer" else "协管岗"],
                "hired_on": "2021-07-01",
                "external_system": SYSTEM,
                "external_id": f"people-{place:03}",
            }
        )
    return found


def _officers(story: Story, bureau: rest.Client) -> list[Json]:
    bodies = _bodies(story)
    outcomes = _done(story, "officers", bureau.post("/v1/officers/batch", {"items": bodies}).body["items"])
    added = sum(outcome["status"] == 201 for outcome in outcomes)
    units = len({body["unit_id"] for body in bodies})
    story.say(f"{units} 个乡镇街道的执法人员 {OFFICERS} 名、辅助人员 {AUXILIARIES} 名，一次批量登记（新增 {added} 名）")
    return [body | {"id": outcome["id"]} for body, outcome in zip(bodies, outcomes, strict=True)]


def _exams(story: Story, bureau: rest.Client, people: list[Json]) -> None:
    known = {exam["title"]: exam for exam in bureau.items("/v1/exams", state="published", held_on__gte=HELD_ON)}
    for kind, told in EXAMS.items():
        title = f"2024 年{told}{MARK}"
        if title in known:
            continue
        body = {"unit_id": story.accounts.units["350111-sifa"]["id"], "title": title, "kind": kind, "held_on": HELD_ON}
        path = f"/v1/exams/{bureau.post('/v1/exams', body).body['id']}"
        sitting = [each for each in people if (each["kind"] == "auxiliary") == (kind == "auxiliary")]
        items = [{"officer_id": each["id"], "points": 62 + place % 37} for place, each in enumerate(sitting)]
        _done(story, title, bureau.post(f"{path}/results/batch", {"items": items}).body["items"])
        passed = bureau.move(path, "publish").body["counts"]["passed"]
        story.say(f"《{title}》公布成绩：{passed} 人合格")


def _certificates(story: Story, bureau: rest.Client, people: list[Json]) -> list[Json]:
    """One for every regular officer; the second one ends soon."""
    regular = [each for each in people if each["kind"] == "officer"]
    known = {each["external_id"] for each in bureau.items("/v1/certificates", external_system=SYSTEM)}
    items = [
        {
            "officer_id": each["id"],
            "number": f"13010{place:06}",
            "valid_from": "2024-05-06",
            "external_system": SYSTEM,
            "external_id": each["external_id"],
        }
        for place, each in enumerate(regular)
        if each["external_id"] not in known
    ]
    if items:
        _done(story, "certificates", bureau.post("/v1/certificates/batch", {"items": items}).body["items"])
    found = {each["external_id"]: each for each in bureau.items("/v1/certificates", external_system=SYSTEM)}
    story.expect("certificates", len(found), OFFICERS)
    story.say(f"在编人员考试合格后持证 {len(found)} 件，有效期按人员管理规则计算")
    return [found[each["external_id"]] for each in regular]


def _suspension(story: Story, bureau: rest.Client, certificate: Json) -> None:
    if certificate["state"] == "valid":
        body = {"on": certificate["valid_from"], "reason": f"接受调查{MARK}"}
        certificate = bureau.move(f"/v1/certificates/{certificate['id']}", "suspend", body).body
    story.expect("suspended", certificate["state"], "suspended")
    story.say(f"证件 {certificate['number']} 暂扣")


def _expiring(story: Story, bureau: rest.Client, certificate: Json) -> None:
    """Its last day is brought near: thirty days from whichever day the demonstration is played on."""
    number = certificate["number"]
    if certificate["state"] == "expired":
        story.say(f"证件 {number} 已于 {certificate['valid_to']} 到期，状态随日期而变，无须任何操作")
        return
    today = bureau.get(f"/v1/certificates/{number}/verification").body["checked_on"]
    soon = list(bureau.items("/v1/certificates", number=number, expiring_within=90))
    if not soon:
        path = f"/v1/certificates/{certificate['id']}"
        bureau.change("PATCH", path, {"valid_to": _month_later(today)}, bureau.get(path).etag)
        soon = list(bureau.items("/v1/certificates", number=number, expiring_within=90))
    story.expect("expiring", len(soon), 1)
    story.say(f"证件 {number} 将于 {soon[0]['valid_to']} 到期，列入九十日内到期名单")


def _month_later(day: str) -> str:
    year, month = int(day[:4]), int(day[5:7])
    return f"{year + month // 12}-{month % 12 + 1:02}-{min(int(day[8:]), 28):02}"


def _exemption(story: Story, bureau: rest.Client, officer: Json) -> None:
    """Proposed by the unit, approved by the bureau; a second run finds it approved."""
    known = list(bureau.items("/v1/exemptions", officer_id=officer["id"], state="approved"))
    if not known:
        town = next(code for code, unit in story.accounts.units.items() if unit["id"] == officer["unit_id"])
        facts = {"officer_id": officer["id"], "reason": "seconded", "from_on": "2025-03-01", "to_on": "2025-08-31"}
        with story.acting(f"manager.{town}") as manager:
            proposed = manager.post("/v1/exemptions", facts | {"ground": f"借调到区里专班{MARK}"}).body
        known = [bureau.move(f"/v1/exemptions/{proposed['id']}", "approve", {"note": "属实"}).body]
    story.expect("exemption", known[0]["state"], "approved")
    story.say("一名人员借调六个月，减免学时经区司法局批准")


def _public(story: Story, bureau: rest.Client, certificates: list[Json]) -> None:
    """What anybody may see."""
    shown = [bureau.get(f"/v1/certificates/{each['number']}/verification").body for each in (certificates[0], certificates[3])]
    story.expect("verification", [each["status"] for each in shown], ["suspended", "valid"])
    listed = len(list(bureau.items("/v1/auxiliary-staff", unit_code="350111")))
    story.expect("auxiliary staff", listed, AUXILIARIES)
    story.facts["personnel"] = {"officers": OFFICERS, "certificates": len(certificates), "auxiliaries": listed}
    story.say(f"公开核验：{shown[1]['number']} 有效（{shown[1]['name']}）；辅助人员公示 {listed} 名，姓名仅显示姓氏")


def _done(story: Story, what: str, outcomes: list[Json]) -> list[Json]:
    refused = [outcome["problem"]["code"] for outcome in outcomes if outcome["status"] >= 400]
    story.expect(f"refused {what}", refused, [])
    return outcomes
