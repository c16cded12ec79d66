"""Bodies and answers of signing in."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.directory_api.accounts.schemas import Password, Username
from services.kit import fields
from services.kit.pagination import PageQuery

Opaque = Annotated[str, Field(min_length=20, max_length=200, pattern="^[A-Za-z0-9_-]+$")]
# As typed into the form: refused like a wrong one when it is no username at all.
TypedName = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]


class TokenForm(fields.In):
    """RFC 6749: `password` needs username and password, `refresh_token` the token, `client_credentials` id and secret."""

    model_config = fields.example({"grant_type": "password", "username": "manager.350111102", "password": "demo-only-passphrase"})

    grant_type: Literal["password", "refresh_token", "client_credentials"]
    username: TypedName | None = None
    password: Password | None = None
    refresh_token: Opaque | None = None
    client_id: Annotated[str, Field(min_length=1, max_length=64, pattern="^[a-z0-9.-]+$")] | None = None
    client_secret: Opaque | None = None


class LogoutForm(fields.In):
    """The refresh token of the session to end."""

    model_config = fields.example({"refresh_token": "example-refresh-token-0001"})

    refresh_token: Opaque


class TokenOut(fields.Out):
    """Tokens; a machine client gets no refresh token."""

    access_token: Annotated[str, Field(max_length=4096, pattern="^[A-Za-z0-9_.-]+$")]
    token_type: Literal["Bearer"]
    expires_in: fields.Whole
    refresh_token: Opaque | None = None


class PasswordIn(fields.In):
    """The own new password; `current_password` proves who asks."""

    model_config = fields.example(
        {
            "username": "manager.350111102",
            "current_password": "demo-only-passphrase",
            "new_password": "another-demo-passphrase",
        }
    )

    username: Username
    current_password: Password
    new_password: Password


class SessionOut(fields.Out):
    """A session as read."""

    id: fields.Id
    account_id: fields.Id
    created_at: fields.Moment
    used_at: fields.Moment
    ends_at: fields.Moment
    ended_at: fields.Moment | None = None
    ended_how: Literal["signed_out", "reused", "barred", "ended"] | None = None
    address: Annotated[str, Field(max_length=64)] | None = None
    version: fields.Whole


class SessionPage(fields.Page[SessionOut]):
    """A page of sessions."""


class SessionFilter(PageQuery):
    """Named filters of the list."""

    account_id: fields.Id | None = None
    sort: Literal["-created_at"] = "-created_at"
