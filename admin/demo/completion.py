"""The chapter of completion certificates: a class gets them, anybody may check one, and hours taken back later show."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from admin.demo.classes import CLASSES
from admin.demo.people import MARK

if TYPE_CHECKING:
    from admin import client as rest
    from admin.demo.story import Story

PATH = "/v1/completion-certificates"
OF = CLASSES[1]
WRONG = {"reason": f"核查发现未参加{MARK}", "effective": "original"}

Json = dict[str, Any]


def play(story: Story) -> None:
    """Certificates for a whole class, one printed, one verified, one whose hours are reversed afterwards."""
    with story.acting("bureau") as bureau:
        held = next(each for each in bureau.items("/v1/classes", kind=OF.kind) if each["title"] == OF.name)
        issued = bureau.post(f"/v1/classes/{held['id']}/completion-certificates").body
        found = list(bureau.items(PATH, class_id=held["id"], sort="created_at"))
        by_officer = {each["officer_id"]: each for each in found}
        wrong, right = (by_officer[each["id"]] for each in story.people[:2])
        _reverse(bureau, held, wrong)
        states = [bureau.get(f"{PATH}/{each['number']}/verification").body["status"] for each in (wrong, right)]
        story.expect("verification", states, ["hours_reversed", "valid"])
        size = _print(bureau, right)
    story.facts["completion_certificates"] = len(found)
    told = f"颁发结业证书 {len(found)} 份（本次 {issued['issued']} 份）"
    story.say(f"《{held['title']}》{told}，打印一份（PDF，{size // 1024} KB）")
    story.say(f"公开核验：{right['number']} 有效；{wrong['number']} 的学时事后被冲正，核验如实显示 hours_reversed")


def _reverse(bureau: rest.Client, held: Json, certificate: Json) -> None:
    entries = bureau.items("/v1/hour-entries", officer_id=certificate["officer_id"], class_id=held["id"])
    for entry in entries:
        if "reverses_id" not in entry and "reversed_by_id" not in entry:
            bureau.move(f"/v1/hour-entries/{entry['id']}", "reversal", WRONG)


def _print(bureau: rest.Client, certificate: Json) -> int:
    with tempfile.TemporaryDirectory() as folder:
        return bureau.save(certificate["pdf_url"], Path(folder) / "certificate.pdf")
