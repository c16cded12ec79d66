"""Review statistics: one statement over what the database keeps of the submitted reviews of published rounds."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Text, Uuid, and_, any_, cast, column, exists, func, or_, select, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONPATH
from sqlalchemy.sql.expression import CTE

from services.cases_api.case_files.tables import CaseFile
from services.cases_api.review_campaigns import rules as campaigns
from services.cases_api.review_campaigns.tables import ReviewCampaign
from services.cases_api.review_rounds import rules as rounds
from services.cases_api.review_rounds.tables import ReviewRound
from services.cases_api.review_statistics import rules
from services.cases_api.review_statistics.schemas import ReviewStatisticsQuery
from services.cases_api.review_statistics.tables import ReviewFinding, ReviewTally
from services.cases_api.rubrics.tables import Rubric as RubricRow
from services.kit import clock, visibility
from services.kit.db import Reader
from services.kit.principal import Principal, Role, Scope

# What was published of each file of a round, with the sums that agreement is reckoned from.
PANELS: Final = """
    panels AS (
        SELECT round_id, case_file_id, kind, count(*) AS n, count(total) AS m, sum(total) AS s,
               CAST(sum(CASE WHEN total IS NOT NULL THEN CAST(1 AS bigint) << 4 * (place - 1) END) AS bigint) AS pattern,
               sum(total * total) AS q
        FROM sheets GROUP BY round_id, case_file_id, kind
    )"""
# What stood of it at the moment, and which of a campaign's results of a file was the final one.
STANDING: Final = """
    standing AS (
        SELECT x.round_id, x.campaign_id, x.case_file_id, x.mode, x.unit_id, x.published_at, p.kind, p.n, p.m, p.s, p.q,
               p.pattern, {total} AS total, {now}.grade, {now}.is_final
        FROM panels p JOIN cases.results x ON x.round_id = p.round_id AND x.case_file_id = p.case_file_id{versions}
    ), final AS (SELECT * FROM standing WHERE is_final)"""
# A result as it is now, and as its versions have it.
NOW: Final = {"total": "x.total_hundredths", "now": "x", "versions": ""}
THEN: Final = {
    "total": "v.total_hundredths",
    "now": "v",
    "versions": """ CROSS JOIN LATERAL (
            SELECT * FROM cases.result_versions v WHERE v.result_id = x.id AND v.recorded_at <= :moment
            ORDER BY v.number DESC LIMIT 1) v""",
}
FIGURES: Final = """
    found AS (
        SELECT item_key, rule_key, is_veto, unit_id, case_file_id, sum(deduction_hundredths) AS taken,
               count(*) FILTER (WHERE is_first) AS reviews
        FROM marks GROUP BY item_key, rule_key, is_veto, unit_id, case_file_id
    ), counted AS (
        SELECT mode, unit_id, kind, grade, count(*) AS files, round(CAST(sum(total) AS numeric) / count(total)) AS mean
        FROM standing GROUP BY 1, 2, 3, 4
        UNION ALL
        SELECT 'final', unit_id, kind, grade, count(*), round(CAST(sum(total) AS numeric) / count(total))
        FROM final GROUP BY unit_id, kind, grade
    ), pairs AS (
        SELECT min(CAST(unit_id AS text)) AS unit_id, max(total) FILTER (WHERE is_final AND mode <> 'self') AS final,
               max(CAST(extract(epoch FROM published_at) AS bigint) * 100000 + total) FILTER (WHERE mode = 'self') % 100000 AS own
        FROM standing WHERE total IS NOT NULL GROUP BY campaign_id, case_file_id
    ), inflated AS (
        SELECT unit_id, count(*) AS files, avg(own) AS self_mean, avg(final) AS final_mean
        FROM pairs WHERE own IS NOT NULL AND final IS NOT NULL GROUP BY unit_id
    ), compared AS (
        SELECT s.account_id, count(*) AS reviews, avg(s.total) AS mean, count(s.total) FILTER (WHERE t.m > 1) AS compared,
               CAST(avg(s.total - (t.s - s.total) / CAST(t.m - 1 AS double precision)) FILTER (WHERE t.m > 1) AS numeric)
                   AS severity,
               avg(abs(s.total - t.total)) FILTER (WHERE t.m > 1) AS distance
        FROM sheets s LEFT JOIN standing t ON t.round_id = s.round_id AND t.case_file_id = s.case_file_id
        GROUP BY s.account_id
    ), covered AS (
        SELECT unit_id, count(*) AS closed_files,
               count(*) FILTER (WHERE id IN (SELECT case_file_id FROM standing WHERE mode = 'self')) AS self_reviewed
        FROM base GROUP BY unit_id
    ), patterns AS (
        SELECT pattern, m, count(*) AS panels FROM standing WHERE m > 1 GROUP BY pattern, m
    ), counts AS (
        SELECT p.pattern, p.m, p.panels, g AS place, p.pattern >> 4 * (g - 1) & 15 AS n
        FROM patterns p CROSS JOIN generate_series(1, 15) g WHERE p.pattern >> 4 * (g - 1) & 15 > 0
    ), ranks AS (
        SELECT place, sum(sum(panels * n)) OVER (ORDER BY place) - sum(panels * n) / 2.0 AS rank FROM counts GROUP BY place
    ), totals AS (
        SELECT CAST(m AS numeric) AS m, CAST(s AS numeric) AS s, CAST(q AS numeric) AS q, 1 AS panels FROM standing WHERE m > 1
    ), graded AS (
        SELECT c.m, sum(c.n * r.rank) AS s, sum(c.n * r.rank * r.rank) AS q, c.panels
        FROM counts c JOIN ranks r USING (place) GROUP BY c.pattern, c.m, c.panels
    )"""
# 1 - observed ÷ expected disagreement, from sums over the panels (as in `rules`); nothing where nothing varies.
ALPHA: Final = """(SELECT round(1 - sum(panels * (m * q - s * s) / (m - 1)) * (sum(panels * m) - 1)
    / nullif(sum(panels * m) * sum(panels * q) - sum(panels * s) * sum(panels * s), 0), 4)
    FROM {of})"""
PARTS: Final = {
    "coverage": """SELECT json_build_object('unit_id', unit_id, 'closed_files', closed_files, 'self_reviewed', self_reviewed,
        'rate', round(self_reviewed / CAST(closed_files AS numeric), 4)) AS j FROM covered ORDER BY unit_id""",
    "grades": """SELECT json_strip_nulls(json_build_object('mode', mode, 'unit_id', unit_id, 'kind', kind, 'grade', grade,
        'files', files, 'mean', trim_scale(mean / 100))) AS j FROM counted ORDER BY mode, unit_id, kind, grade""",
    "items": """SELECT json_build_object('item_key', item_key, 'reviews', sum(reviews),
        'deducted', trim_scale(sum(taken) / 100), 'share', round(sum(reviews) / (SELECT sum(n) FROM panels), 4)) AS j
        FROM found WHERE NOT is_veto GROUP BY item_key ORDER BY sum(reviews) DESC, item_key""",
    "vetoes": """SELECT json_build_object('key', item_key, 'files', count(*)) AS j
        FROM found WHERE is_veto GROUP BY item_key ORDER BY count(*) DESC, item_key""",
    "defects": """SELECT json_strip_nulls(json_build_object('item_key', item_key, 'rule_key', rule_key,
        'files', sum(files), 'units', count(*))) AS j FROM (
            SELECT item_key, rule_key, unit_id, count(*) AS files FROM found WHERE NOT is_veto GROUP BY 1, 2, 3) each_unit
        GROUP BY item_key, rule_key ORDER BY sum(files) DESC, item_key, rule_key LIMIT 20""",
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
        WITH {PANELS.strip()}, {{standing}}, {FIGURES.strip()}
        SELECT json_build_object(
            'as_of', kit.utc(CAST(:moment AS timestamptz)),
            'rounds', (SELECT count(*) FROM (SELECT round_id FROM panels GROUP BY 1) x),
            'reviews', (SELECT coalesce(sum(n), 0) FROM panels),
            'files', (SELECT count(*) FROM (SELECT case_file_id FROM panels GROUP BY 1) x),
            'not_reviewable', (SELECT count(*) FROM final WHERE grade = 'not_reviewable'),
            {LISTS},
            'agreement', json_strip_nulls(json_build_object('files', (SELECT count(*) FROM totals),
                'reviews', (SELECT coalesce(sum(m), 0) FROM totals), 'alpha_total', {ALPHA.format(of="totals")},
                'alpha_grade', {ALPHA.format(of="graded")}))
        ) AS body) told
"""  # noqa: S608  # constants of ours alone
AS_IT_IS, AS_IT_WAS = (text(WHOLE.format(standing=STANDING.strip().format(**of))) for of in (NOW, THEN))


