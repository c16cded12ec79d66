"""The chapter of the reports: a quarter's figures gathered, put into words, approved by another person, sent, printed."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from admin import client as rest
from admin.demo.years import YEAR

if TYPE_CHECKING:
    from admin.demo.story import Story

WORDS = [
    {"heading": "总体情况", "text": "各单位按计划推进（演示）。"},
    {"heading": "下一步", "text": "继续抓好案卷评查（演示）。"},
]


def play(story: Story) -> None:
    """A quarterly report; whoever drew it up cannot approve it, the bureau's leader does, and the government reads it.

    A second run finds the one that was sent.
    """
    with story.acting("bureau") as bureau:
        last = f"{YEAR}-12-31"
        sent_before = next(
            bureau.items("/v1/reports", most=1, kind="quarterly", state="sent", period_end__gte=last, period_end__lte=last), None
        )
        if sent_before is not None:
            report = bureau.get(f"/v1/reports/{sent_before['id']}").body
            story.facts["report"] = _facts(report)
            story.say(f"{report['title']}：已于 {report['sent_on']} 报送区政府")
            return
        asked = bureau.post("/v1/reports", {"kind": "quarterly", "year": YEAR, "quarter": 4, "sections": WORDS})
        path = bureau.operation(str(asked.headers["Location"]))["result_url"]
        report = bureau.get(path).body
        try:
            bureau.move(path, "approve")
            refused = ""
        except rest.Refused as refusal:
            refused = refusal.code
        with story.acting("bureau.leader") as leader:
            approved = leader.move(path, "approve").body
        sent = {"sent_on": approved["approved_at"][:10], "sent_to": "晋安区人民政府", "document_no": f"演示〔{YEAR}〕4号"}
        bureau.move(path, "send", sent)
        with tempfile.TemporaryDirectory() as folder:
            size = bureau.save(f"{path}/file?format=pdf", Path(folder) / "report.pdf")
    with story.acting("government") as government:
        read = government.get(path).body["state"]
    story.expect("own report", refused, "report.same_person")
    story.expect("report", read, "sent")
    story.facts["report"] = _facts(report)
    told = f"{len(report['data']['tables'])} 张表由记录汇集，PDF {size // 1024} KB"
    story.say(f"{report['title']}：{told}；起草人不能自审，负责人审批后报送区政府")


def _facts(report: dict[str, Any]) -> dict[str, Any]:
    return {"tables": len(report["data"]["tables"]), "sha256": report["data_sha256"]}
