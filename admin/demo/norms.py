"""The chapter of norms: a department's discretion benchmark, filed in time and noted; the district's form of a decision.

Both are found again by their titles, so a second run only reads them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from admin.demo.people import MARK
from admin.demo.years import YEAR

if TYPE_CHECKING:
    from admin.demo.story import Story

BENCHMARK: Final = f"擅自占用城市道路行政处罚裁量权基准{MARK}"
TEMPLATE: Final = f"行政处罚决定书格式{MARK}"
TYPE: Final = "penalty_decision"
PUBLIC: Final = {"published_on": f"{YEAR}-01-06", "public_address": f"区政府门户网站{MARK}"}
FILED: Final = {"filed_on": f"{YEAR}-01-10"}
NOTED: Final = {"received_on": f"{YEAR}-01-15", "filing_no": f"示备〔{YEAR}〕1号", "opinion": "noted"}
FROM: Final = f"{YEAR}-02-01"
BANDS: Final = [
    {"key": "light", "circumstance": f"初次违法且及时改正{MARK}", "penalty": "罚款", "low_fen": 20_000, "high_fen": 50_000},
    {"key": "common", "circumstance": f"逾期未改正{MARK}", "penalty": "罚款", "low_fen": 50_000, "high_fen": 100_000},
]
# The six of the law, and what the district asks for beyond it.
ELEMENTS: Final = [
    {"key": "party", "title": "当事人及其地址"},
    {"key": "facts_and_evidence", "title": "违法事实和证据"},
    {"key": "kind_and_basis", "title": "处罚种类和依据"},
    {"key": "performance", "title": "履行方式和期限"},
    {"key": "remedies", "title": "复议、诉讼途径和期限"},
    {"key": "organ_date_seal", "title": "机关、日期和印章"},
    {"key": "discretion", "title": "裁量理由"},
]

Json = dict[str, Any]


def play(story: Story) -> None:
    """Both, up to where they are in force."""
    _benchmark(story)
    _template(story)


def _benchmark(story: Story) -> None:
    """Drafted, made public and filed by a department that granted powers; the bureau answers with its number."""
    department = next(code for code, unit in sorted(story.accounts.units.items()) if unit["granting"])
    owner = story.accounts.units[department]
    with story.acting(f"manager.{department}") as manager, story.acting("bureau") as bureau:
        known = [each for each in manager.items("/v1/discretion-benchmarks", unit_id=owner["id"]) if each["title"] == BENCHMARK]
        body = {
            "unit_id": owner["id"], "item": f"擅自占用城市道路{MARK}", "title": BENCHMARK,
            "legal_bases": ["《示例条例》第一条"], "bands": BANDS, "in_force_from": FROM,
        }  # fmt: skip
        version = known[0] if known else manager.post("/v1/discretion-benchmarks", body).body
        path = f"/v1/discretion-benchmarks/{version['id']}"
        if version["state"] == "draft":
            version = manager.move(path, "publish", PUBLIC).body
        if version["filing"]["state"] in {"owed", "late"}:
            version = manager.move(path, "file", FILED).body
        if version["filing"]["state"] == "filed":
            version = bureau.move(path, "receive", NOTED).body
    filing = version["filing"]
    story.expect("benchmark", (version["state"], filing["state"], filing["lag_days"]), ("published", "received", 4))
    story.say(
        f"{owner['short_name']}公布《{BENCHMARK}》，{filing['lag_days']} 日内报备；区司法局以 {filing['filing_no']} 准予备案"
    )


def _template(story: Story) -> None:
    """The bureau's, for the whole district."""
    with story.acting("bureau") as bureau:
        known = [each for each in bureau.items("/v1/document-templates", type=TYPE) if each["title"] == TEMPLATE]
        body = {"type": TYPE, "title": TEMPLATE, "elements": ELEMENTS, "reasoned": True, "in_force_from": FROM}
        template = known[0] if known else bureau.post("/v1/document-templates", body).body
        if template["state"] == "draft":
            template = bureau.move(f"/v1/document-templates/{template['id']}", "publish", PUBLIC).body
    story.expect("template", template["state"], "published")
    story.say(f"区司法局公布全区说理式《{TEMPLATE}》，列明 {len(template['elements'])} 项要素，自 {FROM} 起使用")
