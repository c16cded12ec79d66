"""The chapter of lists: a problem struck off after a check, a complaint answered, three visits become one, a draw.

Everything is found again by its title, year or number, so a second run changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from admin.demo.people import MARK

if TYPE_CHECKING:
    from admin import client as rest
    from admin.demo.story import Story

TOWN, OTHER = "350111102", "350111100"
FOUND_ON = "2025-03-03"
SYSTEM = "demo"

Json = dict[str, Any]


def play(story: Story) -> None:
    """Problem list with summaries, complaints, the joint inspection plan, a random draw."""
    with story.acting("bureau") as bureau, story.acting(f"manager.{TOWN}") as manager, story.acting("government") as government:
        problem = _problem(story, bureau, manager)
        _summaries(story, bureau, manager, government)
        _complaint(story, bureau, manager, problem)
        _inspections(story, bureau, government, problem["created_at"][:10])
        _draw(story, manager)


def _found(client: rest.Client, path: str, title: str, **filters: Any) -> Json | None:
    return next((each for each in client.items(path, **filters) if each["title"] == title), None)


def _problem(story: Story, bureau: rest.Client, manager: rest.Client) -> Json:
    title = f"“一刀切”关停{MARK}"
    body = {
        "unit_id": story.town["id"], "kind": "one_size_fits_all", "source": "survey", "title": title,
        "description": f"未区分情形一律关停{MARK}。", "found_on": FOUND_ON, "limit": {"days": 10, "kind": "working"},
    }  # fmt: skip
    problem = _found(bureau, "/v1/problems", title) or bureau.post("/v1/problems", body).body
    path = f"/v1/problems/{problem['id']}"
    if problem["state"] == "listed":
        manager.move(path, "measure", {"measures": f"逐户甄别、分类处置{MARK}。"})
        manager.move(path, "submit", {"result": f"已完成整改{MARK}。"})
        bureau.move(path, "close", {"note": "现场核查属实（演示）"})
    closed: Json = bureau.get(path).body
    story.expect("problem", closed["state"], "closed")
    story.say(f"突出问题“{title}”：列入清单、整改、由报送人以外的人员核查后于 {closed['closed_on']} 销号")
    return closed


def _summaries(story: Story, bureau: rest.Client, manager: rest.Client, government: rest.Client) -> None:
    unit = next(each for each in story.accounts.units.values() if each["code"].endswith("-sifa"))
    period = {"period_start": "2025-01-01", "period_end": "2025-06-30", "text": f"整治情况{MARK}。"}
    own = period | {"unit_id": story.town["id"], "title": f"上半年突出问题整治总结{MARK}"}
    roll_up = period | {"unit_id": unit["id"], "scope": "district", "title": f"上半年突出问题整治区级汇总{MARK}"}
    for body, writer, decider in ((own, manager, bureau), (roll_up, bureau, government)):
        found = _found(writer, "/v1/problem-summaries", str(body["title"]))
        summary = found or writer.post("/v1/problem-summaries", body).body
        path = f"/v1/problem-summaries/{summary['id']}"
        if summary["state"] == "draft":
            writer.move(path, "submit")
            decider.move(path, "approve")
    done = bureau.get(path).body
    story.expect("roll-up", done["state"], "approved")
    missing = sum("summary_id" not in row for row in done["rows"])
    story.say(
        f"区级汇总：发现问题 {done['figures']['found']} 个、销号 {done['figures']['closed']} 个，{missing} 个单位尚未报送总结"
    )


def _complaint(story: Story, bureau: rest.Client, manager: rest.Client, problem: Json) -> None:
    item = {
        "unit_id": story.town["id"], "channel": "hotline_12345", "enterprise": True, "title": f"反映重复检查{MARK}",
        "content": f"一月内检查三次{MARK}。", "complainant": {"name": "示例甲", "phone": "00000001234"},
        "received_on": problem["created_at"][:10], "external_system": SYSTEM, "external_id": "H-0001",
    }  # fmt: skip
    [outcome] = bureau.post("/v1/complaints/batch", {"items": [item]}).body["items"]
    path = f"/v1/complaints/{outcome['id']}"
    complaint = bureau.get(path).body
    if complaint["state"] == "received":
        manager.move(path, "accept")
        manager.move(path, "reply", {"reply": f"已核实，今后联合检查{MARK}。"})
        manager.move(path, "rate", {"satisfaction": "satisfied"})
        manager.move(path, "link", {"problem_id": problem["id"]})
        complaint = manager.move(path, "close").body
    story.expect("complaint", complaint["state"], "closed")
    story.say(f"12345 投诉已答复、回访满意并办结；投诉人只显示为“{complaint['complainant']}”")


def _inspections(story: Story, bureau: rest.Client, government: rest.Client, day: str) -> None:
    year = int(day[:4])
    plan = next(iter(bureau.items("/v1/inspection-plans", year=year)), None)
    if plan is None:
        units = [story.town["id"], story.accounts.units[OTHER]["id"], _bureau_unit(story)]
        for place, unit in enumerate(units):
            bureau.post("/v1/inspection-proposals", _proposal(unit, year, place))
        plan = bureau.post("/v1/inspection-plans", {"year": year, "title": f"{year} 年度综合查一次计划{MARK}"}).body
        path = f"/v1/inspection-plans/{plan['id']}"
        bureau.move(path, "merge")
        bureau.move(path, "submit")
        plan = government.move(path, "approve", {"approval_number": f"示例政审〔{year}〕1号"}).body
        [item] = bureau.items(f"{path}/items")
        bureau.post("/v1/inspections", _carried_out(item, day))
    done = bureau.get(f"/v1/inspection-plans/{plan['id']}").body["totals"]
    story.expect("visits saved", done["visits_saved"], 2)
    story.say(f"综合查一次：{done['wording']}，区政府已审定，已实施 {done['done']} 次，减少检查 {done['visits_saved']} 次")


def _bureau_unit(story: Story) -> str:
    return str(next(each["id"] for each in story.accounts.units.values() if each["code"].endswith("-sifa")))


def _proposal(unit_id: str, year: int, place: int) -> Json:
    return {
        "unit_id": unit_id, "year": year, "object_name": f"示例食品有限公司{MARK}", "object_code": "91350111DEMO00001X",
        "content": f"第 {place + 1} 项检查{MARK}", "basis": "演示依据", "first_on": f"{year}-0{place + 1}-01",
        "last_on": f"{year}-12-31", "late_reason": "演示系统启用较晚",
    }  # fmt: skip


def _carried_out(item: Json, day: str) -> Json:
    return {
        "unit_id": item["lead_unit_id"], "unit_ids": item["unit_ids"], "plan_item_id": item["id"], "inspected_on": day,
        "officers": 6, "result": "no_finding", "enterprise": True, "check_code": "DEMO-0001",
    }  # fmt: skip


def _draw(story: Story, manager: rest.Client) -> None:
    title = f"食品经营双随机抽查{MARK}"
    draw = _found(manager, "/v1/random-draws", title)
    if draw is None:
        objects = [{"code": f"F{place:03}", "name": f"示例食品店 {place:03}", "category": "食品经营"} for place in range(60)]
        crew = [{"code": f"1301{place:04}"} for place in range(9)]
        body = {"unit_id": story.town["id"], "year": 2025, "title": title, "objects": objects, "inspectors": crew}
        draw = manager.post("/v1/random-draws", body).body
        path = f"/v1/random-draws/{draw['id']}"
        manager.move(path, "seed", {"seed": f"20250601{story.run}", "source": "公开掷骰（演示）"})
        draw = manager.move(path, "draw").body
    story.expect("draw", (draw["state"], draw["sample_size"]), ("drawn", 5))
    story.facts["supervision_lists"] = {"draw_id": draw["id"]}
    story.say(f"双随机：{draw['frame_size']} 个对象和人员中抽出 {draw['sample_size']} 个，凭公布的哈希和种子人人可复算")
