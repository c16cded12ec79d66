"""Routes of rotations."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import Query, Response

from services.kit import fields, routing
from services.kit.pagination import CursorsDep
from services.kit.runtime import Now, ReadDep
from services.training_api import access
from services.training_api.compliance import queries as compliance
from services.training_api.rotations import queries
from services.training_api.rotations.schemas import RotationDetailOut, RotationFilter, RotationPage, RotationQuery

router = routing.router("/v1/rotations", "rotations")


@router.get("", response_model=RotationPage, summary="全员轮训情况")
async def page(
    wanted: Annotated[RotationFilter, Query()],
    who: access.MayReadUnitCompliance,
    read: ReadDep,
    cursors: CursorsDep,
    now: Now,
) -> Response:
    """How far each organ's full rotation of the year has come: all its officers in service are the denominator, whoever has
    standing hours of a class of kind `rotation` is covered. `as_of` gives it as recorded then.
    """
    moment = compliance.moment_asked(wanted.as_of, now)
    found = await queries.page(read, who, wanted, moment, cursors.after(wanted))
    return cursors.answer(found, wanted, as_of=compliance.utc(moment.at or now))


@router.get("/{unit_id}", response_model=RotationDetailOut, summary="单位全员轮训明细")
async def one(
    unit_id: fields.Id, wanted: Annotated[RotationQuery, Query()], who: access.MayReadCompliance, read: ReadDep, now: Now
) -> Response:
    """One organ's rotation, with the officers who have not taken part."""
    moment = compliance.moment_asked(wanted.as_of, now)
    body = json.loads(await queries.one(read, who, unit_id, wanted.year, moment))
    return Response(json.dumps(body | {"as_of": compliance.utc(moment.at or now)}), media_type="application/json")
