"""Routes of discretion benchmarks."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.cases_api import access
from services.cases_api.discretion_benchmarks import actions, queries
from services.cases_api.discretion_benchmarks.schemas import (
    BenchmarkChange,
    BenchmarkFilter,
    BenchmarkIn,
    BenchmarkOut,
    BenchmarkPage,
    DropIn,
    FileIn,
    LawChangeFilter,
    LawChangeIn,
    LawChangeOut,
    LawChangePage,
    PublishIn,
    ReceiveIn,
    RepealIn,
)
from services.kit import answers, clock, fields, routing
from services.kit.db import Reader, Session
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.principal import Principal
from services.kit.runtime import Now, ReadDep, SessionDep

router = routing.router("/v1/discretion-benchmarks", "discretion-benchmarks")
changes_router = routing.router("/v1/law-changes", "law-changes")


async def _shown(request: Request, connection: Reader | Session, who: Principal, benchmark_id: fields.Id, now: Now) -> Response:
    return answers.one(request, await queries.BENCHMARK.one(connection, who, benchmark_id, today=clock.local_day(now)))


@router.get("", response_model=BenchmarkPage, summary="裁量权基准列表")
async def page(
    wanted: Annotated[BenchmarkFilter, Query()], who: access.MayReadBenchmarks, read: ReadDep, cursors: CursorsDep, now: Now
) -> Response:
    """Versions, newest first; `in_force_on` tells which holds on a day, `filing_owed` what the bureau has not got."""
    start, today = cursors.after(wanted), clock.local_day(now)
    return cursors.answer(await queries.BENCHMARKS.page(read, who, wanted, start, today=today), wanted)


@router.post("", response_model=BenchmarkOut, status_code=201, summary="起草裁量权基准")
async def create(
    request: Request, wanted: BenchmarkIn, who: access.MayWriteBenchmarks, session: SessionDep, now: Now
) -> Response:
    """Drafts a version of a unit's benchmark; with 零幅度 each band has one value."""
    made = await actions.create(session, who, wanted, now)
    shown = await queries.BENCHMARK.one(session, who, made.id, today=clock.local_day(now))
    return answers.created(request, shown, f"/v1/discretion-benchmarks/{made.id}")


@router.get("/{benchmark_id}", response_model=BenchmarkOut, summary="裁量权基准")
async def one(request: Request, benchmark_id: fields.Id, who: access.MayReadBenchmarks, read: ReadDep, now: Now) -> Response:
    """One version, with where its filing stands and whether a change of law makes a new one due."""
    return await _shown(request, read, who, benchmark_id, now)


@router.patch("/{benchmark_id}", response_model=BenchmarkOut, summary="修改裁量权基准草案")
async def change(
    request: Request,
    benchmark_id: fields.Id,
    wanted: BenchmarkChange,
    who: access.MayWriteBenchmarks,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Changes a draft; a list sent replaces the whole."""
    await actions.change(session, who, benchmark_id, version, wanted)
    return await _shown(request, session, who, benchmark_id, now)


@router.post("/{benchmark_id}/publish", response_model=BenchmarkOut, summary="公布裁量权基准")
async def publish(
    request: Request,
    benchmark_id: fields.Id,
    wanted: PublishIn,
    who: access.MayPublishBenchmarks,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Makes a version public and in force on its days; the version it replaces ends the day before.

    409 `benchmark.no_bands`, `benchmark.overlapping`, `benchmark.not_newer`, `benchmark.illegal_move`.
    """
    await actions.publish(session, who, benchmark_id, version, wanted, now)
    return await _shown(request, session, who, benchmark_id, now)


@router.post("/{benchmark_id}/drop", response_model=BenchmarkOut, summary="放弃裁量权基准草案")
async def drop(
    request: Request,
    benchmark_id: fields.Id,
    wanted: DropIn,
    who: access.MayPublishBenchmarks,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Gives up a draft, with a reason; it stays readable to its unit."""
    await actions.drop(session, who, benchmark_id, version, wanted.reason)
    return await _shown(request, session, who, benchmark_id, now)


@router.post("/{benchmark_id}/repeal", response_model=BenchmarkOut, summary="废止裁量权基准")
async def repeal(
    request: Request,
    benchmark_id: fields.Id,
    wanted: RepealIn,
    who: access.MayPublishBenchmarks,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Gives a version its last day without a successor."""
    await actions.repeal(session, who, benchmark_id, version, wanted)
    return await _shown(request, session, who, benchmark_id, now)


@router.post("/{benchmark_id}/file", response_model=BenchmarkOut, summary="报备裁量权基准")
async def file(
    request: Request,
    benchmark_id: fields.Id,
    wanted: FileIn,
    who: access.MayPublishBenchmarks,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Sends a public version to the bureau (plan task 7, O7). 409 `benchmark.already_filed` the second time."""
    await actions.file(session, who, benchmark_id, version, wanted, now)
    return await _shown(request, session, who, benchmark_id, now)


@router.post("/{benchmark_id}/receive", response_model=BenchmarkOut, summary="办理基准备案")
async def receive(
    request: Request,
    benchmark_id: fields.Id,
    wanted: ReceiveIn,
    who: access.MayReceiveBenchmarks,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """The bureau answers a filing with its number and opinion, once; 409 `benchmark.not_filed` otherwise."""
    await actions.receive(session, who, benchmark_id, version, wanted, now)
    return await _shown(request, session, who, benchmark_id, now)


@changes_router.get("", response_model=LawChangePage, summary="法律法规规章变动列表")
async def changes(
    wanted: Annotated[LawChangeFilter, Query()], who: access.MayReadBenchmarks, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Changes of law noted, newest first, each with how many versions in force it makes due."""
    return cursors.answer(await queries.LAW_CHANGES.page(read, who, wanted, cursors.after(wanted)), wanted)


@changes_router.post("", response_model=LawChangeOut, status_code=201, summary="登记法律法规规章变动")
async def record_change(
    request: Request, wanted: LawChangeIn, who: access.MayReceiveBenchmarks, session: SessionDep, now: Now
) -> Response:
    """Notes that a law changed on a day: versions founded on it since before are due for a new one."""
    made = await actions.record_law_change(session, who, wanted, now)
    return answers.created(request, await queries.LAW_CHANGE.one(session, who, made.id), f"/v1/law-changes/{made.id}")


@changes_router.get("/{change_id}", response_model=LawChangeOut, summary="法律法规规章变动")
async def one_change(request: Request, change_id: fields.Id, who: access.MayReadBenchmarks, read: ReadDep) -> Response:
    """One change of law."""
    return answers.one(request, await queries.LAW_CHANGE.one(read, who, change_id))
