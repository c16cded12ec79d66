"""Routes of supervision settings; each key has one of its own to record a value, so that the value is typed."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Request, Response

from services.kit import answers, clock, errors, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.runtime import Now, ReadDep, SessionDep
from services.tasks_api import access
from services.tasks_api.supervision_settings import actions, queries
from services.tasks_api.supervision_settings.schemas import (
    VALUES,
    InForceOut,
    InForceQuery,
    SettingFilter,
    SettingOut,
    SettingPage,
    Value,
    body_of,
)

router = routing.router("/v1/supervision-settings", "supervision-settings")


@router.get("", response_model=SettingPage, summary="督办参数列表")
async def page(
    wanted: Annotated[SettingFilter, Query()], who: access.MayReadSettings, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Every value ever recorded, the latest first: those of the district and the shipped ones."""
    return cursors.answer(await queries.SETTINGS.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.get("/in-force", response_model=InForceOut, response_model_exclude_none=True, summary="某日生效的督办参数")
async def in_force(wanted: Annotated[InForceQuery, Query()], who: access.MayReadSettings, read: ReadDep, now: Now) -> InForceOut:
    """The value of every key on a day, today unless asked otherwise, each with the reading it stands for."""
    day = wanted.on or clock.local_day(now)
    rows = await queries.in_force(read, who.district_id, day)
    names = SettingOut.model_fields
    return InForceOut(on=day, settings=[SettingOut(**{name: getattr(row, name) for name in names}) for row in rows])


@router.get("/{setting_id}", response_model=SettingOut, summary="督办参数")
async def one(request: Request, setting_id: fields.Id, who: access.MayReadSettings, read: ReadDep) -> Response:
    """One recorded value. It never changes; a later one of the same key takes its place."""
    return answers.one(request, await queries.SETTING.one(read, who, setting_id))


def _add_recorder(key: str, value: type[Value]) -> None:
    async def record(request: Request, wanted: Any, who: access.MayWriteSettings, session: SessionDep, now: Now) -> Response:
        if faults := wanted.value.faults():
            raise errors.BadInput(*faults)
        row = await actions.record(session, who, key, wanted.model_dump(exclude={"value"}) | _value(wanted), now)
        return answers.created(request, await queries.SETTING.one(session, who, row.id), f"/v1/supervision-settings/{row.id}")

    record.__annotations__["wanted"] = body_of(value)
    record.__doc__ = f"{value.__doc__} Takes effect today at the earliest."
    router.add_api_route(
        f"/{key}",
        record,
        methods=["POST"],
        name=f"record_{key}",
        response_model=SettingOut,
        status_code=201,
        summary="设定督办参数",
    )


def _value(wanted: Any) -> dict[str, Any]:
    return {"value": wanted.value.model_dump(mode="json")}


for _key, _model in VALUES.items():
    _add_recorder(_key, _model)
