"""Review statistics: one statement over the submitted reviews of published rounds."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Text, and_, any_, cast, column, exists, func, or_, select, text
from sqlalchemy.dialects.postgresql import JSONPATH, aggregate_order_by
from sqlalchemy.sql.expression import CTE

from services.cases_api.case_files.tables import CaseFile
from services.cases_api.review_assignments.rules import State
from services.cases_api.review_assignments.tables import ReviewAssignment
from services.cases_api.review_campaigns import rules as campaigns
from services.cases_api.review_campaigns.tables import ReviewCampaign
from services.cases_api.review_rounds import rules as rounds
from services.cases_api.review_rounds.tables import ReviewRound
from services.cases_api.review_statistics import rules
from services.cases_api.review_statistics.schemas import ReviewStatisticsQuery
from services.cases_api.reviews.tables import Review
from services.cases_api.rubrics.tables import Rubric as RubricRow
from services.kit import clock, visibility
from services.kit.db import Reader
from services.kit.principal import Principal, Role, Scope

# What stood at the moment of each file of a round, and which of a campaign's results of a file was the final one.
STANDING: Final = """
    standing AS (
        SELECT x.round_id, x.campaign_id, x.case_file_id, x.mode, x.unit_id, k.kind, x.published_at,
               v.total_hundredths AS total, v.grade, v.is_final
        FROM (SELECT DISTINCT round_id, case_file_id, kind FROM seen) k
        JOIN cases.results x ON x.round_id = k.round_id AND x.case_file_id = k.case_file_id
        CROSS JOIN LATERAL (
            SELECT * FROM cases.result_versions v WHERE v.result_id = x.id AND v.recorded_at <= :moment
            ORDER BY v.number DESC LIMIT 1) v
    ), final AS (SELECT * FROM standing WHERE is_final)"""
FIGURES: Final = """
    found AS (
        SELECT s.id, s.unit_id, s.case_file_id, i ->> 'item_key' AS item_key, i ->> 'rule_key' AS rule_key,
               CAST(i ->> 'deduction' AS numeric) AS deduction
        FROM seen s JOIN cases.reviews v ON v.id = s.id CROSS JOIN LATERAL jsonb_array_elements(v.content -> 'items') i
    ), vetoed AS (
        SELECT v ->> 'key' AS key, count(DISTINCT s.case_file_id) AS files
        FROM seen s JOIN cases.reviews w ON w.id = s.id CROSS JOIN LATERAL jsonb_array_elements(w.content -> 'vetoes') v
        GROUP BY 1
    ), counted AS (
        SELECT mode, unit_id, kind, grade, count(*) AS files, round(avg(total)) AS mean FROM standing GROUP BY 1, 2, 3, 4
        UNION ALL
        SELECT 'final', unit_id, kind, grade, count(*), round(avg(total)) FROM final GROUP BY unit_id, kind, grade
    ), own AS (
        SELECT DISTINCT ON (campaign_id, case_file_id) campaign_id, case_file_id, unit_id, total FROM standing
        WHERE mode = 'self' AND total IS NOT NULL ORDER BY campaign_id, case_file_id, published_at DESC
    ), inflated AS (
        SELECT o.unit_id, count(*) AS files, avg(o.total) AS self_mean, avg(f.total) AS final_mean
        FROM own o JOIN final f USING (campaign_id, case_file_id) WHERE f.mode <> 'self' AND f.total IS NOT NULL GROUP BY 1
    ), panels AS (
        SELECT round_id, case_file_id, count(*) AS m, sum(total) AS s, sum(CAST(total AS numeric) * total) AS q
        FROM seen WHERE total IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1
    ), ranks AS (
        SELECT s.rank, sum(count(*)) OVER (ORDER BY s.rank) - count(*) / 2.0 AS place
        FROM seen s JOIN panels p USING (round_id, case_file_id) WHERE s.total IS NOT NULL GROUP BY s.rank
    ), graded AS (
        SELECT count(*) AS m, sum(r.place) AS s, sum(r.place * r.place) AS q
        FROM seen s JOIN panels p USING (round_id, case_file_id) JOIN ranks r ON r.rank = s.rank
        WHERE s.total IS NOT NULL GROUP BY s.round_id, s.case_file_id
    ), compared AS (
        SELECT s.account_id, count(*) AS reviews, avg(s.total) AS mean, count(p.m) AS compared,
               avg(s.total - (p.s - s.total) / (p.m - 1)) AS severity,
               avg(abs(s.total - t.total)) FILTER (WHERE p.m > 1) AS distance
        FROM seen s LEFT JOIN panels p ON p.round_id = s.round_id AND p.case_file_id = s.case_file_id AND s.total IS NOT NULL
        LEFT JOIN standing t ON t.round_id = s.round_id AND t.case_file_id = s.case_file_id
        GROUP BY s.account_id
    ), covered AS (
        SELECT b.unit_id, count(*) AS closed_files, count(o.case_file_id) AS self_reviewed
        FROM base b LEFT JOIN (SELECT DISTINCT case_file_id FROM seen WHERE mode = 'self') o ON o.case_file_id = b.id
        GROUP BY 1
    )"""
# 1 - observed ÷ expected disagreement, from sums over the panels (as in `rules`); nothing where nothing varies.
ALPHA: Final = """(SELECT round(1 - sum((m * q - s * s) / (m - 1)) * (sum(m) - 1)
    / nullif(sum(m) * sum(q) - sum(s) * sum(s), 0), 4)
    FROM {panels})"""
PARTS: Final = {
    "coverage": """SELECT json_build_object('unit_id', unit_id, 'closed_files', closed_files, 'self_reviewed', self_reviewed,
        'rate', round(self_reviewed / CAST(closed_files AS numeric), 4)) AS j FROM covered ORDER BY unit_id""",
    "grades": """SELECT json_strip_nulls(json_build_object('mode', mode, 'unit_id', unit_id, 'kind', kind, 'grade', grade,
        'files', files, 'mean', trim_scale(mean / 100))) AS j FROM counted ORDER BY mode, unit_id, kind, grade""",
    "items": """SELECT json_build_object('item_key', item_key, 'reviews', count(*), 'deducted', trim_scale(sum(taken)),
        'share', round(count(*) / CAST((SELECT count(*) FROM seen) AS numeric), 4)) AS j
        FROM (SELECT item_key, id, sum(deduction) AS taken FROM found WHERE deduction > 0 GROUP BY item_key, id) each_review
        GROUP BY item_key ORDER BY count(*) DESC, item_key""",
    "vetoes": "SELECT json_build_object('key', key, 'files', files) AS j FROM vetoed ORDER BY files DESC, key",
    "defects": """SELECT json_strip_nulls(json_build_object('item_key', item_key, 'rule_key', rule_key,
        'files', count(*), 'units', count(DISTINCT unit_id))) AS j FROM (
            SELECT item_key, rule_key, case_file_id, unit_id FROM found WHERE deduction > 0 GROUP BY 1, 2, 3, 4) each_file
        GROUP BY item_key, rule_key ORDER BY count(*) DESC, item_key, rule_key LIMIT 20""",
    "inflation": """SELECT json_build_object('unit_id', unit_id, 'files', files, 'self_mean', trim_scale(round(self_mean) / 100),
        'final_mean', trim_scale(round(final_mean) / 100),
        'inflation', trim_scale((round(self_mean) - round(final_mean)) / 100)) AS j FROM inflated ORDER BY unit_id""",
    "reviewers": """SELECT json_strip_nulls(json_build_object('account_id', account_id, 'reviews', reviews,
        'mean', trim_scale(round(mean) / 100), 'compared', compared, 'severity', trim_scale(round(severity) / 100),
        'distance', trim_scale(round(distance) / 100))) AS j FROM compared ORDER BY account_id""",
}
LIMIT: Final = """(SELECT spread_hundredths FROM cases.review_settings WHERE valid_from <= :day
    AND (district_id = :district_id OR district_id IS NULL) ORDER BY district_id IS NULL, valid_from DESC LIMIT 1)"""
LISTS: Final = ", ".join(
    f"'{name}', (SELECT coalesce(json_agg(j), '[]') FROM ({part}) x)"  # noqa: S608  # constants of ours alone
    for name, part in PARTS.items()
)
WHOLE: Final = f"""
    SELECT CAST(body AS text) AS body, {LIMIT} AS limit_hundredths FROM (
        WITH {STANDING.strip()}, {FIGURES.strip()}
        SELECT json_build_object(
            'as_of', kit.utc(CAST(:moment AS timestamptz)),
            'rounds', (SELECT count(DISTINCT round_id) FROM seen), 'reviews', (SELECT count(*) FROM seen),
            'files', (SELECT count(DISTINCT case_file_id) FROM seen),
            'not_reviewable', (SELECT count(*) FROM final WHERE grade = 'not_reviewable'),
            {LISTS},
            'agreement', json_strip_nulls(json_build_object('files', (SELECT count(*) FROM panels),
                'reviews', (SELECT coalesce(sum(m), 0) FROM panels), 'alpha_total', {ALPHA.format(panels="panels")},
                'alpha_grade', {ALPHA.format(panels="graded")}))
        ) AS body) told
