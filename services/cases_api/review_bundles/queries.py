"""What the archive of a campaign is made of. Only what is published: a running round hides its reviews here as everywhere."""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import literal_column, select, text

from services.cases_api.review_campaigns import queries as campaigns
from services.cases_api.review_campaigns import rules as campaign_rules
from services.cases_api.review_campaigns.tables import ReviewCampaign
from services.kit import errors
from services.kit.db import Reader
from services.kit.principal import Principal
from services.kit.runtime import Runtime

PAGE: Final = 2_000
FIRST: Final = UUID(int=0)
# Single documents: a JSON each.
DOCUMENTS: Final = {
    "campaign.json": """
        SELECT json_build_object('id', c.id, 'title', c.title, 'year', c.year, 'online', c.online, 'state', c.state,
            'opened_at', kit.utc(c.opened_at), 'closed_at', kit.utc(c.closed_at), 'rubric_id', c.rubric_id)
        FROM cases.review_campaigns c WHERE c.id = :campaign_id""",
    "rubric.json": """
        SELECT json_build_object('id', r.id, 'content_hash', r.content_hash, 'structure_hash', r.structure_hash,
            'content', r.content) FROM cases.rubrics r JOIN cases.review_campaigns c ON c.rubric_id = r.id
        WHERE c.id = :campaign_id""",
    "units.json": """
        SELECT coalesce(json_object_agg(u.id, json_build_object('code', u.code, 'name', u.name) ORDER BY u.code, u.id), '{}')
        FROM published.units u JOIN cases.review_campaigns c ON c.district_id = u.district_id WHERE c.id = :campaign_id""",
    "rounds.json": """
        SELECT coalesce(json_agg(json_build_object('id', r.id, 'mode', r.mode, 'state', r.state, 'unit_id', r.unit_id,
            'sampling', r.sampling, 'hide_units', r.hide_units, 'reviewers_per_file', r.reviewers_per_file,
            'legal_reviewers', r.legal_reviewers, 'created_at', kit.utc(r.created_at), 'assigned_at', kit.utc(r.assigned_at),
            'published_at', kit.utc(r.published_at), 'voided_at', kit.utc(r.voided_at), 'void_reason', r.void_reason,
            'draw_ids', (SELECT coalesce(json_agg(d.id ORDER BY d.frozen_at), '[]') FROM cases.draws d
                         WHERE d.purpose = 'review_round' AND d.subject_id = r.id)) ORDER BY r.created_at, r.id), '[]')
        FROM cases.review_rounds r WHERE r.campaign_id = :campaign_id""",
}
# Of evidence files the hashes alone: whoever holds a file can show that it is the one, and the archive tells nothing of it.
EVIDENCE: Final = """(SELECT coalesce(json_agg(p.sha256 ORDER BY p.sha256), '[]') FROM kit.attachment_links l
            JOIN published.attachments p ON p.id = l.attachment_id WHERE l.object_type = '{of}' AND l.object_id = {at}.id)"""