def visible_to(who: Principal, of: type[ReviewTally | ReviewFinding | CaseFile]) -> ColumnElement[bool]:
    """The one rights filter of statistics: the files of the district, or those of the caller's units."""
    return visibility.within(who, district=of.district_id, unit=of.unit_id)


async def figures(read: Reader, who: Principal, wanted: ReviewStatisticsQuery, now: datetime) -> dict[str, Any]:
    """The figures as recorded at the moment asked for."""
    moment = wanted.as_of or now
    turns = _turns(wanted, moment)
    chosen = _campaigns(wanted)
    parts = (turns, _sheets(who, wanted, turns), _marks(who, wanted, turns), chosen, _base(who, wanted, moment, chosen))
    whole = AS_IT_IS if wanted.as_of is None else AS_IT_WAS
    statement = whole.columns(column("body", Text), column("limit_hundredths")).add_cte(*parts)
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


def _turns(wanted: ReviewStatisticsQuery, moment: datetime) -> CTE:
    """Rounds that were published and not void at the moment; their reviews do not change any more."""
    shown = and_(ReviewRound.published_at <= moment, or_(ReviewRound.voided_at.is_(None), ReviewRound.voided_at > moment))
    named = {
        "campaign_id": ReviewRound.campaign_id, "round_id": ReviewRound.id, "year": ReviewCampaign.year, "mode": ReviewRound.mode,
    }  # fmt: skip
    given = wanted.model_dump(include=set(named), exclude_none=True)
    found = select(ReviewRound.id).join(ReviewCampaign, ReviewCampaign.id == ReviewRound.campaign_id)
    return found.where(shown, *(named[name] == value for name, value in given.items())).cte("turns")