"""  # noqa: S608  # constants of ours alone


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of statistics: the files of the district, or those of the caller's units."""
    return visibility.within(who, district=CaseFile.district_id, unit=CaseFile.unit_id)


async def figures(read: Reader, who: Principal, wanted: ReviewStatisticsQuery, now: datetime) -> dict[str, Any]:
    """The figures as recorded at the moment asked for."""
    moment = wanted.as_of or now
    statement = (
        text(WHOLE)
        .columns(column("body", Text), column("limit_hundredths"))
        .add_cte(_seen(who, wanted, moment), _base(who, wanted, moment))
    )
    values = {"moment": moment, "day": clock.local_day(moment), "district_id": who.district_id}
    row = (await read.execute(statement, values)).one()
    return _told(who, json.loads(row.body), row.limit_hundredths)


def _told(who: Principal, found: dict[str, Any], limit: int) -> dict[str, Any]:
    """With what concerns reviewers for the organiser alone."""
    if Scope.DISTRICT not in who.scopes:
        del found["agreement"]
    if Role.BUREAU not in who.roles:
        del found["reviewers"]
    for each in found.get("reviewers", ()):
        severity, distance = (round(each[name] * 100) if name in each else None for name in ("severity", "distance"))
        each["warnings"] = [*rules.warnings(each["compared"], severity, distance, limit)]
    return found


