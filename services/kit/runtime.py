"""What a process holds while it runs: settings, database, verifier, clock. Found at `app.state.runtime`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request

from services.kit import auth, problems
from services.kit.clock import Clock
from services.kit.db import Database, Reader, Session
from services.kit.settings import Settings


@dataclass(frozen=True, slots=True)
class Runtime:
    """Made once per process by `app.build_service` and handed to each request."""

    service: str
    settings: Settings
    database: Database
    verifier: auth.Verifier
    clock: Clock
    cursor_key: bytes
    extras: dict[str, Any]


def of(request: Request) -> Runtime:
    """The runtime of the process that serves this request."""
    found: Runtime = request.app.state.runtime
    return found


async def _now(request: Request) -> datetime:
    return of(request).clock()


async def _session(request: Request) -> Session:
    # Begun and ended by the route: one transaction per request, committed before the answer leaves.
    session: Session = request.state.session
    return session


async def _reader(request: Request) -> Reader:
    reader: Reader = request.state.reader
    return reader


async def _language(request: Request) -> str:
    return problems.language_of(request.headers.get("accept-language"))


Now = Annotated[datetime, Depends(_now)]
SessionDep = Annotated[Session, Depends(_session)]
ReadDep = Annotated[Reader, Depends(_reader)]
RuntimeDep = Annotated[Runtime, Depends(of)]
# `zh-CN` or `en`, as the caller prefers.
Language = Annotated[str, Depends(_language)]
