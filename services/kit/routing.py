"""The route class of every service: who is calling, strict body, one transaction, idempotency, then the handler.

All that surrounds a handler stands here once, in this order: token → body → parameters → transaction (key, handler,
audit and outbox rows, kept answer, commit) → answer. The commit happens before the first byte of the answer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import unquote

from fastapi import APIRouter, Request, Response, params
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import Scope

from services.kit import (
    addresses,
    audit,
    bodies,
    clock,
    db,
    db_faults,
    deadlines,
    errors,
    idempotency,
    identity,
    rights,
    runtime,
    trace,
)
from services.kit.runtime import Runtime

Handler = Callable[[Request], Awaitable[Response]]
READING = frozenset({"GET", "HEAD"})
# Methods that say how something is to be: when it is so already, nothing has happened, and nothing is told.
REPLACING = frozenset({"PATCH", "PUT"})
# Marks a POST that only looks something up (a search whose key must not stand in a URL).
ONLY_READS = "x-only-reads"
# Marks a POST whose answer must not be stored beside its Idempotency-Key (it shows a secret); repeating it does no harm.
NEVER_KEPT = "x-never-kept"
# Marks a POST whose dry run is long work of its own: it is kept, and the job it starts writes nothing but its report.
KEEPS_DRY_RUNS = "x-keeps-dry-runs"
# Marks an operation that takes a large file or makes one, and so more time than others.
TAKES_TIME = "x-takes-time"
TIMES = 3


class UnauditedWrite(RuntimeError):
    """A handler changed something and recorded nothing."""


class Route(APIRoute):
    """One operation. Open operations (no right) are marked by `openapi_extra={"security": []}`."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        """FastAPI's handler, wrapped."""
        return Surroundings(self, super().get_route_handler()).serve


class Surroundings:
    """What one route does around its handler; made once per route."""

    def __init__(self, route: Route, handler: Handler) -> None:
        self.handler = handler
        self.right = rights.right_of(route.dependant)
        self.takes_form = route.body_field is not None and isinstance(route.body_field.field_info, params.Form)
        self.takes_body = route.body_field is not None
        self.form_names = _form_names(route)
        self.demands_body = route.body_field is not None and route.body_field.field_info.is_required()
        self.only_reads = bool((route.openapi_extra or {}).get(ONLY_READS))
        self.never_kept = bool((route.openapi_extra or {}).get(NEVER_KEPT))
        self.keeps_dry_runs = bool((route.openapi_extra or {}).get(KEEPS_DRY_RUNS))
        self.patience = TIMES if (route.openapi_extra or {}).get(TAKES_TIME) else 1
        self.name = route.name
        self.parameters = _query_names(route)
        if not READING.issuperset(route.methods or ()) and self.right is not None:
            self.parameters |= {"dry_run"}

    async def serve(self, plain: Request) -> Response:
        """Answers one request; database errors come out as the domain errors they stand for."""
        request = bodies.StrictRequest(plain.scope, plain.receive)
        process = runtime.of(request)
        try:
            self._authenticate(request, process)
            if request.method in READING:
                self._check_parameters(request)
                return await self._read(request, process)
            digest = await self._admit(request, process)
            self._check_parameters(request)
            return await self._write(request, process, digest)
        except (errors.DomainError, RequestValidationError, HTTPException):
            raise
        except Exception as error:
            known = db_faults.translated(error)
            if known is None:
                raise
            raise known from error
        finally:
            # Files of a form that no handler came to see.
            await request.close()

    def _authenticate(self, request: Request, process: Runtime) -> None:
        if self.right is None:
            return
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise errors.Unauthorized
        claims = process.verifier.claims_of(token, int(process.clock().timestamp()))
        request.state.claims = claims
        request.state.principal = claims.to_principal()
        # Asked here as well as by the handler's parameter: no body of a caller without the right is read.
        self.right.admit(request.state.principal)

    async def _admit(self, request: bodies.StrictRequest, process: Runtime) -> bytes:
        settings = process.settings
        if self.takes_form:
            return await bodies.admit_form(request, settings.max_upload_bytes, self.form_names)
        return await bodies.admit_json(request, settings.max_body_bytes, expected=self.takes_body, demanded=self.demands_body)

    def _check_parameters(self, request: Request) -> None:
        sent = [name for name, _ in request.query_params.multi_items()]
        faults = [
            errors.Fault(f"/query/{name[:100]}", code)
            for name in dict.fromkeys(sent)
            for code in _parameter_faults(name, sent, self.parameters)
        ]
        if faults:
            raise errors.BadInput(*faults)

    async def _read(self, request: Request, process: Runtime) -> Response:
        async with deadlines.within(process.settings.request_seconds * self.patience), process.database.reading() as reader:
            request.state.reader = reader
            return await self.handler(request)

    async def _write(self, request: Request, process: Runtime, digest: bytes) -> Response:
        dry = _is_dry(request) and not self.keeps_dry_runs
        async with deadlines.within(process.settings.request_seconds * self.patience), process.database.session() as session:
            request.state.session = session
            session.info["circumstances"] = circumstances(request, process)
            key = None if dry else self._key(request, digest)
            if key is not None and (replay := await idempotency.claim(session, key)) is not None:
                return replay
            answer = await self._answer(request, session, dry=dry)
            if request.method in REPLACING:
                await session.flush()
                audit.forget_if_nothing_changed(session)
            self._demand_audit(session, answer)
            kept = None if key is None or answer.status_code >= 400 else idempotency.kept(key, answer, process.clock())
            await db.finish(session, dry=dry, kept=kept)
            return answer

    def _demand_audit(self, session: db.Session, answer: Response) -> None:
        """No change without its audit row: forgetting one is a fault of ours and rolls the request back."""
        if answer.status_code < 400 and not audit.is_told(session) and not self.only_reads:
            raise UnauditedWrite(self.name)

    async def _answer(self, request: Request, session: db.Session, *, dry: bool) -> Response:
        try:
            return await self.handler(request)
        except errors.DomainError as refusal:
            if refusal.keeps_changes:
                await db.finish(session, dry=dry)
            raise

    def _key(self, request: Request, digest: bytes) -> idempotency.Key | None:
        sent = request.headers.get("idempotency-key")
        if sent is None or request.method != "POST" or self.right is None or self.never_kept:
            return None
        name = idempotency.checked_name(sent)
        path, query = request.url.path, request.url.query
        route = f"{request.method} {path}"
        return idempotency.Key(
            request.state.principal.account_id, route, name, idempotency.hash_of(request.method, path, query, digest)
        )