def _seen(who: Principal, wanted: ReviewStatisticsQuery, moment: datetime) -> CTE:
    """Submitted reviews of rounds that were published and not void at the moment; such a review does not change any more."""
    shown = and_(ReviewRound.published_at <= moment, or_(ReviewRound.voided_at.is_(None), ReviewRound.voided_at > moment))
    places = _places()
    # Without the sheets themselves: what is read ten times stays narrow.
    columns = {
        "id": ReviewAssignment.id, "round_id": ReviewAssignment.round_id, "campaign_id": ReviewRound.campaign_id,
        "case_file_id": ReviewAssignment.case_file_id, "mode": ReviewAssignment.mode, "unit_id": ReviewAssignment.unit_id,
        "account_id": ReviewAssignment.account_id, "kind": CaseFile.kind, "published_at": ReviewRound.published_at,
        "total": Review.total_hundredths, "grade": Review.grade,
        "rank": func.array_position(places.c.grades, Review.grade),
    }  # fmt: skip
    found: Any = (
        select(*(value.label(name) for name, value in columns.items()))
        .join(Review, Review.id == ReviewAssignment.id)
        .join(ReviewRound, ReviewRound.id == ReviewAssignment.round_id)
        .join(ReviewCampaign, ReviewCampaign.id == ReviewRound.campaign_id)
        .join(places, places.c.rubric_id == ReviewCampaign.rubric_id)
        .join(CaseFile, CaseFile.id == ReviewAssignment.case_file_id)
        .where(ReviewAssignment.state == State.SUBMITTED, shown, visible_to(who), *_chosen(wanted))
    )
    made: CTE = found.cte("seen")
    return made


def _places() -> Any:
    """The grades of each rubric, the best first, and the kinds of files it is for; None stands for all."""
    listed = func.jsonb_path_query_array(RubricRow.content, cast("$.grades[*].key", JSONPATH))
    each = func.jsonb_array_elements_text(listed).table_valued("key", with_ordinality="place").render_derived()
    grades = select(func.array_agg(aggregate_order_by(each.c.key, each.c.place))).scalar_subquery()
    kinds = func.jsonb_path_query_array(RubricRow.content, cast("$.kinds[*]", JSONPATH))
    known = select(func.array_agg(func.jsonb_array_elements_text(kinds).column_valued("kind"))).scalar_subquery()
    # Read once for each rubric and not for each file: a rubric is long.
    return select(RubricRow.id.label("rubric_id"), grades.label("grades"), known.label("kinds")).offset(0).subquery("places")


def _chosen(wanted: ReviewStatisticsQuery) -> list[ColumnElement[bool]]:
    named = {
        "campaign_id": ReviewRound.campaign_id, "round_id": ReviewRound.id, "year": ReviewCampaign.year,
        "unit_id": ReviewAssignment.unit_id, "mode": ReviewAssignment.mode, "kind": CaseFile.kind,
    }  # fmt: skip
    given = wanted.model_dump(include=set(named), exclude_none=True)
    return [named[name] == value for name, value in given.items()]


def _base(who: Principal, wanted: ReviewStatisticsQuery, moment: datetime) -> CTE:
    """The closed files that the campaigns concern: of their years, and of the kinds their rubrics are for."""
    of_round = exists().where(ReviewRound.campaign_id == ReviewCampaign.id, ReviewRound.id == wanted.round_id)
    named = {
        "campaign_id": ReviewCampaign.id == wanted.campaign_id,
        "round_id": of_round,
        "year": ReviewCampaign.year == wanted.year,
        "unit_id": CaseFile.unit_id == wanted.unit_id,
        "kind": CaseFile.kind == wanted.kind,
    }
    given = [named[name] for name in wanted.model_dump(include=set(named), exclude_none=True)]
    places = _places()
    kinds = or_(places.c.kinds.is_(None), CaseFile.kind == any_(places.c.kinds))
    there = and_(
        CaseFile.state.in_(rounds.REVIEWABLE),
        CaseFile.closed_on <= clock.local_day(moment),
        func.extract("year", CaseFile.closed_on) == ReviewCampaign.year,
        CaseFile.district_id == ReviewCampaign.district_id,
        kinds,
    )
    found = (
        select(CaseFile.id, CaseFile.unit_id)
        .distinct()
        .join_from(ReviewCampaign, places, places.c.rubric_id == ReviewCampaign.rubric_id)
        .join(CaseFile, there)
        .where(ReviewCampaign.state != campaigns.State.DRAFT, visible_to(who), *given)
    )
    return found.cte("base")
