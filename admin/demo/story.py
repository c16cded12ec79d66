"""The story, step by step. Each step says what it did and checks what it saw; a check that fails ends the demonstration."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from admin import client as rest
from admin.demo import (
    cases,
    classes,
    completion,
    compliance,
    disputes,
    granting,
    hours,
    norms,
    personnel,
    qualification_review,
    registers,
    reports,
    review_campaign,
    supervision_lists,
    training_plans,
)
from admin.demo.people import MARK, Accounts, id_number
from admin.demo.years import YEAR

TOWN = "350111102"
PLAN = "jinan-2023-2025"
CHOSEN = "1"
# Officers of the story, told apart by the external id under which a second run finds them again.
OFFICERS = 4
SYSTEM = "demo"
WRONG = {"reason": "误登学时（演示）", "effective": "original"}

Json = dict[str, Any]
Say = Callable[[str], None]


class Unexpected(Exception):
    """Something came out other than the story has it."""


@dataclass(slots=True)
class Story:
    """The accounts that act, and what the story has brought about so far."""

    accounts: Accounts
    say: Say
    run: str = field(default_factory=lambda: secrets.token_hex(3))
    facts: Json = field(default_factory=dict)
    # The officers and auxiliaries of all towns, once they are entered.
    people: list[Json] = field(default_factory=list)

    @property
    def town(self) -> Json:
        """The town of the story."""
        return self.accounts.units[TOWN]

    @contextmanager
    def acting(self, username: str) -> Iterator[rest.Client]:
        """A client of this account, signed in once for the whole story."""
        client = self.accounts.sign_in(username)
        try:
            yield client
        finally:
            client.close()

    def expect(self, what: str, found: Any, wanted: Any) -> None:
        """Ends the story when something is not as it should be."""
        if found != wanted:
            raise Unexpected(f"{what}: {found!r} instead of {wanted!r}")


def tell(story: Story) -> Json:
    """Plays everything; answers the facts of the last scene."""
    for scene in SCENES:
        scene(story)
    return story.facts


def activate(story: Story) -> None:
    """The plan comes into force, once."""
    with story.acting("bureau") as bureau:
        plan = next(bureau.items("/v1/plans", external_id=PLAN))
        if plan["state"] == "draft":
            done = bureau.move(f"/v1/plans/{plan['id']}", "activate").body
            story.say(f"区司法局下达方案：{done['assignments_issued']} 项任务交办到 {done['units']} 个单位")
        else:
            story.say("方案已在执行中")
    story.facts["plan_id"] = plan["id"]


def supervise(story: Story) -> None:
    """The town works on a task; the bureau sends it back once and then approves. A second run leaves an approved one alone."""
    with story.acting("bureau") as bureau, story.acting(f"manager.{TOWN}") as manager:
        assignment = _assignment(story, bureau)
        path = f"/v1/assignments/{assignment['id']}"
        if assignment["state"] == "approved":
            story.say("岳峰镇的任务此前已办结")
            return
        _until_in_progress(story, manager, path, assignment["state"])
        _report_and_submit(story, manager, path, "第一次报送：已部署学习。", 60)
        bureau.move(path, "return", {"reason": "缺少签到材料，请补充后再报。"})
        story.say("区司法局退回一次：缺少签到材料")
        _report_and_submit(story, manager, path, "第二次报送：已补充签到材料。", 100)
        story.expect("state", bureau.move(path, "approve").body["state"], "approved")
        story.say("区司法局审核通过，任务办结")


def _assignment(story: Story, bureau: rest.Client) -> Json:
    task = next(bureau.items("/v1/tasks", plan_id=story.facts["plan_id"], kind="task", number=CHOSEN))
    return next(bureau.items("/v1/assignments", task_id=task["id"], unit_id=story.town["id"]))


def _until_in_progress(story: Story, manager: rest.Client, path: str, state: str) -> None:
    if state == "issued":
        manager.move(path, "sign")
        story.say("岳峰镇签收任务 1（强化政治能力建设）")
        state = "signed"
    if state == "signed":
        manager.move(path, "start")
        story.say("岳峰镇开始办理")


def _report_and_submit(story: Story, manager: rest.Client, path: str, text: str, percent: int) -> None:
    content = f"签到表{MARK} {story.run} {percent}\n".encode()
    file = manager.post("/v1/attachments", files={"file": ("学习签到表（演示）.txt", content, "text/plain")}).body
    report = {"period": str(YEAR), "text": text, "percent": percent, "attachment_ids": [file["id"]]}
    manager.post(f"{path}/progress-reports", report)
    story.expect("state", manager.move(path, "submit").body["state"], "submitted")
    story.say(f"岳峰镇报送进展 {percent}%，附件《{file['file_name']}》，并提交")


def train(story: Story) -> None:
    """Officers take part in a class, hours are posted, one entry is reversed, and the year's sums are shown."""
    with story.acting(f"manager.{TOWN}") as manager, story.acting("bureau") as bureau:
        officers = _officers(story, manager)
        posted = _class_with_hours(story, bureau, officers)
        first = posted[officers[0]]
        mirror = bureau.move(f"/v1/hour-entries/{first}", "reversal", WRONG).body
        story.say(f"冲正一条学时：{mirror['hours']} 学时，原记录保留")
        sums = {each["officer_id"]: each for each in bureau.items("/v1/compliance/officers", year=YEAR, unit_id=story.town["id"])}
        story.facts["hours"] = [sums[officer]["valid_hours"] for officer in officers]
        met = sum(1 for officer in officers if sums[officer]["status"] == "met")
        story.say(f"{YEAR} 年学时：{met} 人达到 60 学时，{len(officers) - met} 人不足")
        story.expect("reversed hours count no longer", sums[officers[0]]["valid_hours"] < sums[officers[1]]["valid_hours"], True)
        story.expect("ledger", bureau.get("/v1/ledger/verification").body["ok"], True)


