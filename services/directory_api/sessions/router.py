"""Routes of signing in, and of sessions."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Query, Request, Response

from services.directory_api import access
from services.directory_api.sessions import actions, queries
from services.directory_api.sessions.schemas import (
    LogoutForm,
    PasswordIn,
    SessionFilter,
    SessionOut,
    SessionPage,
    TokenForm,
    TokenOut,
)
from services.kit import answers, fields, routing, runtime
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, RuntimeDep, SessionDep

auth = routing.router("/auth", "sessions")
well_known = routing.router("/.well-known", "sessions")
router = routing.router("/v1/sessions", "sessions")

OPEN: dict[str, list[str]] = {"security": []}


def _desk(request: Request) -> actions.Desk:
    process = runtime.of(request)
    return actions.Desk(process.settings, process.extras["signer"], routing.client_address(request), process.clock())


@auth.post("/token", response_model=TokenOut, response_model_exclude_none=True, summary="登录与续期", openapi_extra=OPEN)
async def token(request: Request, form: Annotated[TokenForm, Form()], session: SessionDep) -> TokenOut:
    """Signs in by password, refreshes, or admits a machine client. Failures of all kinds look alike and are counted."""
    return await actions.grant(session, form, _desk(request))


@auth.post("/logout", status_code=204, response_class=Response, summary="退出登录", openapi_extra=OPEN)
async def logout(request: Request, form: Annotated[LogoutForm, Form()], session: SessionDep) -> Response:
    """Ends the session of the refresh token; its access token is void within seconds."""
    await actions.sign_out(session, form.refresh_token, _desk(request))
    return Response(status_code=204)


@auth.post("/password", status_code=204, response_class=Response, summary="修改本人口令", openapi_extra=OPEN)
async def password(request: Request, wanted: PasswordIn, session: SessionDep) -> Response:
    """Sets the own password, proven by the current one. Needed before the first sign-in with a password told by others."""
    await actions.change_password(session, wanted, _desk(request))
    return Response(status_code=204)


@well_known.get("/jwks.json", summary="公钥", openapi_extra=OPEN)
async def jwks(process: RuntimeDep) -> Response:
    """The public keys that access tokens are signed with (RFC 7517)."""
    return Response(process.extras["jwks"], media_type="application/json")


@router.get("", response_model=SessionPage, summary="会话列表")
async def page(
    wanted: Annotated[SessionFilter, Query()], who: access.MayManageSessions, read: ReadDep, cursors: CursorsDep
) -> Response:
    """The own sessions, newest first; an administrator sees those of every account."""
    return cursors.answer(await queries.SESSIONS.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.get("/{session_id}", response_model=SessionOut, summary="会话")
async def one(request: Request, session_id: fields.Id, who: access.MayManageSessions, read: ReadDep) -> Response:
    """One session."""
    return answers.one(request, await queries.SESSION.one(read, who, session_id))


@router.delete("/{session_id}", response_model=SessionOut, summary="结束会话")
async def end(
    request: Request, session_id: fields.Id, who: access.MayManageSessions, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Ends a session; its tokens are void within seconds."""
    await actions.end(session, who, session_id, version, now)
    return answers.one(request, await queries.SESSION.one(session, who, session_id))
