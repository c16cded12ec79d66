"""Bodies and answers of accounts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.directory_api.accounts.rules import MAX_PASSWORD, AccountState
from services.kit import fields
from services.kit.pagination import PageQuery
from services.kit.principal import Role

Username = Annotated[str, Field(min_length=2, max_length=64, pattern="^[a-z0-9][a-z0-9.-]+$", examples=["manager.350111102"])]
Password = Annotated[
    str, Field(min_length=1, max_length=MAX_PASSWORD, pattern=r"^[^\x00]+$", json_schema_extra={"format": "password"})
]
Roles = Annotated[list[Role], Field(min_length=1, max_length=8)]


class AccountIn(fields.In):
    """A new account. Without a password a random one is made, told once and to be changed at the first sign-in."""

    model_config = fields.example(
        {
            "username": "manager.350111102",
            "display_name": "岳峰镇负责人（演示）",
            "roles": ["unit_manager"],
            "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        }
    )

    username: Username
    display_name: Annotated[fields.Line, Field(examples=["岳峰镇负责人（演示）"])]
    roles: Roles
    unit_id: fields.Id | None = None
    password: Password | None = None


class AccountChange(fields.In):
    """What may change."""

    model_config = fields.example({"display_name": "岳峰镇经办人（演示）", "roles": ["unit_member"]})

    display_name: fields.Line | None = None
    roles: Roles | None = None
    unit_id: fields.Id | None = None


class AccountOut(fields.Out):
    """An account as read."""

    id: fields.Id
    username: Username
    display_name: fields.Line
    roles: Roles
    unit_id: fields.Id | None = None
    state: AccountState
    must_change_password: fields.Flag
    version: fields.Whole
    created_at: fields.Moment
    initial_password: Annotated[Password | None, Field(description="随机初始口令，仅此一次显示。")] = None


class AccountPage(fields.Page[AccountOut]):
    """A page of accounts."""


class AccountFilter(PageQuery):
    """Named filters of the list."""

    username: Username | None = None
    unit_id: fields.Id | None = None
    role: Role | None = None
    state: AccountState | None = None
    sort: Literal["username"] = "username"


class UnitOfMe(fields.Out):
    """The caller's unit."""

    id: fields.Id
    code: fields.Code
    name: fields.Line
    short_name: fields.Line


class MeOut(fields.Out):
    """The caller."""

    id: fields.Id
    display_name: fields.Line
    roles: Roles
    unit: UnitOfMe | None = None
