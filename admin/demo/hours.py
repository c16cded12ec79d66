"""The chapter of files: an import of hours with bad rows whose report is shown, and a row of it taken back."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from admin.demo.people import MARK
from admin.demo.years import YEAR

if TYPE_CHECKING:
    from admin import client as rest
    from admin.demo.story import Story

SYSTEM = "demo"
HEADINGS = ("人员外部系统", "人员外部编号", "类别", "学时", "日期", "来源", "备注", "外部系统", "外部编号")
GOOD = 40
BAD = (
    (SYSTEM, "nobody", "业务知识", "4", f"{YEAR}-08-20", "面授", "", SYSTEM, "import-bad-1"),
    (SYSTEM, "people-001", "业务知识", "25", f"{YEAR}-02-30", "面授", "", SYSTEM, "import-bad-2"),
    (SYSTEM, "people-002", "摄影", "4", f"{YEAR}-08-20", "面授", "", SYSTEM, "import-bad-3"),
    (SYSTEM, "people-003", "业务知识", "24", f"{YEAR}-08-20", "面授", "", SYSTEM, "import-bad-4"),
)
TAKEN_BACK = "import-000"
WRONG = {"reason": f"导入时选错人员{MARK}", "effective": "original"}

Json = dict[str, Any]


def play(story: Story) -> None:
    """Imports the file, shows what was refused, and reverses one row. A second run finds all good rows known."""
    with story.acting("bureau") as bureau:
        form = {"file": (f"{YEAR}年网络学习{MARK}.csv", _content(), "text/csv")}
        location = bureau.post("/v1/hour-imports", files=form).headers["location"]
        done = bureau.get(bureau.operation(location)["result_url"]).body
        bad = done["refused"] - done["repeated"]
        story.expect("rows", (done["rows"], done["accepted"] + done["repeated"], bad), (GOOD + len(BAD), GOOD, len(BAD)))
        told = f"入账 {done['accepted']} 行，{done['repeated']} 行此前已导入，{bad} 行有误"
        story.say(f"导入学时 {done['rows']} 行：{told}。报告：")
        for line in _report(bureau, done["report_url"]):
            story.say(f"    {line}")
        _take_back(story, bureau)
    story.facts["import"] = {"rows": done["rows"], "known_or_accepted": GOOD, "bad": bad}


def _content() -> bytes:
    """The file as a unit would send it; the last bad row fills a day that is taken."""
    rows = [
        (SYSTEM, f"people-{place:03}", "业务知识", "4", f"{YEAR}-08-20", "面授", "执法文书网络学习", SYSTEM, f"import-{place:03}")
        for place in range(GOOD)
    ]
    out = io.StringIO(newline="")
    csv.writer(out).writerows([HEADINGS, *rows, *BAD])
    return out.getvalue().encode("utf-8-sig")


def _report(bureau: rest.Client, url: str) -> list[str]:
    """Officer and reasons of the rows that are wrong."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.csv"
        bureau.save(f"{url}?format=csv", file)
        rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")))
    wrong = {row[-1] for row in BAD}
    place = HEADINGS.index("外部编号")
    return [f"{row[1]} {row[3]} 学时 {row[4]}：{row[-1]}" for row in rows if row[place] in wrong]


def _take_back(story: Story, bureau: rest.Client) -> None:
    """Reverses an imported row, once."""
    [entry] = [each for each in bureau.items("/v1/hour-entries", external_id=TAKEN_BACK) if "reverses_id" not in each]
    if "reversed_by_id" not in entry:
        bureau.move(f"/v1/hour-entries/{entry['id']}", "reversal", WRONG)
    story.say(f"导入的第一行选错了人，以一条相反的记录冲正（原记录 {entry['hours']} 学时仍在，链不断）")
