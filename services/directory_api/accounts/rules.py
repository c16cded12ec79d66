"""Rules of accounts and passwords. Pure.

Passwords after NIST SP 800-63B: long, any characters, no composition rule, none that a guesser tries first.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from math import ceil
from typing import Final
from uuid import UUID

from services.kit import errors
from services.kit.principal import Principal, Role, roles_conflict

# Roles that may belong to no unit; every other role's scope means nothing without one.
UNITLESS: Final = frozenset({Role.SYSTEM_ADMIN, Role.AUDITOR, Role.PLATFORM})
MAX_PASSWORD: Final = 256
LEAST_SCORE: Final = 3
CONTEXT: Final = ("zhifa", "执法", "晋安", "司法局")


class AccountState(StrEnum):
    """States of an account."""

    ACTIVE = "active"
    DISABLED = "disabled"


class RolesExclude(errors.BadInput):
    code = "account.roles_exclude"
    zh = "系统管理员、审计员不得与其他角色兼任（三权分立）。"
    en = "system_admin and auditor exclude every other role and each other."


class UnitNeeded(errors.BadInput):
    code = "account.unit_needed"
    zh, en = "此角色须指定单位。", "This role needs a unit."


class OwnAccount(errors.Forbidden):
    code = "account.own"
    zh, en = "不得修改本人账号的角色、单位或状态。", "Nobody changes roles, unit or state of the own account."


class WrongState(errors.Conflict):
    code = "account.wrong_state"
    zh, en = "账号当前状态不允许此操作。", "Not possible in the account's state."


class WeakPassword(errors.BadInput):
    code = "account.weak_password"
    zh, en = (
        "口令不符合要求：至少 {least} 个字符，且不易被猜中。",
        "The password needs at least {least} characters and must be hard to guess.",
    )


def why_not_roles(roles: Collection[Role], unit_id: UUID | None) -> errors.DomainError | None:
    """Separation of duties, and a unit for every role whose scope needs one."""
    if roles_conflict(frozenset(roles)):
        return RolesExclude(errors.Fault("/body/roles", "not_allowed"))
    if unit_id is None and not UNITLESS.issuperset(roles):
        return UnitNeeded(errors.Fault("/body/unit_id", "missing"))
    return None


def why_not_touch(who: Principal, account_id: UUID) -> errors.DomainError | None:
    """Nobody gives the own account rights or takes them."""
    return OwnAccount() if who.account_id == account_id else None


def why_not_set(state: str, wanted: AccountState) -> errors.DomainError | None:
    """Only an active account is disabled, only a disabled one enabled."""
    return WrongState() if state == wanted else None


def why_not_password(password: str, least: int, score: int, field: str) -> errors.DomainError | None:
    """Length in characters, and the guessability score (0 to 4) of the block-list's judge; `field` is where it was sent."""
    if not least <= len(password) <= MAX_PASSWORD or score < LEAST_SCORE:
        return WeakPassword(errors.Fault(f"/body/{field}", "invalid"), least=least)
    return None


def context_words(*names: str) -> Sequence[str]:
    """Words a guesser tries first for this account."""
    return [*CONTEXT, *(name for name in names if name)]


def bar(now: datetime) -> datetime:
    """The second from which the account's tokens count again: the next whole one, for tokens know no fractions."""
    return datetime.fromtimestamp(ceil(now.timestamp()), UTC)
