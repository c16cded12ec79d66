"""The chapter of training plans: a town's comes back once before it is approved, a department's must not leave towns out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from admin.demo.people import MARK
from admin.demo.years import YEAR

if TYPE_CHECKING:
    from admin import client as rest
    from admin.demo.story import Story

TOWN = "350111001"
THIN = [{"title": "行政执法通用知识培训", "kind": "in_service", "category": "public_law", "hours": 16, "month": 3}]
FULL = [
    *THIN,
    {
        "title": "执法文书与案卷制作", "kind": "professional", "category": "skills", "hours": 24, "month": 6,
        "level": "一线执法人员",
    },
]  # fmt: skip

Json = dict[str, Any]


def play(story: Story) -> None:
    """Plans of the year: handed in, returned, completed, approved; who made none is told."""
    department = next(code for code, unit in sorted(story.accounts.units.items()) if unit["granting"])
    with story.acting("bureau") as bureau:
        _annual(story, bureau)
        _professional(story, bureau, department)
        missing = len(list(bureau.items("/v1/training-plans/owed", year=YEAR, state="missing")))
        states = [each["state"] for each in bureau.items("/v1/training-plans", year=YEAR)]
    story.expect("plans", states, ["approved", "approved"])
    story.facts["training_plans"] = {"approved": len(states), "missing": missing}
    story.say(f"{YEAR} 年培训计划：{len(states)} 份已批准，{missing} 份尚未编制，逐单位列出")


def _annual(story: Story, bureau: rest.Client) -> None:
    with story.acting(f"manager.{TOWN}") as manager:
        plan = _draft(story, manager, TOWN, "annual", THIN)
        path = f"/v1/training-plans/{plan['id']}"
        if plan["state"] == "draft":
            manager.move(path, "submit")
            plan = bureau.move(path, "return", {"reason": "缺少分级分类安排，请补充"}).body
            story.say(f"{story.accounts.units[TOWN]['short_name']}年度培训计划提交后被退回：{plan['decision_reason']}")
        if plan["state"] == "returned":
            manager.change("PATCH", path, {"items": FULL}, manager.get(path).etag)
            manager.move(path, "submit")
        _approve(story, bureau, path)


def _professional(story: Story, bureau: rest.Client, department: str) -> None:
    """A granting department's plan must include the officers of the towns it granted to."""
    with story.acting(f"manager.{department}") as manager:
        plan = _draft(story, manager, department, "professional", FULL)
        path = f"/v1/training-plans/{plan['id']}"
        if plan["state"] == "draft":
            found = manager.get(f"{path}/check").body
            story.expect("complete", found["ok"], False)
            names = [each["name"] for each in found["townships"] if each["officers"] and not each["included"]]
            owner = story.accounts.units[department]["short_name"]
            story.say(f"{owner}专业培训计划漏了 {len(names)} 个被赋权乡镇（街道），不能提交：{names[0]}等")
            items = [FULL[0], FULL[1] | {"unit_ids": found["missing_unit_ids"]}]
            manager.change("PATCH", path, {"items": items}, manager.get(path).etag)
            manager.move(path, "submit")
        _approve(story, bureau, path)


def _draft(story: Story, manager: rest.Client, unit: str, kind: str, items: list[Json]) -> Json:
    """The unit's plan of the year, made when there is none."""
    owner = story.accounts.units[unit]
    if known := list(manager.items("/v1/training-plans", unit_id=owner["id"], year=YEAR, kind=kind)):
        return known[0]
    told = {"annual": "年度", "professional": "专门业务"}[kind]
    title = f"{owner['short_name']} {YEAR} 年{told}培训计划{MARK}"
    body = {"unit_id": owner["id"], "year": YEAR, "kind": kind, "title": title, "items": items}
    return manager.post("/v1/training-plans", body).body


def _approve(story: Story, bureau: rest.Client, path: str) -> None:
    plan = bureau.get(path).body
    if plan["state"] == "submitted":
        plan = bureau.move(path, "approve", {}).body
        story.say(f"《{plan['title']}》批准，共 {plan['hours']} 学时")
    story.expect("plan", plan["state"], "approved")
