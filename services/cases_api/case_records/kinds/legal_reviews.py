"""重大执法决定法制审核: legal review before a major decision (处罚法 art. 58; plan tasks 9 and 22)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field

from services.cases_api import access
from services.cases_api.case_records import external, queries
from services.kit import fields
from services.kit.db import Session
from services.kit.errors import Fault
from services.kit.principal import Principal
from services.kit.registers import faults
from services.kit.registers.kinds import Draft, Kind
from services.kit.registers.words import Word


class Ground(Word):
    """Why the decision needs review: art. 58(1) no. 1 to 4."""

    PUBLIC_INTEREST = "public_interest", "重大公共利益"
    HEARING = "hearing", "经过听证"
    COMPLEX = "complex", "疑难复杂"
    BY_LAW = "by_law", "法律法规规定"


class Opinion(Word):
    """What the reviewer says; without a pass no decision is made."""

    PASS = "pass", "通过"  # an opinion, no password
    AMEND = "amend", "修改"
    REJECT = "reject", "不通过"


class LegalReview(fields.In):
    """Facts of one legal review."""

    reviewed_on: Annotated[fields.Day, Field(description="出具审核意见之日。")]
    submitted_on: Annotated[fields.Day, Field(description="送审之日。")]
    case_file_id: Annotated[fields.Id, Field(description="所审案卷。")]
    reviewer_id: Annotated[fields.Id, Field(description="审核人员：法制审核人才库中的人员，不得为该案承办人员。")]
    first_time: Annotated[fields.Flag, Field(description="是否初次从事法制审核；初次须有法律职业资格（处罚法第五十八条）。")] = (
        False
    )
    ground: Annotated[Ground, Field(description="须经法制审核的情形。")]
    opinion: Annotated[Opinion, Field(description="审核意见。")]
    remarks: Annotated[fields.Prose | None, Field(max_length=2000, description="意见内容，不写姓名。")] = None
    adopted: Annotated[fields.Flag | None, Field(description="意见是否采纳。")] = None


def checks(draft: Draft[LegalReview]) -> Sequence[Fault]:
    """Submitted, then reviewed; an opinion that is no pass says what is wrong."""
    facts = draft.facts
    return [
        *faults.of_order(("submitted_on", facts.submitted_on), ("reviewed_on", facts.reviewed_on)),
        *faults.of_missing(facts.opinion is not Opinion.PASS, [("remarks", facts.remarks)]),
    ]


async def verify(session: Session, who: Principal, draft: Draft[Any]) -> Sequence[Fault]:
    """The file is the unit's own; its reviewer is in the pool that day, did not handle it, and is qualified to begin."""
    found, facts = list(await queries.case_file_of_unit(session, who, draft)), draft.facts
    reviewer = await external.legal_reviewer(session, draft.unit.district_id, facts.reviewer_id, facts.reviewed_on)
    if reviewer is None:
        return [*found, Fault("/body/reviewer_id", "not_found")]
    handled = [] if found else await queries.case_officers(session, facts.case_file_id)
    refused = {
        "legal_review.handled_the_case": reviewer.officer_id in handled,
        "legal_review.absent": reviewer.absent,
        "legal_review.unqualified": facts.first_time and not reviewer.qualified,
    }
    return [*found, *(Fault("/body/reviewer_id", code) for code, holds in refused.items() if holds)]


KIND = Kind(
    key="legal-reviews",
    path="/v1/legal-reviews",
    title="重大执法决定法制审核记录",
    facts=LegalReview,
    day="reviewed_on",
    subject="case_file_id",
    filters=("reviewer_id", "ground", "opinion"),
    grants=access.SURROUNDINGS["legal_reviews"],
    tasks=(9, 22),
    checks=checks,
    verify=verify,
    lookups={"case_file_id": queries.CASE_NUMBER},
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "reviewed_on": "2025-05-20",
        "submitted_on": "2025-05-16",
        "case_file_id": "0192f0c8-0000-7000-8000-000000000201",
        "reviewer_id": "0192f0c8-0000-7000-8000-000000000301",
        "ground": "complex",
        "opinion": "pass",
    },
)
