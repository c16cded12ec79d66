"""Routes of case files, except those by which they come in."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.cases_api import access
from services.cases_api.case_files.actions import acts, parties
from services.cases_api.case_files.queries import lists, masking, words
from services.cases_api.case_files.schemas.bodies import ArchiveIn, CaseFileChange, CloseIn, DecideIn
from services.cases_api.case_files.schemas.lists import CaseFileFilter, CaseFileOut, CaseFilePage, CaseMoveFilter, CaseMovePage
from services.cases_api.case_files.schemas.parties import DisclosureIn, PartyDisclosed
from services.cases_api.case_numbers.schemas import ReasonIn
from services.kit import answers, errors, exports, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, RuntimeDep, SessionDep

router = routing.router("/v1/case-files", "case-files")


@router.get("", response_model=CaseFilePage, summary="案卷列表")
async def page(
    request: Request,
    wanted: Annotated[CaseFileFilter, Query()],
    who: access.MayReadCaseFiles,
    read: ReadDep,
    cursors: CursorsDep,
    process: RuntimeDep,
) -> Response:
    """Case files the caller may see, by the day of filing; the steps are told by the single file only.

    `q` looks for words in the item, the case number and the names of organisations. Persons' names are looked into for
    those alone who may see them, in the files where they may; each such search is an entry of the audit trail. Where a round
    hides units from its reviewers they see the file masked, and no filter by what is masked finds it.
    """
    digests = parties.name_digests(process.extras["vault"])
    found = await lists.page(read, who, wanted, cursors.after(wanted), digests)
    if wanted.q is not None and words.may_search_names(who):
        await exports.audited(request, process, who, masking.OBJECT, {"found": len(found.items)}, "names_searched")
    return cursors.answer(found, wanted)


@router.get("/{case_file_id}", response_model=CaseFileOut, summary="案卷")
async def one(request: Request, case_file_id: fields.Id, who: access.MayReadCaseFiles, read: ReadDep) -> Response:
    """One case file with its steps; persons are masked."""
    return answers.one(request, await lists.FILE.one(read, who, case_file_id))


@router.patch("/{case_file_id}", response_model=CaseFileOut, summary="修改案卷")
async def change(
    request: Request,
    case_file_id: fields.Id,
    wanted: CaseFileChange,
    who: access.MayWriteCaseFiles,
    version: IfMatch,
    session: SessionDep,
    process: RuntimeDep,
    now: Now,
) -> Response:
    """Changes an open or decided file; closed ones are locked until reopened."""
    await acts.change(session, who, case_file_id, version, wanted, process.extras["vault"], now)
    return answers.one(request, await lists.FILE.one(session, who, case_file_id))


@router.post("/{case_file_id}/decide", response_model=CaseFileOut, summary="作出决定")
async def decide(
    request: Request,
    case_file_id: fields.Id,
    wanted: DecideIn,
    who: access.MayWriteCaseFiles,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Records the decision and its day."""
    await acts.decide(session, who, case_file_id, version, wanted, now)
    return answers.one(request, await lists.FILE.one(session, who, case_file_id))


@router.post("/{case_file_id}/close", response_model=CaseFileOut, summary="结案")
async def close(
    request: Request,
    case_file_id: fields.Id,
    wanted: CloseIn,
    who: access.MayCloseCaseFiles,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Closes the case, with or without a decision; the file is locked from then on."""
    await acts.close(session, who, case_file_id, version, wanted, now)
    return answers.one(request, await lists.FILE.one(session, who, case_file_id))


@router.post("/{case_file_id}/archive", response_model=CaseFileOut, summary="归档")
async def archive(
    request: Request,
    case_file_id: fields.Id,
    wanted: ArchiveIn,
    who: access.MayCloseCaseFiles,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Archives a closed file."""
    await acts.archive(session, who, case_file_id, version, wanted, now)
    return answers.one(request, await lists.FILE.one(session, who, case_file_id))


@router.post("/{case_file_id}/void", response_model=CaseFileOut, summary="作废案卷")
async def void(
    request: Request,
    case_file_id: fields.Id,
    who: access.MayVoidCaseFiles,
    version: IfMatch,
    session: SessionDep,
    now: Now,
    wanted: ReasonIn = ReasonIn(),
) -> Response:
    """Voids a file entered by mistake, with its number and a reason; both are kept."""
    await acts.void(session, who, case_file_id, version, wanted, now)
    return answers.one(request, await lists.FILE.one(session, who, case_file_id))


@router.post("/{case_file_id}/reopen", response_model=CaseFileOut, summary="重新打开案卷")
async def reopen(
    request: Request,
    case_file_id: fields.Id,
    who: access.MayReopenCaseFiles,
    version: IfMatch,
    session: SessionDep,
    now: Now,
    wanted: ReasonIn = ReasonIn(),
) -> Response:
    """Opens a closed or archived file again, with a reason."""
    await acts.reopen(session, who, case_file_id, version, wanted, now)
    return answers.one(request, await lists.FILE.one(session, who, case_file_id))


@router.get("/{case_file_id}/moves", response_model=CaseMovePage, summary="案卷状态变更记录")
async def moves(
    case_file_id: fields.Id,
    wanted: Annotated[CaseMoveFilter, Query()],
    who: access.MayReadCaseFiles,
    read: ReadDep,
    cursors: CursorsDep,
) -> Response:
    """The file's way through its states, from the first entry on."""
    return cursors.answer(await lists.moves(read, who, case_file_id, wanted, cursors.after(wanted)), wanted)


# The answer shows a person in clear, so it is never stored beside a key.
@router.post(
    "/{case_file_id}/party-disclosure",
    response_model=PartyDisclosed,
    summary="查看当事人明文信息",
    openapi_extra={routing.NEVER_KEPT: True},
)
async def disclose(
    request: Request,
    case_file_id: fields.Id,
    wanted: DisclosureIn,
    who: access.MayDiscloseParties,
    session: SessionDep,
    process: RuntimeDep,
) -> Response:
    """The party in clear, for a reason; each look is an entry of the audit trail. There is no dry run of it."""
    if request.query_params.get("dry_run") == "true":
        # It would show the data and leave no trace.
        raise errors.BadInput(errors.Fault("/query/dry_run", "not_allowed"))
    shown = await parties.disclose(session, who, case_file_id, wanted.reason, process.extras["vault"])
    return Response(shown.model_dump_json(exclude_none=True), media_type="application/json")
