"""What follows the rounds: an objection that is right, something put right and struck off, and a good file shown to others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from admin import client as rest
from admin.demo.people import MARK
from admin.demo.review_rounds import CROSSING, TOWN, sheet
from admin.demo.years import YEAR

if TYPE_CHECKING:
    from admin.demo.review_rounds import Scene

# In no round, so not involved in any result.
DECIDER: Final = "reviewer.12"
# Whose cross review nothing goes before.
RECTIFYING: Final = CROSSING[-1]
MISSING_YEAR: Final = "calendar.missing_year"

Json = dict[str, Any]


def object_to_one(scene: Scene) -> None:
    """The unit of the sampled file on which both reviewers agreed objects; somebody not involved says that it is right."""
    [result] = scene.bureau.items("/v1/results", campaign_id=scene.campaign["id"], mode="sample", basis="reviews")
    codes = {unit["id"]: code for code, unit in scene.story.accounts.units.items()}
    with scene.story.acting(f"manager.{codes[result['unit_id']]}") as manager:
        body = {"result_id": result["id"], "text": f"所指要素载于立案审批表，请予更正{MARK}"}
        try:
            path = f"/v1/objections/{manager.post('/v1/objections', body).body['id']}"
        except rest.Refused as refusal:
            # Towards the end of a year the limit falls into one whose working days nobody has announced.
            scene.story.expect("objection", refusal.code, MISSING_YEAR)
            scene.story.say("次年工作日历尚未公布，答复期限无从计算，本次略去异议")
            return
    scene.bureau.move(path, "assign", {"account_id": scene.story.accounts.id_of(DECIDER)})
    with scene.story.acting(DECIDER) as decider:
        decider.move(path, "uphold", {"decision": f"要素确已载明，原扣分撤销{MARK}", "sheet": sheet()})
    after = scene.bureau.get(f"/v1/results/{result['id']}").body
    scene.story.expect("result after the objection", (after["total"], after["basis"]), (100, "objection"))
    scene.story.say(
        f"被评单位对抽评结果提出异议，未参与评查的人员认定成立：{result['total']} 分改为 {after['total']} 分，前后都留痕"
    )


def put_one_right(scene: Scene) -> None:
    """The bureau orders what a result deducts for, the town reports with evidence, and another person strikes it off."""
    unit = scene.story.accounts.units[RECTIFYING]["id"]
    [result] = scene.bureau.items("/v1/results", campaign_id=scene.campaign["id"], mode="cross", unit_id=unit)
    path = f"/v1/rectifications/{scene.bureau.post('/v1/rectifications', {'result_id': result['id']}).body['id']}"
    with scene.story.acting(f"manager.{RECTIFYING}") as manager:
        content = f"裁量说明补正页{MARK} {scene.story.run}\n".encode()
        file = manager.post("/v1/attachments", files={"file": ("裁量说明补正页（演示）.txt", content, "text/plain")}).body
        manager.move(path, "report", {"report": f"已补正裁量说明并开展复训{MARK}", "attachment_ids": [file["id"]]})
    closed = scene.bureau.move(path, "close", {"note": f"核查属实，予以销号{MARK}"}).body
    scene.story.expect("rectification", closed["state"], "closed")
    scene.story.say("一件扣分问题限期整改：单位报送佐证，另一人核查后销号")


def make_an_example(scene: Scene) -> None:
    """A file without a fault becomes a typical case, told without names, with the file it comes from."""
    unit = scene.story.accounts.units[TOWN]["id"]
    found = scene.bureau.items("/v1/results", campaign_id=scene.campaign["id"], unit_id=unit, grade="excellent", is_final=True)
    with scene.story.acting(f"manager.{TOWN}") as manager:
        body = {
            "unit_id": unit,
            "selected_on": f"{YEAR}-12-01",
            "lesson": "model",
            "title": f"占道经营处罚的规范办理{MARK}",
            "summary": f"先劝导、后处罚，步骤和文书齐全{MARK}",
            "significance": f"裁量说理充分，可供同类案件参照{MARK}",
            "case_file_id": next(found)["case_file_id"],
        }
        made = manager.post("/v1/typical-cases", body).body
    scene.story.say(f"优秀案卷选为典型案例：《{made['title']}》")