# Lists: a JSON a line, read by pages in the order of their ids.
LISTS: Final = {
    "assignment-runs.jsonl": """
        SELECT n.id, json_build_object('id', n.id, 'round_id', n.round_id, 'number', n.number, 'seed', n.seed, 'solver', n.solver,
            'problem_sha256', n.problem_sha256, 'solution_sha256', n.solution_sha256, 'cost', n.cost, 'files', n.files,
            'pairs', n.pairs, 'made_at', kit.utc(n.made_at))
        FROM cases.assignment_runs n JOIN cases.review_rounds r ON r.id = n.round_id WHERE r.campaign_id = :campaign_id
            AND r.state IN ('published', 'closed') AND n.id > :last
        ORDER BY n.id LIMIT :page""",
    "assignments.jsonl": """
        SELECT a.id, json_build_object('id', a.id, 'round_id', a.round_id, 'case_file_id', a.case_file_id, 'unit_id', a.unit_id,
            'reviewer', a.account_id, 'reason', a.reason, 'cost', a.cost, 'explanation', a.explanation, 'run_id', a.run_id,
            'state', a.state, 'ended_how', a.ended_how, 'created_at', kit.utc(a.created_at))
        FROM cases.review_assignments a JOIN cases.review_rounds r ON r.id = a.round_id WHERE r.campaign_id = :campaign_id
            AND r.state IN ('published', 'closed') AND a.id > :last
        ORDER BY a.id LIMIT :page""",
    "sheets.jsonl": """
        SELECT a.id, json_build_object('id', a.id, 'round_id', a.round_id, 'case_file_id', a.case_file_id, 'case_no', f.case_no,
            'unit_id', a.unit_id, 'kind', f.kind, 'procedure', f.procedure, 'reviewer', a.account_id, 'content', v.content,
            'total_hundredths', v.total_hundredths, 'got_hundredths', v.got_hundredths,
            'applicable_hundredths', v.applicable_hundredths, 'grade', v.grade, 'content_hash', v.content_hash,
            'submitted_at', kit.utc(v.submitted_at))
        FROM cases.review_assignments a JOIN cases.review_rounds r ON r.id = a.round_id JOIN cases.reviews v ON v.id = a.id
        JOIN cases.case_files f ON f.id = a.case_file_id WHERE r.campaign_id = :campaign_id
            AND r.state IN ('published', 'closed') AND a.state = 'submitted' AND a.id > :last
        ORDER BY a.id LIMIT :page""",
    "arbitrations.jsonl": """
        SELECT b.id, json_build_object('id', b.id, 'round_id', b.round_id, 'case_file_id', b.case_file_id, 'number', b.number,
            'grounds', b.grounds, 'spread_hundredths', b.spread_hundredths, 'review_ids', b.review_ids, 'seed', b.seed,
            'arbitrator', b.account_id, 'content', b.content, 'total_hundredths', b.total_hundredths, 'grade', b.grade,
            'submitted_at', kit.utc(b.submitted_at))
        FROM cases.arbitrations b JOIN cases.review_rounds r ON r.id = b.round_id
        WHERE r.campaign_id = :campaign_id
            AND r.state IN ('published', 'closed') AND b.state = 'submitted' AND b.id > :last ORDER BY b.id LIMIT :page""",
    "results.jsonl": """
        SELECT x.id, json_build_object('id', x.id, 'round_id', x.round_id, 'case_file_id', x.case_file_id, 'unit_id', x.unit_id,
            'mode', x.mode, 'basis', x.basis, 'is_final', x.is_final, 'total_hundredths', x.total_hundredths, 'grade', x.grade,
            'vetoes', x.vetoes, 'content_hash', x.content_hash, 'review_ids', x.review_ids, 'arbitration_id', x.arbitration_id,
            'published_at', kit.utc(x.published_at), 'voided_at', kit.utc(x.voided_at),
            'versions', (SELECT json_agg(json_build_object('number', v.number, 'cause', v.cause, 'basis', v.basis,
                'is_final', v.is_final, 'total_hundredths', v.total_hundredths, 'grade', v.grade, 'reason', v.reason,
                'recorded_at', kit.utc(v.recorded_at)) ORDER BY v.number) FROM cases.result_versions v WHERE v.result_id = x.id))
        FROM cases.results x WHERE x.campaign_id = :campaign_id AND x.id > :last ORDER BY x.id LIMIT :page""",
    "objections.jsonl": f"""
        SELECT o.id, json_build_object('id', o.id, 'result_id', o.result_id, 'case_file_id', o.case_file_id, 'unit_id', o.unit_id,
            'text', o.text, 'state', o.state, 'filed_by', o.filed_by, 'filed_at', kit.utc(o.filed_at), 'decide_by', o.decide_by,
            'total_before', o.total_before, 'grade_before', o.grade_before, 'decider', o.decider_id, 'decision', o.decision,
            'content', o.content, 'decided_at', kit.utc(o.decided_at),
            'evidence_sha256', {EVIDENCE.format(of="objection", at="o")})
        FROM cases.objections o JOIN cases.results x ON x.id = o.result_id
        WHERE x.campaign_id = :campaign_id AND o.id > :last ORDER BY o.id LIMIT :page""",  # noqa: S608  # constants of ours alone
    "rectifications.jsonl": f"""
        SELECT o.id, json_build_object('id', o.id, 'result_id', o.result_id, 'case_file_id', o.case_file_id, 'unit_id', o.unit_id,
            'items', o.items, 'priority', o.priority, 'repeated_keys', o.repeated_keys, 'due_on', o.due_on, 'state', o.state,
            'created_by', o.created_by, 'created_at', kit.utc(o.created_at), 'report', o.report, 'reported_by', o.reported_by,
            'reported_at', kit.utc(o.reported_at), 'check_note', o.check_note, 'checked_by', o.checked_by,
            'checked_at', kit.utc(o.checked_at), 'evidence_sha256', {EVIDENCE.format(of="rectification", at="o")})
        FROM cases.rectifications o JOIN cases.results x ON x.id = o.result_id
        WHERE x.campaign_id = :campaign_id AND o.id > :last ORDER BY o.id LIMIT :page""",  # noqa: S608  # constants of ours alone
}  # fmt: skip
PEOPLE: Final = text("""
    SELECT a.account_id FROM cases.review_assignments a JOIN cases.review_rounds r ON r.id = a.round_id
    WHERE r.campaign_id = :campaign_id
    UNION SELECT b.account_id FROM cases.arbitrations b JOIN cases.review_rounds r ON r.id = b.round_id
    WHERE r.campaign_id = :campaign_id AND b.account_id IS NOT NULL
    UNION SELECT unnest(ARRAY[d.frozen_by, d.seeded_by, d.drawn_by, d.voided_by]) FROM cases.draws d
    JOIN cases.review_rounds r ON r.id = d.subject_id WHERE r.campaign_id = :campaign_id
    UNION SELECT m.account_id FROM cases.draw_commitments m JOIN cases.draws d ON d.id = m.draw_id
    JOIN cases.review_rounds r ON r.id = d.subject_id WHERE r.campaign_id = :campaign_id
    UNION SELECT s.account_id FROM cases.draw_substitutions s JOIN cases.draws d ON d.id = s.draw_id
    JOIN cases.review_rounds r ON r.id = d.subject_id WHERE r.campaign_id = :campaign_id
    UNION SELECT g.account_id FROM cases.draw_growths g JOIN cases.draws d ON d.id = g.draw_id
    JOIN cases.review_rounds r ON r.id = d.subject_id WHERE r.campaign_id = :campaign_id
    UNION SELECT unnest(ARRAY[o.filed_by, o.decider_id]) FROM cases.objections o
    JOIN cases.results x ON x.id = o.result_id WHERE x.campaign_id = :campaign_id
    UNION SELECT unnest(ARRAY[o.created_by, o.reported_by, o.checked_by]) FROM cases.rectifications o
    JOIN cases.results x ON x.id = o.result_id WHERE x.campaign_id = :campaign_id
""")
LAST_CHANGE: Final = text("""
    SELECT max(at) FROM (
        SELECT greatest(c.created_at, c.opened_at, c.closed_at) AS at FROM cases.review_campaigns c WHERE c.id = :campaign_id
        UNION ALL SELECT greatest(r.created_at, r.assigned_at, r.published_at, r.closed_at, r.voided_at)
        FROM cases.review_rounds r WHERE r.campaign_id = :campaign_id
        UNION ALL SELECT v.recorded_at FROM cases.result_versions v JOIN cases.results x ON x.id = v.result_id
        WHERE x.campaign_id = :campaign_id
        UNION ALL SELECT greatest(o.filed_at, o.decided_at) FROM cases.objections o
        JOIN cases.results x ON x.id = o.result_id WHERE x.campaign_id = :campaign_id
        UNION ALL SELECT greatest(o.created_at, o.reported_at, o.checked_at) FROM cases.rectifications o
        JOIN cases.results x ON x.id = o.result_id WHERE x.campaign_id = :campaign_id) changes
""")
DRAWS: Final = text("""
    SELECT d.id FROM cases.draws d JOIN cases.review_rounds r ON r.id = d.subject_id
    WHERE d.purpose = 'review_round' AND r.campaign_id = :campaign_id
      AND (NOT r.hide_units OR r.state IN ('published', 'closed')) ORDER BY d.frozen_at, d.id
""")


