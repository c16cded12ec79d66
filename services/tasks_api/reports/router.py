"""Routes of reports."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Query, Request, Response

from services.kit import answers, exports, fields, operations, preconditions, references, routing, workbooks
from services.kit.documents import rendering
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, RuntimeDep, SessionDep
from services.tasks_api import access
from services.tasks_api.reports import actions, formats, queries, rules
from services.tasks_api.reports.schemas import (
    FileForm,
    ReasonIn,
    ReportChange,
    ReportFilter,
    ReportIn,
    ReportOut,
    ReportPage,
    SendIn,
)

router = routing.router("/v1/reports", "reports")
BINARY: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
FILES: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            **dict.fromkeys((*rendering.MEDIA_TYPES.values(), workbooks.MEDIA_TYPES["xlsx"]), BINARY),
            "application/json": {"schema": {"type": "object"}},
        }
    }
}
ACCEPTED: dict[int | str, dict[str, Any]] = {202: {"description": "Gathering; see the operation."}}
SLOW = {routing.TAKES_TIME: True}


@router.get("", response_model=ReportPage, summary="报告列表")
async def page(
    wanted: Annotated[ReportFilter, Query()], who: access.MayReadReports, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Reports of the district, the latest period first; the government sees those approved or sent."""
    return cursors.answer(await queries.REPORTS.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", status_code=202, response_model=None, responses=ACCEPTED, summary="生成报告")
async def ask(wanted: ReportIn, who: access.MayWriteReports, session: SessionDep, now: Now) -> Response:
    """Begins a report of a quarter, a year, or a span of days; its figures are gathered behind the answer."""
    return operations.accepted(await actions.ask(session, who, wanted, now))


@router.get("/{report_id}", response_model=ReportOut, summary="报告")
async def one(request: Request, report_id: fields.Id, who: access.MayReadReports, read: ReadDep) -> Response:
    """A report with its words, its figures, and the hash of the figures."""
    return answers.one(request, await queries.REPORT.one(read, who, report_id))


@router.get("/{report_id}/file", response_class=Response, responses=FILES, openapi_extra=SLOW, summary="报告文件")
async def file(
    request: Request,
    report_id: fields.Id,
    who: access.MayReadReports,
    process: RuntimeDep,
    read: ReadDep,
    form: Annotated[FileForm, Query(alias="format", description="文件格式。")] = "pdf",
) -> Response:
    """The report as PDF or .docx in the layout of GB/T 9704, its figures as .xlsx or JSON. The same report, the same bytes."""
    report = await queries.one_row(read, who, report_id)
    if report.data is None:
        raise rules.NotReady
    if form == "json":
        made, media_type = json.dumps(report.data, ensure_ascii=False, sort_keys=True).encode(), "application/json"
    elif form == "xlsx":
        blocks = [block async for block in workbooks.written(_lines(report), "xlsx", "报告")]
        made, media_type = b"".join(blocks), workbooks.MEDIA_TYPES["xlsx"]
    else:
        district = await references.unit(read, report.district_id)
        bureau = await references.unit(read, report.unit_id)
        paper = formats.paper(report, district.name.removesuffix("人民政府"), bureau.name)
        made, media_type = await rendering.render(paper, form, report.as_of), rendering.MEDIA_TYPES[form]
    await exports.audited(request, process, who, actions.OBJECT, {"report_id": str(report_id), "format": form})
    headers = {
        "ETag": preconditions.etag_of(report.version),
        "Content-Disposition": answers.file_name_header(f"{report.title}.{form}"),
    }
    return Response(made, media_type=media_type, headers=headers)


async def _lines(report: Any) -> AsyncIterator[bytes]:
    for row in formats.sheet(report):
        yield json.dumps(row, ensure_ascii=False).encode() + b"\n"


@router.patch("/{report_id}", response_model=ReportOut, summary="修改报告文字")
async def change(
    request: Request,
    report_id: fields.Id,
    wanted: ReportChange,
    who: access.MayWriteReports,
    version: IfMatch,
    session: SessionDep,
) -> Response:
    """Changes title, words or number of a draft. The figures are never typed."""
    await actions.change(session, who, report_id, version, wanted)
    return answers.one(request, await queries.REPORT.one(session, who, report_id))


@router.post("/{report_id}/refresh", status_code=202, response_model=None, responses=ACCEPTED, summary="重新汇集数据")
async def refresh(report_id: fields.Id, who: access.MayWriteReports, version: IfMatch, session: SessionDep) -> Response:
    """Gathers the figures of a draft anew."""
    return operations.accepted(await actions.refresh(session, who, report_id, version))


@router.post("/{report_id}/approve", response_model=ReportOut, summary="审批报告")
async def approve(
    request: Request, report_id: fields.Id, who: access.MayWriteReports, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Approves a draft; 409 `report.same_person` for whoever drew it up."""
    await actions.approve(session, who, report_id, version, now)
    return answers.one(request, await queries.REPORT.one(session, who, report_id))


@router.post("/{report_id}/send", response_model=ReportOut, summary="登记报送")
async def send(
    request: Request,
    report_id: fields.Id,
    wanted: SendIn,
    who: access.MayWriteReports,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Records when and to whom an approved report was sent (plan task 21)."""
    await actions.send(session, who, report_id, version, wanted, now)
    return answers.one(request, await queries.REPORT.one(session, who, report_id))


@router.post("/{report_id}/void", response_model=ReportOut, summary="作废报告")
async def void(
    request: Request, report_id: fields.Id, wanted: ReasonIn, who: access.MayWriteReports, version: IfMatch, session: SessionDep
) -> Response:
    """Makes a report void that was not sent; it stays readable."""
    await actions.void(session, who, report_id, version, wanted.reason)
    return answers.one(request, await queries.REPORT.one(session, who, report_id))
