"""The chapter of disputes: the reconsideration of a penalty ends with an agreement that was mediated.

The platform sends both records with external ids, so a second run finds them and changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from admin.demo import cases
from admin.demo.people import MARK
from admin.demo.years import YEAR

if TYPE_CHECKING:
    from admin.demo.story import Story

DISPUTED: Final = "clean-00"
RECORDS: Final[dict[str, dict[str, Any]]] = {
    "/v1/mediations": {
        "mediated_on": f"{YEAR}-06-16", "stage": "reconsideration", "venue": "centre", "method": f"面对面调解{MARK}",
        "matter": f"占道经营处罚争议{MARK}", "result": "agreed", "ended_on": f"{YEAR}-06-20", "performed": True,
    },
    "/v1/litigations": {
        "filed_on": f"{YEAR}-06-03", "remedy": "reconsideration", "document_no": f"示复〔{YEAR}〕1号{MARK}",
        "outcome": "mediated", "ended_on": f"{YEAR}-06-23", "performance": "performed", "performed_on": f"{YEAR}-06-30",
    },
}  # fmt: skip


def play(story: Story) -> None:
    """A mediation and a reconsideration of one of the files that came in."""
    with story.acting("platform") as platform:
        files = platform.items("/v1/case-files", external_system=cases.SYSTEM, external_id=DISPUTED)
        file = next(iter(files))
        of = {"unit_id": file["unit_id"], "case_file_id": file["id"], "external_system": cases.SYSTEM, "external_id": DISPUTED}
        for path, facts in RECORDS.items():
            [outcome] = platform.post(f"{path}/batch", {"atomic": True, "items": [of | facts]}).body["items"]
            story.expect(path, outcome["status"] in {200, 201}, True)
    story.say("一件处罚经行政复议期间调解达成协议并履行：调解记录与复议记录均链接所涉案卷")
