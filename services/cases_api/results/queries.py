"""Reads of results, and the statements by which whole rounds are settled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, text

from services.cases_api.results import rules
from services.cases_api.results.schemas import ResultFilter, ResultVersionFilter
from services.cases_api.results.tables import Result, ResultVersion
from services.cases_api.review_campaigns.tables import ReviewCampaign
from services.cases_api.review_rounds.rules import Mode
from services.kit import answers, errors, pagination, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal

PLAIN = (
    "id", "round_id", "campaign_id", "mode", "case_file_id", "unit_id", "basis", "is_final", "grade", "vetoes", "content_hash",
    "structure_hash", "review_ids", "arbitration_id", "objection_id", "version",
)  # fmt: skip
BODY = answers.json_object(
    {name: getattr(Result, name) for name in PLAIN}
    | {
        "rubric_id": ReviewCampaign.rubric_id,
        "year": ReviewCampaign.year,
        "total": answers.hours(Result.total_hundredths),
        "published_at": answers.moment(Result.published_at),
        "voided_at": answers.moment(Result.voided_at),
    }
)
VERSION = answers.json_object(
    {
        name: getattr(ResultVersion, name)
        for name in ("result_id", "number", "cause", "basis", "is_final", "grade", "vetoes", "reason", "account_id")
    }
    | {"total": answers.hours(ResultVersion.total_hundredths), "recorded_at": answers.moment(ResultVersion.recorded_at)}
)
# What stands of each file of a round when it is published: the arbitration, or else the reviews, which agree. The total of
# agreeing reviews is their mean, rounded half up to hundredths.
SETTLE = text("""
    WITH judged AS (
        SELECT a.case_file_id, a.unit_id, array_agg(a.id ORDER BY a.id) AS review_ids,
               (2 * sum(r.total_hundredths) + count(r.total_hundredths)) / (2 * nullif(count(r.total_hundredths), 0)) AS total,
               (array_agg(r.grade ORDER BY a.id))[1] AS grade, (array_agg(r.content ORDER BY a.id))[1] AS content,
               min(r.content_hash) AS content_hash, min(r.structure_hash) AS structure_hash
        FROM cases.review_assignments a JOIN cases.reviews r ON r.id = a.id
        WHERE a.round_id = :round_id AND a.state = 'submitted' GROUP BY a.case_file_id, a.unit_id
    ), standing AS (
        SELECT j.case_file_id, j.unit_id, j.review_ids, b.id AS arbitration_id,
               CASE WHEN b.id IS NULL THEN j.total ELSE b.total_hundredths END AS total, coalesce(b.grade, j.grade) AS grade,
               CASE WHEN b.id IS NULL THEN j.content ELSE b.content END AS content,
               coalesce(b.content_hash, j.content_hash) AS content_hash,
               coalesce(b.structure_hash, j.structure_hash) AS structure_hash
        FROM judged j LEFT JOIN cases.arbitrations b
            ON b.round_id = :round_id AND b.case_file_id = j.case_file_id AND b.state = 'submitted'
    )
    INSERT INTO cases.results (id, district_id, unit_id, campaign_id, round_id, case_file_id, mode, basis, rank, is_final,
        total_hundredths, grade, vetoes, content_hash, structure_hash, review_ids, arbitration_id, published_at, version)
    SELECT kit.id_of(kit.id_base(CAST(:now AS timestamptz)), (row_number() OVER (ORDER BY s.case_file_id))::integer),
        r.district_id, s.unit_id, r.campaign_id, r.id, s.case_file_id, r.mode,
        CASE WHEN s.arbitration_id IS NULL THEN 'reviews' ELSE 'arbitration' END,
        CASE WHEN s.arbitration_id IS NULL THEN CAST(:mode_rank AS integer) ELSE CAST(:arbitration_rank AS integer) END, false,
        s.total, s.grade,
        ARRAY(SELECT v ->> 'key' FROM jsonb_array_elements(coalesce(s.content -> 'vetoes', '[]')) v ORDER BY 1),
        s.content_hash, s.structure_hash, s.review_ids, s.arbitration_id, CAST(:now AS timestamptz), 1
    FROM standing s JOIN cases.review_rounds r ON r.id = :round_id
""")
# The final result of each file that the round has touched; whatever loses or gains the place gets a version of its own.
PLACES = text("""
    WITH touched AS (
        SELECT x.id, x.case_file_id, x.is_final, x.id = first_value(x.id) OVER (
            PARTITION BY x.case_file_id ORDER BY (x.voided_at IS NULL) DESC, x.rank DESC, x.published_at DESC, x.id DESC
        ) AND x.voided_at IS NULL AS should
        FROM cases.results x
        WHERE x.campaign_id = :campaign_id
          AND x.case_file_id IN (SELECT y.case_file_id FROM cases.results y WHERE y.round_id = :round_id)
    )
    UPDATE cases.results x SET is_final = t.should, version = x.version + 1
    FROM touched t WHERE t.id = x.id AND t.should IS DISTINCT FROM x.is_final AND t.should = CAST(:should AS boolean)
    RETURNING x.id
