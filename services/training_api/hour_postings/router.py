"""Routes of entering class hours."""

from __future__ import annotations

from fastapi import Request, Response

from services.kit import answers, batches, fields, routing
from services.kit.runtime import Language, Now, SessionDep
from services.training_api import access
from services.training_api.hour_entries import queries
from services.training_api.hour_entries.schemas import EntryOut
from services.training_api.hour_postings import actions
from services.training_api.hour_postings.schemas import BatchIn, EntryIn, PostedOut

router = routing.router("/v1/hour-entries", "hour_entries")
class_router = routing.router("/v1/classes/{class_id}", "hour_entries")


@router.post("", response_model=EntryOut, status_code=201, summary="登记学时")
async def post(request: Request, wanted: EntryIn, who: access.MayPostHours, session: SessionDep, now: Now) -> Response:
    """Enters hours. They count at once, except self-study, which waits for the unit's leader.

    409 `hours.day_full` above 24 hours of a person on a day, `hours.overlap` where times overlap,
    `hours.class_already_posted` where the class was counted already.
    """
    entry = await actions.post(session, who, wanted, now)
    return answers.created(request, await queries.ENTRY.one(session, who, entry.id), f"/v1/hour-entries/{entry.id}")


@router.post("/batch", response_model=batches.Outcomes, summary="批量登记学时")
async def batch(wanted: BatchIn, who: access.MayPostHours, session: SessionDep, now: Now, language: Language) -> batches.Outcomes:
    """Enters up to 500 hours; each item has its own outcome. An item sent again under the same external id answers 200
    with the entry recorded then, also when that was reversed since. `atomic`: all or none.
    """
    return await actions.batch(session, who, wanted, now, language)


@class_router.post("/post-hours", response_model=PostedOut, summary="按考勤登记全班学时")
async def post_class(class_id: fields.Id, who: access.MayPostClassHours, session: SessionDep, now: Now) -> PostedOut:
    """Posts the hours of a class that is over for everybody present, in one transaction. Safe to repeat:
    nobody gets them twice, and who was undone stays undone. Who cannot be given them is listed with the rule's code.
    """
    return await actions.post_class(session, who, class_id, now)
