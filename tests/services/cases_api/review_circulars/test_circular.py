"""The circular says the figures it was given, escapes what it prints, and can be fetched by the bureau alone."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import docx
import pytest

from services.cases_api.review_circulars import rules
from services.kit.documents.papers import Figure, Paragraph, Table
from tests.factories.reviews import World

GROUND = rules.Ground(
    title="2025年案卷评查", year=2025, online=True, rubric="处罚案卷标准", rubric_hash="ab" * 32, issuer="示例区司法局",
    units={"u1": "示例局", "u2": "示例镇"}, words={"clear": "事实清楚", "clear/vague": "时间不清", "no_power": "没有处罚权"},
    grades={"excellent": "优秀", "pass": "合格", "fail": "不合格"},
    aftermath=rules.Aftermath(objections=4, upheld=1, rejected=1, withdrawn=1, rectifications=8, closed=6, overdue=1),
)  # fmt: skip
FIGURES: dict[str, Any] = {
    "as_of": "2025-12-20T08:00:00Z", "rounds": 3, "reviews": 24, "files": 10, "not_reviewable": 1,
    "coverage": [
        {"unit_id": "u1", "closed_files": 8, "self_reviewed": 7},
        {"unit_id": "u2", "closed_files": 2, "self_reviewed": 2},
    ],
    "grades": [
        {"mode": "final", "unit_id": "u1", "kind": "penalty", "grade": "excellent", "files": 3, "mean": 92},
        {"mode": "final", "unit_id": "u1", "kind": "penalty", "grade": "fail", "files": 1, "mean": 40},
        {"mode": "final", "unit_id": "u2", "kind": "penalty", "grade": "pass", "files": 2, "mean": 80.5},
        {"mode": "self", "unit_id": "u2", "kind": "penalty", "grade": "excellent", "files": 2, "mean": 95},
    ],
    "items": [], "vetoes": [{"key": "no_power", "files": 1}],
    "defects": [{"item_key": "clear", "rule_key": "vague", "files": 5, "units": 2}],
    "inflation": [{"unit_id": "u2", "files": 2, "self_mean": 95, "final_mean": 80.5, "inflation": 14.5}],
}  # fmt: skip


def test_the_paper_says_the_figures() -> None:
    paper = rules.circular(GROUND, FIGURES, rules.Wanted(number="示司〔2025〕1号", signed_on=date(2025, 12, 22)))
    said = "".join(block.lead + block.text for block in paper.blocks if isinstance(block, Paragraph))
    for fact in (
        "90.00%",
        "优秀3件（50.00%）",
        "高于最终结果14.50分",
        "没有处罚权，1件",
        "事实清楚：时间不清",
        "提出异议4件",
        "更正结果1件",
        "尚在办理1件",
        "已核查销号6件（75.00%），逾期未销号1件",
    ):
        assert fact in said
    tables = [block for block in paper.blocks if isinstance(block, Table)]
    assert tables[0].rows == [["自评", "2", "2", "0", "0", "95.00"], ["最终结果", "6", "3", "2", "1", "79.50"]]
    assert [row[0] for row in tables[1].rows] == ["示例镇", "示例局"]
    assert sum(isinstance(block, Figure) for block in paper.blocks) == 2
    assert (paper.issuer, paper.signature) == ("示例区司法局文件", "示例区司法局")


def test_a_campaign_without_results_makes_a_paper_too() -> None:
    empty = FIGURES | {name: [] for name in ("coverage", "grades", "vetoes", "defects", "inflation")}
    assert len(rules.circular(GROUND, empty, rules.Wanted()).blocks) > 5


@pytest.mark.parametrize("form", ["pdf", "docx"])
async def test_the_bureau_fetches_it_and_others_do_not(world: World, form: str) -> None:
    campaign = await world.campaign()
    path = f"/v1/review-campaigns/{campaign['id']}/circular"
    params = {"form": form, "number": "示司〔2025〕1号 <b>&#", "as_of": campaign["opened_at"]}
    answer = await world.bureau.get(path, params=params)
    assert answer.status_code == 200, answer.text
    assert answer.content == (await world.bureau.get(path, params=params)).content
    if form == "docx":
        assert any(paragraph.text == params["number"] for paragraph in docx.Document(io.BytesIO(answer.content)).paragraphs)
    assert world.rows("SELECT count(*) FROM kit.audit_events WHERE action = 'review_circular.exported'")[0][0] >= 2
    assert (await world.manager().get(path)).status_code == 403
    assert (await world.bureau.get(path.replace(campaign["id"], campaign["rubric_id"]))).status_code == 404
