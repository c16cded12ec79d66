"""Bodies and answers of machine clients."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.directory_api.accounts.rules import AccountState
from services.directory_api.accounts.schemas import Roles
from services.kit import fields
from services.kit.pagination import PageQuery

ClientId = Annotated[str, Field(min_length=2, max_length=64, pattern="^[a-z0-9][a-z0-9.-]+$", examples=["minzhifa"])]


class ClientIn(fields.In):
    """A new machine client."""

    model_config = fields.example(
        {
            "client_id": "province-platform",
            "name": "省一体化平台（演示）",
            "roles": ["platform"],
            "unit_id": "0192f0c8-0000-7000-8000-000000000101",
        }
    )

    client_id: ClientId
    name: Annotated[fields.Line, Field(examples=["省一体化大融合行政执法平台"])]
    roles: Roles
    unit_id: fields.Id | None = None


class ClientOut(fields.Out):
    """A client as read; the secret is told once, when it is made or rotated."""

    id: fields.Id
    client_id: ClientId
    name: fields.Line
    roles: Roles
    unit_id: fields.Id | None = None
    state: AccountState
    version: fields.Whole
    created_at: fields.Moment
    client_secret: Annotated[str, Field(max_length=200)] | None = None


class ClientPage(fields.Page[ClientOut]):
    """A page of clients."""


class ClientFilter(PageQuery):
    """Named filters of the list."""

    state: AccountState | None = None
    sort: Literal["client_id"] = "client_id"
