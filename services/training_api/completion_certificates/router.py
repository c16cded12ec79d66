"""Routes of completion certificates."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path, Query, Request, Response

from services.kit import answers, batches, clock, fields, preconditions, routing
from services.kit.documents import rendering
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Language, Now, ReadDep, RuntimeDep, SessionDep
from services.training_api import access
from services.training_api.completion_certificates import queries
from services.training_api.completion_certificates.actions import acts
from services.training_api.completion_certificates.rules import Status
from services.training_api.completion_certificates.schemas import (
    BatchIn,
    CompletionCertificateFilter,
    CompletionCertificateOut,
    CompletionCertificatePage,
    CompletionVerificationOut,
    IssuedOut,
    IssueIn,
    Number,
    ReasonIn,
)

PATH = "/v1/completion-certificates"
router = routing.router(PATH, "completion_certificates")
class_router = routing.router("/v1/classes/{class_id}", "completion_certificates")

SLOW: dict[str, Any] = {routing.TAKES_TIME: True}
PRINTED: dict[int | str, dict[str, Any]] = {
    200: {"content": {rendering.PDF_TYPE: {"schema": {"type": "string", "format": "binary"}}}}
}


@router.get("", response_model=CompletionCertificatePage, summary="结业证书列表")
async def page(
    wanted: Annotated[CompletionCertificateFilter, Query()],
    who: access.MayReadCompletionCertificates,
    read: ReadDep,
    cursors: CursorsDep,
) -> Response:
    """Certificates of the caller's officers and those the caller's unit issued, newest first."""
    return cursors.answer(await queries.CERTIFICATES.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=CompletionCertificateOut, status_code=201, summary="颁发结业证书")
async def issue(
    request: Request, wanted: IssueIn, who: access.MayIssueCompletionCertificates, session: SessionDep, now: Now
) -> Response:
    """Issues a certificate of a class (by its organiser) or of a year's hours, over the posted hours that stand now.

    409 `completion_certificate.no_hours`, `completion_certificate.issued_already` while one of the class or year stands.
    """
    made = await acts.issue(session, who, wanted, now)
    return answers.created(request, await queries.CERTIFICATE.one(session, who, made.id), f"{PATH}/{made.id}")


@router.post("/batch", response_model=batches.Outcomes, openapi_extra=SLOW, summary="批量颁发结业证书")
async def batch(
    wanted: BatchIn, who: access.MayIssueCompletionCertificates, session: SessionDep, now: Now, language: Language
) -> batches.Outcomes:
    """Issues up to 500; each item has its own outcome. `atomic`: all or none."""
    return await acts.batch(session, who, wanted, now, language)


@class_router.post("/completion-certificates", response_model=IssuedOut, openapi_extra=SLOW, summary="为全班颁发结业证书")
async def issue_class(
    class_id: fields.Id, who: access.MayIssueCompletionCertificates, session: SessionDep, now: Now
) -> IssuedOut:
    """Issues to everybody with hours of the class who has no standing certificate of it. Safe to repeat."""
    return await acts.issue_class(session, who, class_id, now)


@router.get("/pdf", response_class=Response, responses=PRINTED, openapi_extra=SLOW, summary="全班结业证书（PDF）")
async def class_pdf(
    class_id: Annotated[fields.Id, Query()], who: access.MayReadCompletionCertificates, process: RuntimeDep
) -> Response:
    """The valid certificates of a class that the caller sees, a page each by number; the first 100."""
    made, _ = await acts.pdf(process.database, who, process.settings.public_url, None, class_id)
    return _file(made, "结业证书.pdf")


@router.get(
    "/{number}/verification",
    response_model=CompletionVerificationOut,
    summary="核验结业证书",
    openapi_extra={"security": []},
)
async def verify(number: Annotated[Number, Path()], read: ReadDep, now: Now) -> Response:
    """What anybody may learn of a number: valid, superseded, hours_reversed or unknown, with the name masked."""
    today = clock.local_day(now)
    status, name = await queries.verified(read, number, today)
    shown = CompletionVerificationOut(number=number.upper(), status=Status(status), name=name, checked_on=today)
    return Response(shown.model_dump_json(exclude_none=True), media_type="application/json")


@router.get("/{certificate_id}", response_model=CompletionCertificateOut, summary="结业证书")
async def one(request: Request, certificate_id: fields.Id, who: access.MayReadCompletionCertificates, read: ReadDep) -> Response:
    """One certificate, as it stands today."""
    return answers.one(request, await queries.CERTIFICATE.one(read, who, certificate_id))


@router.get("/{certificate_id}/pdf", response_class=Response, responses=PRINTED, openapi_extra=SLOW, summary="结业证书（PDF）")
async def pdf(certificate_id: fields.Id, who: access.MayReadCompletionCertificates, process: RuntimeDep) -> Response:
    """The page to hand out, with number, QR code and room for the seal; the same certificate gives the same bytes.

    What is valid no longer is printed with that across the page.
    """
    made, version = await acts.pdf(process.database, who, process.settings.public_url, certificate_id, None)
    answer = _file(made, "结业证书.pdf")
    answer.headers["ETag"] = preconditions.etag_of(version)
    return answer


@router.post("/{certificate_id}/reissue", response_model=CompletionCertificateOut, status_code=201, summary="换发结业证书")
async def reissue(
    request: Request,
    certificate_id: fields.Id,
    wanted: ReasonIn,
    who: access.MayIssueCompletionCertificates,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Supersedes a certificate by a new one, with names and hours as they stand now. Answers the new one."""
    made = await acts.reissue(session, who, certificate_id, version, wanted.reason, now)
    return answers.created(request, await queries.CERTIFICATE.one(session, who, made.id), f"{PATH}/{made.id}")


@router.post("/{certificate_id}/withdraw", response_model=CompletionCertificateOut, summary="撤回结业证书")
async def withdraw(
    request: Request,
    certificate_id: fields.Id,
    wanted: ReasonIn,
    who: access.MayIssueCompletionCertificates,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Takes a certificate back without another; its number answers `superseded` from now on."""
    await acts.withdraw(session, who, certificate_id, version, wanted.reason, now)
    return answers.one(request, await queries.CERTIFICATE.one(session, who, certificate_id))


def _file(made: bytes, name: str) -> Response:
    return Response(made, media_type=rendering.PDF_TYPE, headers={"Content-Disposition": answers.file_name_header(name)})
