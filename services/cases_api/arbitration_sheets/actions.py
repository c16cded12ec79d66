"""What the arbitrator does: looks into the file, saves and hands in the sheet, or hands the file on."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.cases_api.arbitrations import actions as arbitrations
from services.cases_api.arbitrations import queries, rules
from services.cases_api.arbitrations.rules import Ended
from services.cases_api.arbitrations.schemas import ArbitrationIn, ArbitrationRecuse
from services.cases_api.arbitrations.tables import Arbitration, ArbitrationVersion
from services.cases_api.conflict_declarations import actions as declarations
from services.cases_api.review_rounds.tables import ReviewRound
from services.cases_api.reviews import queries as review_queries
from services.cases_api.reviews import rules as reviews
from services.kit import errors
from services.kit.db import Session
from services.kit.principal import Principal


async def open_up(session: Session, who: Principal, arbitration_id: UUID, version: int, now: datetime) -> None:
    """The arbitrator looks into the file for the first time. Raises NotFound, Stale, IllegalMove, RoundOver, InConflict."""
    found, of = await arbitrations.held(session, who, arbitration_id, version, "open")
    await _gate(session, who, found, of, now)
    found.opened_at = now
    await arbitrations.move(session, who, found, "open", "looked_into")


async def save(
    session: Session, who: Principal, arbitration_id: UUID, version: int, wanted: ArbitrationIn, now: datetime
) -> None:
    """Saves a draft as it is, as a new version. Raises NotFound, Stale, IllegalMove, RoundOver."""
    found, _ = await arbitrations.held(session, who, arbitration_id, version, "save")
    _write(found, wanted, now)
    await arbitrations.move(session, who, found, "save", "saved", {"number": found.saves})
    _keep_version(session, who, found)


async def submit(
    session: Session, who: Principal, arbitration_id: UUID, version: int, wanted: ArbitrationIn | None, now: datetime
) -> None:
    """Hands in the sheet sent, or the saved draft. Raises NotFound, Stale, IllegalMove, RoundOver, InConflict, NothingSaved,
    BadInput (all faults).
    """
    found, of = await arbitrations.held(session, who, arbitration_id, version, "submit")
    await _gate(session, who, found, of, now)
    if wanted is not None or found.content is not None:
        _write(found, wanted, now)
    else:
        raise reviews.NothingSaved
    await _judge(session, found, now)
    told = {"number": found.saves, "grade": found.grade, "total_hundredths": found.total_hundredths}
    await arbitrations.move(session, who, found, "submit", "submitted", told)
    _keep_version(session, who, found)


async def decline(session: Session, who: Principal, arbitration_id: UUID, version: int, reason: str, now: datetime) -> None:
    """The arbitrator does not take the file; the next in line gets it. Raises NotFound, Stale, IllegalMove, RoundOver."""
    found, of = await arbitrations.held(session, who, arbitration_id, version, "decline")
    await arbitrations.replace(session, who, found, of, Ended.DECLINED, reason, now)


async def recuse(
    session: Session, who: Principal, arbitration_id: UUID, version: int, wanted: ArbitrationRecuse, now: datetime
) -> None:
    """The arbitrator must not take the file, which is declared; the next in line gets it. Raises as `decline`."""
    found, of = await arbitrations.held(session, who, arbitration_id, version, "recuse")
    facts = {"kind": wanted.kind, "reason": wanted.reason, "case_file_id": found.case_file_id, "unit_id": None, "pinned": False}
    await declarations.add(session, who, who.account_id, now, **facts)
    await arbitrations.replace(session, who, found, of, Ended.RECUSED, wanted.reason, now)


async def _gate(session: Session, who: Principal, found: Arbitration, of: ReviewRound, now: datetime) -> None:
    """Conflicts are looked for again when the file is first opened and when the sheet is handed in."""
    assert found.account_id is not None
    kinds = await arbitrations.conflicts_of(session, found, of, now)
    if kinds:
        await arbitrations.replace(session, who, found, of, Ended.CONFLICT, ", ".join(kinds), now)
        raise rules.InConflict


def _write(found: Arbitration, wanted: ArbitrationIn | None, now: datetime) -> None:
    if wanted is not None:
        found.content = wanted.model_dump(mode="json", exclude_none=True)
    found.saves += 1
    found.saved_at = now


async def _judge(session: Session, found: Arbitration, now: datetime) -> None:
    assert found.content is not None
    ground = await review_queries.ground(session, found)
    findings = reviews.findings_of(found.content)
    known = {row.id: sheet for row, sheet in await queries.sheets(session, found.round_id, found.case_file_id)}
    wanted = rules.disputed([sheet for key in found.review_ids if (sheet := known.get(key)) is not None])
    faults = [
        *reviews.faults_of(ground.rubric, ground.file, findings),
        *rules.decision_faults(wanted, rules.decisions_in(found.content)),
    ]
    if faults:
        raise errors.BadInput(*faults)
    score = reviews.score(ground.rubric, ground.file, findings)
    found.grade, found.total_hundredths = score.grade, score.total
    found.got_hundredths, found.applicable_hundredths = score.got, score.applicable
    found.content_hash, found.structure_hash = ground.content_hash, ground.structure_hash
    found.submitted_at = now


def _keep_version(session: Session, who: Principal, found: Arbitration) -> None:
    assert found.content is not None
    session.add(
        ArbitrationVersion(
            arbitration_id=found.id,
            number=found.saves,
            state=found.state,
            content=found.content,
            grade=found.grade,
            total_hundredths=found.total_hundredths,
            account_id=who.account_id,
            saved_at=found.saved_at,
        )
    )