def _parameter_faults(name: str, sent: Sequence[str], allowed: frozenset[str]) -> list[str]:
    if name not in allowed:
        return ["unknown_parameter"]
    return ["repeated_parameter"] if sent.count(name) > 1 else []


def _query_names(route: APIRoute) -> frozenset[str]:
    """Names of the query parameters a route takes, models flattened."""
    names: set[str] = set()

    def collect(dependant: Any) -> None:
        for field in dependant.query_params:
            fields = getattr(field.field_info.annotation, "model_fields", None)
            names.update(_aliases(fields) if fields else [field.alias])
        for dependency in dependant.dependencies:
            collect(dependency)

    collect(route.dependant)
    return frozenset(names)


def _form_names(route: APIRoute) -> frozenset[str] | None:
    """Names of a form's fields where they are parameters of their own; a model refuses unknown names by itself."""
    body = route.dependant.body_params
    if any(hasattr(field.field_info.annotation, "model_fields") for field in body):
        return None
    return frozenset(field.alias for field in body)


def _aliases(fields: dict[str, Any]) -> list[str]:
    return [field.alias or name for name, field in fields.items()]


def _is_dry(request: Request) -> bool:
    sent = request.query_params.get("dry_run", "false")
    if sent not in {"true", "false"}:
        raise errors.BadInput(errors.Fault("/query/dry_run", "not_allowed"))
    return sent == "true"


def circumstances(request: Request, process: Runtime) -> audit.Circumstances:
    """What audit rows tell of the request at hand."""
    return audit.Circumstances(
        service=process.service,
        now=process.clock(),
        trace_id=trace.current_id(),
        reason=_change_reason(request),
        address=client_address(request),
        who=getattr(request.state, "principal", None),
    )


def _change_reason(request: Request) -> str | None:
    """`X-Change-Reason`, percent-encoded UTF-8 because header values are ASCII; at most 500 characters."""
    sent = request.headers.get("x-change-reason")
    if sent is None:
        return None
    reason = unquote(sent).strip()
    if not (1 <= len(reason) <= 500) or not reason.isprintable():
        raise errors.BadInput(errors.Fault("/header/x-change-reason", "wrong_format"))
    if identity.stands_in(reason, clock.local_day(clock.now())):
        raise errors.BadInput(errors.Fault("/header/x-change-reason", "identity_misplaced"))
    return reason


def client_address(request: Request) -> str | None:
    """The caller's address as the gateway passes it on; the gateway strips what the caller sent under that name."""
    said = addresses.parsed(request.headers.get("x-forwarded-for", ""))
    if said is not None:
        return str(said)
    return request.client.host if request.client else None


class FeatureRouter(APIRouter):
    """A router that is asked about its own paths alone. Routes are compared one by one, and a service has more than a hundred:
    without this the last feature's answers took three times as long as the first one's.
    """

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Nothing for a path that does not begin as this router's do."""
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        return super().matches(scope) if path.startswith(self.prefix.partition("{")[0]) else (Match.NONE, {})


def router(prefix: str, tag: str, **options: Any) -> APIRouter:
    """A feature's router: its URL segment and its tag in the document."""
    return FeatureRouter(prefix=prefix, tags=[tag], route_class=Route, redirect_slashes=False, **options)
