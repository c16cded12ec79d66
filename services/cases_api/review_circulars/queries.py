"""What a circular needs beside the figures: names of units, words of the rubric, who issues it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import literal_column, select, text

from services.cases_api.review_campaigns import queries as campaigns
from services.cases_api.review_campaigns import rules as campaign_rules
from services.cases_api.review_campaigns.tables import ReviewCampaign
from services.cases_api.review_circulars import rules
from services.cases_api.rubrics.tables import Rubric
from services.kit import clock, errors
from services.kit.db import Reader
from services.kit.principal import Principal
from services.kit.references import units

AFTERMATH: Final = text("""
    SELECT * FROM (
        SELECT count(*) AS objections, count(*) FILTER (WHERE o.state = 'upheld' AND o.decided_at <= :moment) AS upheld,
            count(*) FILTER (WHERE o.state = 'rejected' AND o.decided_at <= :moment) AS rejected,
            count(*) FILTER (WHERE o.state = 'withdrawn') AS withdrawn
        FROM cases.objections o JOIN cases.results x ON x.id = o.result_id
        WHERE x.campaign_id = :campaign_id AND o.filed_at <= :moment) objected,
    (
        SELECT count(*) AS rectifications, count(*) FILTER (WHERE o.state = 'closed' AND o.checked_at <= :moment) AS closed,
            count(*) FILTER (WHERE o.due_on < :day AND (o.state <> 'closed' OR o.checked_at > :moment)) AS overdue
        FROM cases.rectifications o JOIN cases.results x ON x.id = o.result_id
        WHERE x.campaign_id = :campaign_id AND o.created_at <= :moment) rectified
""")


async def ground(read: Reader, who: Principal, campaign_id: UUID, moment: datetime) -> rules.Ground:
    """Names and words of a campaign; NotFound also when the caller may not see it."""
    found = select(ReviewCampaign.title, ReviewCampaign.year, ReviewCampaign.online, Rubric.content, Rubric.content_hash)
    found = found.join(Rubric, Rubric.id == ReviewCampaign.rubric_id).where(ReviewCampaign.id == campaign_id)
    row = (await read.execute(found.where(campaigns.visible_to(who), _begun()))).one_or_none()
    if row is None:
        raise errors.NotFound
    names = await read.execute(select(units.c.id, units.c.short_name, units.c.name).where(units.c.district_id == who.district_id))
    known = {str(each.id): (each.short_name, each.name) for each in names}
    issuer = known.get(str(who.unit_id), ("", ""))[1]
    words, grades = _words(row.content), {each["key"]: each["title"] for each in row.content["grades"]}
    shown = {unit: short for unit, (short, _) in known.items()}
    values = {"campaign_id": campaign_id, "moment": moment, "day": clock.local_day(moment)}
    after = rules.Aftermath(**(await read.execute(AFTERMATH, values)).one()._mapping)
    named = (row.title, row.year, row.online, row.content["title"], row.content_hash, issuer)
    return rules.Ground(*named, shown, words, grades, after)


def _begun() -> Any:
    return ReviewCampaign.state != literal_column(f"'{campaign_rules.State.DRAFT.value}'")


def _words(content: dict[str, Any]) -> dict[str, str]:
    """Items, deduction rules (`item/rule`) and vetoes in words."""
    found = {veto["key"]: veto["text"] for veto in content["vetoes"]}
    for item in (item for block in content["blocks"] for item in block["items"]):
        found[item["key"]] = item["text"]
        found |= {f"{item['key']}/{rule['key']}": rule["text"] for rule in item["deductions"]}
    return found
