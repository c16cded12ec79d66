"""行政复议与行政诉讼: reconsideration and suits, with the leader's attendance and performance (plan task 19)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from services.cases_api import access
from services.cases_api.case_records import queries
from services.kit import fields
from services.kit.errors import Fault
from services.kit.registers import faults
from services.kit.registers.kinds import Draft, Kind
from services.kit.registers.words import Word


class Remedy(Word):
    """Reconsideration (复议法 art. 20) or a suit of which instance (行诉法 art. 45, 46)."""

    RECONSIDERATION = "reconsideration", "行政复议"
    FIRST_INSTANCE = "first_instance", "一审"
    SECOND_INSTANCE = "second_instance", "二审"
    RETRIAL = "retrial", "再审"


class Outcome(Word):
    """How it ended for the decision disputed."""

    PENDING = "pending", "未结"
    UPHELD = "upheld", "维持"
    REVOKED = "revoked", "撤销"
    ALTERED = "altered", "变更"
    ILLEGAL = "illegal", "确认违法"
    MEDIATED = "mediated", "调解"
    WITHDRAWN = "withdrawn", "撤回"
    REJECTED = "rejected", "驳回"


class Performance(Word):
    """Whether the organ did what the judgment asks."""

    NOT_DUE = "not_due", "未到期"
    PERFORMED = "performed", "已履行"
    OVERDUE = "overdue", "逾期"


class Attendance(Word):
    """Whether the organ's responsible leader appeared in court."""

    LEADER = "leader", "负责人"
    DEPUTY = "deputy", "副职"
    STAFF = "staff", "工作人员"


class Litigation(fields.In):
    """Facts of a reconsideration or suit. No names: the file holds them."""

    filed_on: Annotated[fields.Day, Field(description="受理或立案之日。")]
    remedy: Annotated[Remedy, Field(description="程序：复议，或诉讼的审级。")]
    document_no: Annotated[fields.Line, Field(description="复议或诉讼案号。")]
    heard_on: Annotated[fields.Day | None, Field(description="开庭之日。")] = None
    attendance: Annotated[Attendance | None, Field(description="出庭应诉人员：负责人、副职或工作人员。")] = None
    outcome: Annotated[Outcome, Field(description="结果。")]
    ended_on: Annotated[fields.Day | None, Field(description="决定、判决或裁定之日。")] = None
    performance: Annotated[Performance | None, Field(description="生效裁判或复议决定的履行。")] = None
    performed_on: Annotated[fields.Day | None, Field(description="履行之日。")] = None
    case_file_id: Annotated[fields.Id | None, Field(description="所涉案卷。")] = None


def checks(draft: Draft[Litigation]) -> Sequence[Fault]:
    """Days follow each other; who attended is told when there was a hearing; what ended has its day."""
    facts = draft.facts
    days = ("filed_on", "heard_on", "ended_on", "performed_on")
    given = [(name, getattr(facts, name)) for name in days]
    return [
        *faults.of_order(*given),
        *faults.of_future(draft.today, *given[1:]),
        *faults.of_missing(facts.outcome is not Outcome.PENDING, [("ended_on", facts.ended_on)]),
        *faults.of_missing(facts.heard_on is not None, [("attendance", facts.attendance)]),
        *faults.of_missing(facts.performance is Performance.PERFORMED, [("performed_on", facts.performed_on)]),
    ]


KIND = Kind(
    key="litigations",
    path="/v1/litigations",
    title="行政复议与行政诉讼记录",
    facts=Litigation,
    day="filed_on",
    subject="case_file_id",
    filters=("remedy", "outcome", "attendance", "performance"),
    grants=access.SURROUNDINGS["litigations"],
    tasks=(19,),
    checks=checks,
    verify=queries.case_file_of_unit,
    lookups={"case_file_id": queries.CASE_NUMBER},
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "filed_on": "2025-02-10",
        "remedy": "first_instance",
        "document_no": "（2025）示例行初1号（演示）",
        "heard_on": "2025-03-20",
        "attendance": "leader",
        "outcome": "upheld",
        "ended_on": "2025-05-08",
    },
)
