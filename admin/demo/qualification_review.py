"""The chapter of qualifications: who left no longer holds a certificate, once the unit has confirmed it.

A second run finds the review applied and reads what became of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from admin.demo.people import MARK, id_number
from admin.demo.years import YEAR

if TYPE_CHECKING:
    from admin import client as rest
    from admin.demo.story import Story

TOWN: Final = "350111102"
TITLE: Final = f"{YEAR} 年上半年执法资格清理{MARK}"
AS_OF: Final = f"{YEAR}-06-30"
# Of its own, so that the certificates of the chapter of people stay countable.
SYSTEM: Final = "demo-review"
SERIAL: Final = 900
LEFT: Final = {"on": f"{YEAR - 1}-11-30", "reason": f"退休{MARK}"}

Json = dict[str, Any]


def play(story: Story) -> None:
    """A review of the town: proposed by the registers, decided by the unit, checked and applied by the bureau."""
    with story.acting("bureau") as bureau, story.acting(f"manager.{TOWN}") as manager:
        review = next((each for each in bureau.items("/v1/qualification-reviews") if each["title"] == TITLE), None)
        if review is None:
            _leaver(story, bureau, manager)
            body = {"title": TITLE, "unit_id": story.town["id"], "as_of": AS_OF}
            review = bureau.post("/v1/qualification-reviews", body).body
        path = f"/v1/qualification-reviews/{review['id']}"
        if review["state"] == "proposed":
            _decide(manager, path)
            review = bureau.move(path, "check").body
        if review["state"] == "checked":
            review = bureau.move(path, "apply").body
        [item] = bureau.items(f"{path}/items")
    story.expect("review of qualifications", (review["state"], item["reason"], item["outcome"]), ("applied", "left", "cancelled"))
    story.say(f"《{TITLE}》：系统提出离职人员证件 {item['number']}，单位核对同意，区司法局执行后自 {item['cancel_on']} 起注销")


def _leaver(story: Story, bureau: rest.Client, manager: rest.Client) -> None:
    """An officer with a certificate from before the rules asked for exams, whose service has ended since."""
    known = {"external_system": SYSTEM, "external_id": f"{TOWN}-left"}
    officer = known | {
        "unit_id": story.town["id"], "name": f"示例戊{MARK}", "id_number": id_number(SERIAL), "posts": ["综合执法岗"],
        "hired_on": "2020-01-01",
    }  # fmt: skip
    [entered] = manager.post("/v1/officers/batch", {"atomic": True, "items": [officer]}).body["items"]
    certificate = known | {
        "officer_id": entered["id"], "number": "13010999001", "valid_from": "2022-05-06", "valid_to": "2027-05-05",
    }  # fmt: skip
    bureau.post("/v1/certificates/batch", {"atomic": True, "items": [certificate]})
    path = f"/v1/officers/{entered['id']}"
    if "left_on" not in bureau.get(path).body:
        bureau.move(path, "leave", LEFT)


def _decide(manager: rest.Client, path: str) -> None:
    named = [{"certificate_id": each["certificate_id"], "decision": "cancel"} for each in manager.items(f"{path}/items")]
    manager.post(f"{path}/decisions/batch", {"atomic": True, "items": named})
