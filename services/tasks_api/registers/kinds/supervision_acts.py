"""监督活动: acts of supervision, and the papers that ask for correction (行政执法监督条例; plan task 18)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from services.kit import fields, grants
from services.kit.errors import Fault
from services.kit.registers import faults
from services.kit.registers.kinds import Draft, Kind
from services.kit.registers.words import Word
from services.tasks_api import access


class SupervisionActForm(Word):
    """Daily, key or special supervision."""

    DAILY = "daily", "日常监督"
    KEY = "key", "重点监督"
    SPECIAL = "special", "专项监督"


class SupervisionActMethod(Word):
    """How it was done."""

    REPORT = "report", "报告"
    STATISTICS = "statistics", "统计"
    ASSESSMENT = "assessment", "考核评议"
    FILE_REVIEW = "file_review", "案卷评查"
    INSPECTION = "inspection", "检查"
    INTERVIEW = "interview", "约谈"


class SupervisionActPaper(Word):
    """What was issued: nothing, a notice, an opinion, a decision."""

    NONE = "none", "无"
    NOTICE = "notice", "监督通知书"
    OPINION = "opinion", "监督意见书"
    DECISION = "decision", "监督决定书"


class SupervisionAct(fields.In):
    """One act towards the unit it is recorded for."""

    done_on: Annotated[fields.Day, Field(description="监督之日。")]
    form: Annotated[SupervisionActForm, Field(description="监督类型。")]
    method: Annotated[SupervisionActMethod, Field(description="监督方式。")]
    findings: Annotated[fields.Prose, Field(description="监督情况。")]
    paper: Annotated[SupervisionActPaper, Field(description="监督文书。")]
    document_no: Annotated[fields.Line | None, Field(description="文书文号。")] = None
    correct_by: Annotated[fields.Day | None, Field(description="整改期限。")] = None
    corrected_on: Annotated[fields.Day | None, Field(description="整改完成之日。")] = None


def checks(draft: Draft[SupervisionAct]) -> Sequence[Fault]:
    """A paper has its number and a day to correct by."""
    facts = draft.facts
    return [
        *faults.of_missing(
            facts.paper is not SupervisionActPaper.NONE, [("document_no", facts.document_no), ("correct_by", facts.correct_by)]
        ),
        *faults.of_order(("done_on", facts.done_on), ("correct_by", facts.correct_by)),
        *faults.of_order(("done_on", facts.done_on), ("corrected_on", facts.corrected_on)),
        *faults.of_future(draft.today, ("corrected_on", facts.corrected_on)),
    ]


KIND = Kind(
    key="supervision-acts",
    path="/v1/registers/supervision-acts/records",
    title="行政执法监督活动",
    facts=SupervisionAct,
    day="done_on",
    filters=("form", "method", "paper"),
    grants=access.register("supervision_acts", access.DISTRICT_OR_OWN_UNITS, grants.BUREAU),
    tasks=(18,),
    checks=checks,
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "done_on": "2025-05-15",
        "form": "special",
        "method": "file_review",
        "findings": "个别案卷送达不规范（演示）。",
        "paper": "opinion",
        "document_no": "示例监督意见1号",
        "correct_by": "2025-06-15",
    },
)