@dataclass(frozen=True, slots=True)
class Ground:
    """The campaign's year, when it last changed, what its people are called, its draws in their order."""

    year: int
    changed_at: datetime
    names: Mapping[str, str]
    draw_ids: list[UUID]


async def ground(read: Reader, who: Principal, campaign_id: UUID, key: bytes) -> Ground:
    """What is known before the archive begins; NotFound also when the caller may not see the campaign."""
    begun = ReviewCampaign.state != literal_column(f"'{campaign_rules.State.DRAFT.value}'")
    found = select(ReviewCampaign.year).where(ReviewCampaign.id == campaign_id, campaigns.visible_to(who), begun)
    year: Any = (await read.execute(found)).scalar_one_or_none()
    if year is None:
        raise errors.NotFound
    of = {"campaign_id": campaign_id}
    people = [str(each) for each in (await read.execute(PEOPLE, of)).scalars() if each is not None]
    # In an order that only the key knows, so that a number tells nobody who it is.
    people.sort(key=lambda person: hmac.digest(key, f"{campaign_id} {person}".encode(), "sha256"))
    names = {person: f"P{place:04}" for place, person in enumerate(people, 1)}
    changed_at: Any = (await read.execute(LAST_CHANGE, of)).scalar_one()
    draw_ids = list((await read.execute(DRAWS, of)).scalars())
    return Ground(int(year), changed_at, names, draw_ids)


async def document(runtime: Runtime, campaign_id: UUID, path: str) -> str:
    """One of the single documents."""
    async with runtime.database.reading() as read:
        found: str = (
            await read.execute(text(f"SELECT CAST(x AS text) FROM ({DOCUMENTS[path]}) y (x)"), {"campaign_id": campaign_id})  # noqa: S608  # constants of ours alone
        ).scalar_one()
    return found


async def lines(runtime: Runtime, campaign_id: UUID, path: str) -> AsyncIterator[str]:
    """One of the lists, many lines at a time."""
    statement = text(f"SELECT id, CAST(x AS text) AS line FROM ({LISTS[path]}) y (id, x) ORDER BY id")  # noqa: S608  # constants of ours alone
    last = FIRST
    while True:
        async with runtime.database.reading() as read:
            values = {"campaign_id": campaign_id, "last": last, "page": PAGE}
            rows: Any = (await read.execute(statement, values)).all()
        if not rows:
            return
        yield "".join(f"{row.line}\n" for row in rows)
        last = rows[-1].id