""")
VERSIONS = text("""
    INSERT INTO cases.result_versions (result_id, number, cause, basis, is_final, total_hundredths, grade, vetoes, reason,
        account_id, recorded_at)
    SELECT x.id, coalesce((SELECT max(number) FROM cases.result_versions v WHERE v.result_id = x.id), 0) + 1,
        CASE WHEN x.round_id = :round_id THEN CAST(:cause AS text) ELSE 'precedence' END, x.basis, x.is_final,
        x.total_hundredths, x.grade,
        x.vetoes, CAST(:reason AS text), CAST(:account_id AS uuid), CAST(:now AS timestamptz)
    FROM cases.results x WHERE x.id = ANY (CAST(:ids AS uuid[]))
""")
VOID = text("UPDATE cases.results SET voided_at = :now, is_final = false, version = version + 1 WHERE round_id = :round_id")


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of results."""
    return visibility.within(who, district=Result.district_id, unit=Result.unit_id)


def joined(*columns: Any) -> Select[Any]:
    """These columns over results with their campaign."""
    return select(*columns).select_from(Result).join(ReviewCampaign, ReviewCampaign.id == Result.campaign_id)


async def page(read: Reader, who: Principal, wanted: ResultFilter, start: pagination.Start | None) -> pagination.Page:
    """A page of results by the time their round was published."""
    named = wanted.model_dump(exclude={"limit", "cursor", "count", "sort", "year"}, exclude_none=True)
    filters = [getattr(Result, name) == value for name, value in named.items()]
    filters += [ReviewCampaign.year == wanted.year] if wanted.year else []
    order = pagination.Order((Result.published_at, Result.id), descending=wanted.sort.startswith("-"))
    return await pagination.read(read, joined(BODY).where(visible_to(who), *filters), order, wanted, start)


async def one(connection: Reader | Session, who: Principal, result_id: UUID) -> answers.One:
    """One result; NotFound also when the caller may not see it."""
    found = joined(BODY, Result.version).where(Result.id == result_id, visible_to(who))
    return await answers.read_one(connection, found)


async def versions(
    read: Reader, who: Principal, result_id: UUID, wanted: ResultVersionFilter, start: pagination.Start | None
) -> pagination.Page:
    """A page of the versions of one result; NotFound when the caller may not see it."""
    await one(read, who, result_id)
    order = pagination.Order((ResultVersion.number,), descending=wanted.sort.startswith("-"))
    return await pagination.read(read, select(VERSION).where(ResultVersion.result_id == result_id), order, wanted, start)


async def locked(session: Session, who: Principal, result_id: UUID) -> Result:
    """The row, locked, whatever its version; NotFound."""
    found = (await session.execute(select(Result).where(Result.id == result_id, visible_to(who)).with_for_update())).scalar()
    if not isinstance(found, Result):
        raise errors.NotFound
    return found


async def held(session: Session, result_id: UUID) -> Result:
    """The row, locked, of something that hangs on it and that the caller was found to reach."""
    return (await session.execute(select(Result).where(Result.id == result_id).with_for_update())).scalar_one()


async def settle(session: Session, round_id: UUID, mode: Mode, now: datetime) -> None:
    """Writes the results of a round, not yet placed among others."""
    ranks = {"mode_rank": rules.MODES[mode], "arbitration_rank": rules.RANKS[rules.Basis.ARBITRATION]}
    await session.execute(SETTLE, {"round_id": round_id, "now": now, **ranks})


async def void(session: Session, round_id: UUID, now: datetime) -> None:
    """Takes the results of a round out of the reckoning; they stay."""
    await session.execute(VOID, {"round_id": round_id, "now": now})


async def place(session: Session, campaign_id: UUID, round_id: UUID) -> list[UUID]:
    """Makes the foremost result of each file the round has touched the final one; the ids of those that changed place."""
    changed: list[UUID] = []
    # First those that lose the place: no two may hold it at once.
    for should in (False, True):
        values = {"campaign_id": campaign_id, "round_id": round_id, "should": should}
        changed += (await session.execute(PLACES, values)).scalars().all()
    return changed


async def of_round(session: Session, round_id: UUID) -> Sequence[UUID]:
    """Ids of the results of a round."""
    return (await session.execute(select(Result.id).where(Result.round_id == round_id))).scalars().all()


async def keep_versions(
    session: Session, who: Principal, result_ids: Sequence[UUID], round_id: UUID, cause: rules.Cause, reason: str | None,
    now: datetime,
) -> None:  # fmt: skip
    """Adds a version of each of these results as it is now; those of other rounds changed by precedence alone."""
    values = {"cause": cause.value, "reason": reason, "account_id": who.account_id, "now": now, "round_id": round_id}
    await session.execute(VERSIONS, values | {"ids": list(result_ids)})