def _sheets(who: Principal, wanted: ReviewStatisticsQuery, turns: CTE) -> CTE:
    """The reviews counted, one narrow row each."""
    names = ("round_id", "case_file_id", "unit_id", "account_id", "kind", "place")
    columns = [getattr(ReviewTally, name) for name in names]
    found = select(*columns, ReviewTally.total_hundredths.label("total"))
    found = found.where(_of(ReviewTally, turns), visible_to(who, ReviewTally), *_chosen(ReviewTally, wanted))
    return found.cte("sheets").prefix_with("NOT MATERIALIZED")


def _marks(who: Principal, wanted: ReviewStatisticsQuery, turns: CTE) -> CTE:
    """What was found in them."""
    names = ("unit_id", "case_file_id", "is_veto", "item_key", "rule_key", "deduction_hundredths", "is_first")
    found = select(*(getattr(ReviewFinding, name) for name in names))
    return found.where(_of(ReviewFinding, turns), visible_to(who, ReviewFinding), *_chosen(ReviewFinding, wanted)).cte("marks")


def _of(counted: type[ReviewTally | ReviewFinding], turns: CTE) -> ColumnElement[bool]:
    """Of these rounds: they are few, so they are looked up as a list and not joined to each row."""
    listed = func.array(select(turns.c.id).scalar_subquery(), type_=ARRAY(Uuid()))
    return counted.round_id == any_(listed)


def _chosen(of: type[ReviewTally | ReviewFinding | CaseFile], wanted: ReviewStatisticsQuery) -> list[ColumnElement[bool]]:
    given = wanted.model_dump(include={"unit_id", "kind"}, exclude_none=True)
    return [getattr(of, name) == value for name, value in given.items()]


def _campaigns(wanted: ReviewStatisticsQuery) -> CTE:
    """The campaigns asked for, with the kinds of files their rubrics are for; None stands for all."""
    of_round = exists().where(ReviewRound.campaign_id == ReviewCampaign.id, ReviewRound.id == wanted.round_id)
    named = {
        "campaign_id": ReviewCampaign.id == wanted.campaign_id,
        "round_id": of_round,
        "year": ReviewCampaign.year == wanted.year,
    }
    given = [named[name] for name in wanted.model_dump(include=set(named), exclude_none=True)]
    listed = func.jsonb_path_query_array(RubricRow.content, cast("$.kinds[*]", JSONPATH))
    kinds = select(func.array_agg(func.jsonb_array_elements_text(listed).column_valued("kind"))).scalar_subquery()
    found = select(ReviewCampaign.district_id, ReviewCampaign.year, kinds.label("kinds"))
    found = found.join(RubricRow, RubricRow.id == ReviewCampaign.rubric_id)
    # Read once for each rubric and not for each file: a rubric is long.
    return found.where(ReviewCampaign.state != campaigns.State.DRAFT, *given).cte("chosen").prefix_with("MATERIALIZED")


def _base(who: Principal, wanted: ReviewStatisticsQuery, moment: datetime, chosen: CTE) -> CTE:
    """The closed files that the campaigns concern: of their years, and of the kinds their rubrics are for."""
    concerned = select(chosen.c.year).where(
        chosen.c.district_id == CaseFile.district_id,
        chosen.c.year == func.extract("year", CaseFile.closed_on),
        or_(chosen.c.kinds.is_(None), CaseFile.kind == any_(chosen.c.kinds)),
    )
    there = (CaseFile.state.in_(rounds.REVIEWABLE), CaseFile.closed_on <= clock.local_day(moment), concerned.exists())
    found = select(CaseFile.id, CaseFile.unit_id).where(visible_to(who, CaseFile), *there, *_chosen(CaseFile, wanted))
    return found.cte("base")