def _officers(story: Story, manager: rest.Client) -> list[str]:
    items = [
        {
            "unit_id": story.town["id"],
            "name": f"示例{'甲乙丙丁'[number - 1]}{MARK}",
            "id_number": id_number(number),
            "posts": ["综合执法岗"],
            "hired_on": "2020-01-01",
            "external_system": SYSTEM,
            "external_id": f"{TOWN}-{number}",
        }
        for number in range(1, OFFICERS + 1)
    ]
    found = manager.post("/v1/officers/batch", {"atomic": True, "items": items}).body["items"]
    story.say(f"岳峰镇登记执法人员 {len(found)} 名，证件号码加密保存、读取时只见掩码")
    return [each["id"] for each in found]


def _class_with_hours(story: Story, bureau: rest.Client, officers: list[str]) -> dict[str, str]:
    """Classes of 64 hours in all for everyone present; answers each officer's entry of the last class."""
    entries: dict[str, str] = {}
    for month, length in ((3, 24), (6, 24), (9, 16)):
        title = f"{YEAR} 年第 {month // 3} 期执法业务培训{MARK}"
        known = [each for each in bureau.items("/v1/classes", organiser_id=_bureau_unit(story)) if each["title"] == title]
        held = known[0] if known else _hold(story, bureau, title, month, length, officers)
        entries = {each["officer_id"]: each["id"] for each in bureau.items("/v1/hour-entries", class_id=held["id"])
                   if "reverses_id" not in each and "reversed_by_id" not in each}  # fmt: skip
    if officers[0] not in entries:
        # An earlier run reversed it; hours of this run's own are posted, to be reversed again.
        entry = {
            "officer_id": officers[0],
            "category": "skills",
            "hours": 2,
            "occurred_on": f"{YEAR}-11-20",
            "source": "teaching",
        }
        entries[officers[0]] = bureau.post("/v1/hour-entries", entry).body["id"]
    return entries


def _hold(story: Story, bureau: rest.Client, title: str, month: int, hours: int, officers: list[str]) -> Json:
    days = hours // 8
    body = {
        "title": title,
        "kind": "professional",
        "organiser_id": _bureau_unit(story),
        "starts_at": f"{YEAR}-{month:02}-03T01:00:00Z",
        "ends_at": f"{YEAR}-{month:02}-{2 + days:02}T09:00:00Z",
        "hours": hours,
        "category": "business",
    }
    held = bureau.post("/v1/classes", body).body
    path = f"/v1/classes/{held['id']}"
    bureau.post(f"{path}/enrolments", {"officer_ids": officers})
    # The last officer misses the last class and so falls short of the year's hours.
    present = officers[:-1] if month == 9 else officers
    bureau.post(f"{path}/attendance", {"officer_ids": present})
    posted = bureau.post(f"{path}/post-hours").body
    story.expect("posted", posted["posted"], len(present))
    story.say(f"培训班《{title}》：{len(present)} 人到场，每人登记 {hours} 学时")
    return held


def _bureau_unit(story: Story) -> str:
    return str(story.accounts.units["350111-sifa"]["id"])


def show(story: Story) -> None:
    """The scoreboard, and the proof that no row of the audit trail was bent."""
    with story.acting("bureau") as bureau, story.acting("auditor") as auditor:
        board = bureau.get("/v1/scoreboard", plan_id=story.facts["plan_id"], year=YEAR).body
        proof = auditor.get("/v1/audit-events/verification").body
    story.expect("audit trail", proof["ok"], True)
    story.facts["scoreboard"] = board
    story.facts["audit_events"] = proof["checked"]
    story.say(f"审计链校验通过，共 {proof['checked']} 条")


SCENES: tuple[Callable[[Story], None], ...] = (
    activate, supervise, train, personnel.play, qualification_review.play, training_plans.play, classes.play, hours.play,
    completion.play, compliance.play, supervision_lists.play, norms.play, cases.play, granting.play, disputes.play,
    review_campaign.play, registers.play, reports.play, show,
)  # fmt: skip
