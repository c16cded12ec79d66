"""Routes of certificates."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response

from services.kit import answers, clock, fields, routing
from services.kit.db import Session
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.principal import Principal
from services.kit.runtime import Now, ReadDep, SessionDep
from services.training_api import access
from services.training_api.certificates import actions, queries
from services.training_api.certificates.rules import Status
from services.training_api.certificates.schemas import (
    CertificateChange,
    CertificateFilter,
    CertificateIn,
    CertificateOut,
    CertificatePage,
    EndIn,
    IssueIn,
    Number,
    ReasonIn,
    SuspendIn,
    VerificationOut,
)

router = routing.router("/v1/certificates", "certificates")


@router.get("", response_model=CertificatePage, summary="执法证件列表")
async def page(
    wanted: Annotated[CertificateFilter, Query()], who: access.MayReadCertificates, read: ReadDep, cursors: CursorsDep, now: Now
) -> Response:
    """Certificates of the caller's officers, newest first; `expiring_within=90` with `sort=valid_to` for those soon to expire."""
    today = clock.local_day(now)
    return cursors.answer(await queries.CERTIFICATES.page(read, who, wanted, cursors.after(wanted), today=today), wanted)


@router.post("", response_model=CertificateOut, status_code=201, summary="申请执法证件")
async def apply(
    request: Request, wanted: CertificateIn, who: access.MayApplyForCertificates, session: SessionDep, now: Now
) -> Response:
    """A unit applies for one of its regular officers; auxiliary staff hold no certificates."""
    certificate = await actions.apply(session, who, wanted, now)
    found = await _shown(session, who, certificate.id, now)
    return answers.created(request, found, f"/v1/certificates/{certificate.id}")


@router.get(
    "/{number}/verification",
    response_model=VerificationOut,
    summary="核验执法证件",
    openapi_extra={"security": []},
)
async def verify(number: Annotated[Number, Path()], read: ReadDep, now: Now) -> Response:
    """What anybody may learn of a number: valid, expired, suspended or unknown, with the name as the district shows it."""
    today = clock.local_day(now)
    status, name = await queries.verified(read, number, today)
    shown = VerificationOut(number=number, status=Status(status), name=name, checked_on=today)
    return Response(shown.model_dump_json(exclude_none=True), media_type="application/json")


@router.get("/{certificate_id}", response_model=CertificateOut, summary="执法证件")
async def one(request: Request, certificate_id: fields.Id, who: access.MayReadCertificates, read: ReadDep, now: Now) -> Response:
    """One certificate, as it stands today."""
    today = clock.local_day(now)
    return answers.one(request, await queries.CERTIFICATE.one(read, who, certificate_id, today=today))


@router.patch("/{certificate_id}", response_model=CertificateOut, summary="更正执法证件")
async def change(
    request: Request,
    certificate_id: fields.Id,
    wanted: CertificateChange,
    who: access.MayDecideCertificates,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Corrects the number, the unit on the card, or the last day."""
    await actions.change(session, who, certificate_id, version, wanted, now)
    return answers.one(request, await _shown(session, who, certificate_id, now))


@router.post("/{certificate_id}/issue", response_model=CertificateOut, summary="核发证件")
async def issue(
    request: Request,
    certificate_id: fields.Id,
    wanted: IssueIn,
    who: access.MayDecideCertificates,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Issues what was applied for: to a regular officer in service who passed the exams the rules ask for."""
    await actions.issue(session, who, certificate_id, version, wanted, now)
    return answers.one(request, await _shown(session, who, certificate_id, now))


@router.post("/{certificate_id}/withdraw", response_model=CertificateOut, summary="撤回申请")
async def withdraw(
    request: Request,
    certificate_id: fields.Id,
    wanted: ReasonIn,
    who: access.MayApplyForCertificates,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """The unit takes its application back."""
    await actions.withdraw(session, who, certificate_id, version, wanted.reason, now)
    return answers.one(request, await _shown(session, who, certificate_id, now))


@router.post("/{certificate_id}/suspend", response_model=CertificateOut, summary="暂扣证件")
async def suspend(
    request: Request,
    certificate_id: fields.Id,
    wanted: SuspendIn,
    who: access.MayDecideCertificates,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Suspends from a day on, until a day or until it is lifted."""
    await actions.suspend(session, who, certificate_id, version, wanted, now)
    return answers.one(request, await _shown(session, who, certificate_id, now))


@router.post("/{certificate_id}/resume", response_model=CertificateOut, summary="恢复证件")
async def resume(
    request: Request,
    certificate_id: fields.Id,
    wanted: EndIn,
    who: access.MayDecideCertificates,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Lifts a suspension: from this day on the certificate holds again."""
    await actions.resume(session, who, certificate_id, version, wanted, now)
    return answers.one(request, await _shown(session, who, certificate_id, now))


@router.post("/{certificate_id}/cancel", response_model=CertificateOut, summary="注销证件")
async def cancel(
    request: Request,
    certificate_id: fields.Id,
    wanted: EndIn,
    who: access.MayDecideCertificates,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Cancels from a day on (调离, 退休, 死亡……); an application is refused by it."""
    await actions.cancel(session, who, certificate_id, version, wanted, now)
    return answers.one(request, await _shown(session, who, certificate_id, now))


@router.post("/{certificate_id}/revoke", response_model=CertificateOut, summary="吊销证件")
async def revoke(
    request: Request,
    certificate_id: fields.Id,
    wanted: EndIn,
    who: access.MayDecideCertificates,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Revokes from a day on, for good."""
    await actions.revoke(session, who, certificate_id, version, wanted, now)
    return answers.one(request, await _shown(session, who, certificate_id, now))


@router.post("/{certificate_id}/reinstate", response_model=CertificateOut, summary="恢复误注销证件")
async def reinstate(
    request: Request,
    certificate_id: fields.Id,
    wanted: ReasonIn,
    who: access.MayDecideCertificates,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Undoes a cancellation made by mistake."""
    await actions.reinstate(session, who, certificate_id, version, wanted.reason, now)
    return answers.one(request, await _shown(session, who, certificate_id, now))


async def _shown(session: Session, who: Principal, certificate_id: UUID, now: datetime) -> answers.One:
    return await queries.CERTIFICATE.one(session, who, certificate_id, today=clock.local_day(now))
