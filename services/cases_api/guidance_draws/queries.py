"""What a round of guidance is drawn from, and the sample as it stands."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, any_, case, exists, func, literal, literal_column, select
from sqlalchemy.orm import aliased

from services.cases_api.case_files.tables import CaseFile
from services.cases_api.draws.rules import Purpose
from services.cases_api.draws.rules import State as DrawState
from services.cases_api.draws.tables import Draw, DrawFile, DrawSubstitution
from services.cases_api.guidance_rounds.external import DAYS, GRANTED_CASES
from services.cases_api.guidance_rounds.tables import GuidanceRound
from services.cases_api.guidances.rules import State
from services.cases_api.guidances.tables import Guidance
from services.kit.db import Session
from services.kit.references import units

GUIDED = "已在跟案指导"


def frame_files(of: GuidanceRound) -> Select[Any]:
    """Cases of the year on granted items that stood in no earlier frame: file_id, id, stratum (the township's code), and the
    reason of those left out, which are guided already.
    """
    own, township = aliased(units), aliased(units)
    case_no = func.regexp_replace(func.normalize(CaseFile.case_no, literal_column("NFKC")), r"\s", "", "g")
    day, granted = DAYS[of.basis], GRANTED_CASES.c
    guided = exists().where(Guidance.unit_id == of.unit_id, Guidance.case_file_id == CaseFile.id, Guidance.state != State.VOID)
    earlier = (
        exists()
        .where(GuidanceRound.unit_id == of.unit_id, Draw.subject_id == GuidanceRound.id, Draw.purpose == Purpose.GUIDANCE)
        .where(Draw.state != DrawState.VOID, CaseFile.id == any_(Draw.file_ids))
    )
    return (
        select(
            CaseFile.id.label("file_id"),
            (own.c.code + literal("/", Text) + case_no).label("id"),
            township.c.code.label("stratum"),
            case((guided, literal(GUIDED, Text))).label("reason"),
        )
        .join(GRANTED_CASES, granted.case_file_id == CaseFile.id)
        .join(own, own.c.id == CaseFile.unit_id)
        .join(township, township.c.id == granted.township_id)
        .where(granted.department_id == of.unit_id, ~earlier)
        .where(day >= date(of.year, 1, 1), day <= date(of.year, 12, 31))
    )


async def sample(session: Session, draw_id: UUID) -> dict[UUID, str]:
    """The cases of the sample as it is now, and how each came into it."""
    out = select(literal(1)).where(
        DrawSubstitution.draw_id == DrawFile.draw_id,
        DrawSubstitution.stratum == DrawFile.stratum,
        DrawSubstitution.out_place == DrawFile.place,
    )
    found = select(DrawFile.case_file_id, DrawFile.how).where(DrawFile.draw_id == draw_id, ~out.correlate(DrawFile).exists())
    return {row[0]: row[1] for row in await session.execute(found)}


async def begun(session: Session, round_id: UUID) -> int:
    """Cases of the round whose guidance has begun."""
    wanted = (Guidance.round_id == round_id, Guidance.state.in_((State.UNDER_WAY, State.FINISHED)))
    return int((await session.execute(select(func.count()).select_from(Guidance).where(*wanted))).scalar_one())
