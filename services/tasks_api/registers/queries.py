"""What records refer to among other records, asked of the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select

from services.kit.db import Session
from services.kit.errors import Fault
from services.kit.principal import Principal
from services.kit.registers import lookups
from services.kit.registers.kinds import Draft
from services.kit.registers.tables import LIVE
from services.tasks_api.registers.tables import Record

AREAS: Final = (Record.kind == "joint-areas", Record.state == LIVE)
AREA_NAME: Final = lookups.by("片区名称", Record.facts["name"].astext, Record.id, Record.district_id, *AREAS)


async def joint_area(session: Session, who: Principal, draft: Draft[Any]) -> Sequence[Fault]:
    """The area named, if any, is one of the district."""
    if (wanted := draft.facts.joint_area_id) is None:
        return []
    found = select(Record.id).where(Record.id == wanted, Record.district_id == draft.unit.district_id, *AREAS)
    return [] if (await session.execute(found)).first() else [Fault("/body/joint_area_id", "not_found")]
