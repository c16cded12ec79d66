"""Builds a service: error handlers, health, metrics, background work, and the OpenAPI document, the same for all four."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.exceptions import HTTPException

from services.kit import (
    auth,
    db,
    db_faults,
    envelope,
    errors,
    faults,
    jobs,
    logs,
    openapi,
    problems,
    relay,
    schema_version,
    trace,
)
from services.kit import clock as clocks
from services.kit.runtime import Runtime
from services.kit.settings import Settings

# Work of a service's own beside its requests, with figures of its own.
Worker = Callable[[Runtime, CollectorRegistry], AbstractAsyncContextManager[None]]
BY_STATUS: Mapping[int, type[errors.DomainError]] = {
    401: errors.Unauthorized,
    403: errors.Forbidden,
    404: errors.NotFound,
    405: errors.MethodNotAllowed,
    413: errors.TooLarge,
    415: errors.UnsupportedMediaType,
    503: errors.Unavailable,
}


def build_service(
    service: str,
    title: str,
    routers: Sequence[APIRouter],
    *,
    settings: Settings | None = None,
    clock: clocks.Clock = clocks.now,
    tasks: Sequence[jobs.Task] = (),
    steps: Sequence[tuple[relay.Step, float]] = (),
    workers: Sequence[Worker] = (),
    extras: Callable[[Settings], dict[str, Any]] = lambda _: {},
) -> FastAPI:
    """The application of one service. `extras` makes what only this service holds (a signer, a file store);
    `steps` are its own work behind the writers, each with the seconds between two runs; `workers` live as long as it does."""
    chosen = settings or Settings()
    runtime = _runtime(service, chosen, clock, extras)
    metrics = envelope.Metrics(service)
    app = FastAPI(
        title=title,
        lifespan=lambda _: _lifespan(runtime, tasks, steps, [partial(worker, runtime, metrics.registry) for worker in workers]),
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        root_path_in_servers=False,
        separate_input_output_schemas=False,
        generate_unique_id_function=openapi.operation_id,
    )
    app.state.runtime = runtime
    app.state.metrics = metrics
    for router in routers:
        app.include_router(router)
    _add_health(app, runtime, metrics)
    _add_error_handlers(app)
    app.add_middleware(envelope.Envelope, metrics=metrics, public_url=chosen.public_url)
    openapi.describe(app, service)
    return app


def _runtime(service: str, settings: Settings, clock: clocks.Clock, extras: Callable[[Settings], dict[str, Any]]) -> Runtime:
    if settings.jwks_file is None:
        raise RuntimeError("ZHIFA_JWKS_FILE is not set")
    return Runtime(
        service=service,
        settings=settings,
        database=db.Database(settings),
        verifier=auth.Verifier.from_jwks_file(settings.jwks_file, settings.public_url),
        clock=clock,
        cursor_key=settings.secret(settings.cursor_key_file, "cursor_key_file"),
        extras=extras(settings),
    )


@asynccontextmanager
async def _lifespan(
    runtime: Runtime,
    tasks: Sequence[jobs.Task],
    steps: Sequence[tuple[relay.Step, float]],
    workers: Sequence[Callable[[], AbstractAsyncContextManager[None]]],
) -> AsyncIterator[None]:
    """Refuses to start on a database behind the code; runs relay and job worker while the service lives."""
    logs.configure(runtime.service, runtime.settings.log_level)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(runtime.database.close)
        await schema_version.check(runtime.database)
        await relay.reread_revocations(runtime)
        for step, seconds in (*relay.STEPS, *steps):
            background = asyncio.create_task(relay.repeat(runtime, step, seconds))
            stack.push_async_callback(db.cancel_safely, background)
        if tasks:
            await stack.enter_async_context(jobs.working(runtime, tasks))
        for worker in workers:
            await stack.enter_async_context(worker())
        yield


def _add_health(app: FastAPI, runtime: Runtime, metrics: envelope.Metrics) -> None:
    async def livez() -> Response:
        return Response('{"status":"alive"}', media_type="application/json")

    async def readyz() -> Response:
        try:
            async with asyncio.timeout(2):
                await runtime.database.ping()
                await schema_version.check(runtime.database)
        except Exception as error:
            raise db_faults.DatabaseUnavailable(retry_after=1) from error
        return Response('{"status":"ready"}', media_type="application/json")

    async def version() -> Response:
        return Response(f'{{"service":"{runtime.service}","version":"{envelope.API_VERSION}"}}', media_type="application/json")

    async def show_metrics() -> Response:
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)

    for path, handler in (("/livez", livez), ("/readyz", readyz), ("/version", version), ("/metrics", show_metrics)):
        app.add_api_route(path, handler, methods=["GET"], include_in_schema=False, openapi_extra={"security": []})


def _add_error_handlers(app: FastAPI) -> None:
    app.add_exception_handler(errors.DomainError, _answer_domain)
    app.add_exception_handler(RequestValidationError, _answer_validation)
    app.add_exception_handler(HTTPException, _answer_http)


async def _answer_domain(request: Request, error: Exception) -> Response:
    assert isinstance(error, errors.DomainError)
    status, headers, body = problems.render(
        error,
        language=problems.language_of(request.headers.get("accept-language")),
        trace_id=trace.current_id(),
        instance=request.url.path,
    )
    response = Response(body, status_code=status)
    response.raw_headers = headers
    return response


async def _answer_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return await _answer_domain(request, errors.BadInput(*faults.of_validation(error.errors(), error.body)))


async def _answer_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    response = await _answer_domain(request, BY_STATUS.get(error.status_code, errors.BadInput)())
    if allow := (error.headers or {}).get("Allow"):
        response.headers["Allow"] = allow
    return response
