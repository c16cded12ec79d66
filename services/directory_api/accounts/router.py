"""Routes of accounts."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import Query, Request, Response

from services.directory_api import access
from services.directory_api.accounts import actions, queries
from services.directory_api.accounts.rules import AccountState
from services.directory_api.accounts.schemas import AccountChange, AccountFilter, AccountIn, AccountOut, AccountPage, MeOut
from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, RuntimeDep, SessionDep

router = routing.router("/v1/accounts", "accounts")
own = routing.router("/v1/me", "accounts")

# An answer that shows a password once is not kept for a replay.
ONCE = {routing.NEVER_KEPT: True}


@own.get("", response_model=MeOut, response_model_exclude_none=True, summary="当前账号")
async def me(who: access.MayReadOwn, read: ReadDep) -> MeOut:
    """The caller: name, roles and unit, as the token has them."""
    return await queries.me(read, who)


@router.get("", response_model=AccountPage, summary="账号列表")
async def page(
    wanted: Annotated[AccountFilter, Query()], who: access.MayReadAccounts, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Accounts in the order of their usernames."""
    return cursors.answer(await queries.ACCOUNTS.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=AccountOut, status_code=201, summary="新增账号", openapi_extra=ONCE)
async def create(
    request: Request, wanted: AccountIn, who: access.MayWriteAccounts, session: SessionDep, runtime: RuntimeDep, now: Now
) -> Response:
    """Adds an account. Without a password a random one is told here, once; it must be changed at the first sign-in."""
    account, initial = await actions.create(session, who, wanted, runtime.settings.password_min_length, now)
    found = await queries.ACCOUNT.one(session, who, account.id)
    return answers.created(request, _with_password(found, initial), f"/v1/accounts/{account.id}")


@router.get("/{account_id}", response_model=AccountOut, summary="账号")
async def one(request: Request, account_id: fields.Id, who: access.MayReadAccounts, read: ReadDep) -> Response:
    """One account."""
    return answers.one(request, await queries.ACCOUNT.one(read, who, account_id))


@router.patch("/{account_id}", response_model=AccountOut, summary="修改账号")
async def change(
    request: Request,
    account_id: fields.Id,
    wanted: AccountChange,
    who: access.MayWriteAccounts,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Changes name, roles or unit; tokens with the old rights end within seconds."""
    await actions.change(session, who, account_id, version, wanted, now)
    return answers.one(request, await queries.ACCOUNT.one(session, who, account_id))


@router.post("/{account_id}/disable", response_model=AccountOut, summary="停用账号")
async def disable(
    request: Request, account_id: fields.Id, who: access.MayWriteAccounts, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Ends the account's tokens and sessions; nobody disables the own account."""
    await actions.set_state(session, who, account_id, version, AccountState.DISABLED, now)
    return answers.one(request, await queries.ACCOUNT.one(session, who, account_id))


@router.post("/{account_id}/enable", response_model=AccountOut, summary="启用账号")
async def enable(
    request: Request, account_id: fields.Id, who: access.MayWriteAccounts, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Lets the account sign in again."""
    await actions.set_state(session, who, account_id, version, AccountState.ACTIVE, now)
    return answers.one(request, await queries.ACCOUNT.one(session, who, account_id))


@router.post("/{account_id}/reset-password", response_model=AccountOut, summary="重置口令", openapi_extra=ONCE)
async def reset_password(
    request: Request, account_id: fields.Id, who: access.MayWriteAccounts, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Gives a random password, told once, to be changed at the next sign-in."""
    _, password = await actions.reset_password(session, who, account_id, version, now)
    found = await queries.ACCOUNT.one(session, who, account_id)
    return answers.one(request, _with_password(found, password))


def _with_password(found: answers.One, password: str | None) -> answers.One:
    if password is None:
        return found
    return answers.One(json.dumps(json.loads(found.body) | {"initial_password": password}, ensure_ascii=False), found.version)
