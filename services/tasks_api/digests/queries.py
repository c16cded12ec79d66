"""The digest: unread messages, and counts over what the caller sees; one statement beside the inbox's."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func, select

from services.kit.db import Reader
from services.kit.principal import Principal
from services.tasks_api import access
from services.tasks_api.assignments import queries as assignments
from services.tasks_api.assignments import rules as stages
from services.tasks_api.assignments.rules import Lamp
from services.tasks_api.assignments.tables import Assignment
from services.tasks_api.digests.schemas import DigestOut
from services.tasks_api.extension_requests import queries as extensions
from services.tasks_api.extension_requests.rules import State as Request
from services.tasks_api.extension_requests.tables import ExtensionRequest
from services.tasks_api.notifications import queries as inbox
from services.tasks_api.supervision_notices import queries as notices
from services.tasks_api.supervision_notices.rules import State as NoticeState
from services.tasks_api.supervision_notices.tables import SupervisionNotice


async def digest(read: Reader, who: Principal, today: assignments.Today) -> DigestOut:
    """The caller's desk. Callers who see no assignments find zeros there."""
    unread = await inbox.unread_by_kind(read, who)
    counts = await _counts(read, who, today)
    return DigestOut(unread=sum(unread.values()), unread_by_kind=unread, **counts)


async def _counts(read: Reader, who: Principal, today: assignments.Today) -> dict[str, int]:
    sight = who.admitted(access.ASSIGNMENTS_READ.grants)
    names = ("late", "due_soon", "to_sign", "to_decide", "extensions_waiting", "notices_open")
    if sight is None:
        return dict.fromkeys(names, 0)
    running = Assignment.state.in_(stages.RUNNING)
    lamp = assignments.lamp(Assignment)
    own: dict[str, ColumnElement[bool]] = {
        "late": running & (lamp == Lamp.RED),
        "due_soon": running & (lamp == Lamp.YELLOW),
        "to_sign": Assignment.state == stages.State.ISSUED,
        "to_decide": Assignment.state == stages.State.SUBMITTED,
    }
    open_ones = Assignment.state.in_([*stages.RUNNING, stages.State.SUBMITTED])
    columns: list[Any] = [func.count().filter(condition).label(name) for name, condition in own.items()]
    waiting = select(func.count()).where(ExtensionRequest.state == Request.REQUESTED, extensions.visible_to(sight))
    letters = select(func.count()).where(
        SupervisionNotice.state.in_([NoticeState.ISSUED, NoticeState.REPLIED]),
        SupervisionNotice.reply_due_on.is_not(None),
        notices.visible_to(sight),
    )
    columns += [waiting.scalar_subquery().label(names[4]), letters.scalar_subquery().label(names[5])]
    found = select(*columns).select_from(Assignment).where(assignments.visible_to(sight), open_ones)
    row = (await read.execute(found, today.places)).one()
    return {name: int(getattr(row, name)) for name in names}
