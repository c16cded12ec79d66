"""Endpoints: who may own one, where it may lead, when it is switched on and off. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol
from urllib.parse import urlsplit
from uuid import UUID

from services.kit import errors, targets
from services.kit.principal import Principal, Role

# More would only be a way to send everything many times.
MOST_ENDPOINTS: Final = 20
# How long the old secret signs beside the new one, unless the caller says so (Standard Webhooks: secret rotation).
USUAL_OVERLAP_HOURS: Final = 24
MOST_OVERLAP_HOURS: Final = 7 * 24


class State(StrEnum):
    """Whether messages are sent."""

    ENABLED = "enabled"
    DISABLED = "disabled"


class Why(StrEnum):
    """Why an endpoint is switched off: somebody asked, it answered 410, it failed for days, its owner may no longer sign in."""

    ASKED = "asked"
    GONE = "gone"
    FAILING = "failing"
    OWNER_INACTIVE = "owner_inactive"


class OwnerKind(StrEnum):
    """Whom an endpoint belongs to."""

    ACCOUNT = "account"
    CLIENT = "client"


class EndpointFacts(Protocol):
    """What the rules may know of an endpoint."""

    @property
    def state(self) -> str: ...
    @property
    def previous_until(self) -> datetime | None: ...


class WrongState(errors.Conflict):
    code = "webhook_endpoint.wrong_state"
    zh, en = "推送端点当前状态不允许此操作。", "Not possible in the endpoint's state."


class TooMany(errors.Conflict):
    code = "webhook_endpoint.too_many"
    zh, en = "推送端点至多 {most} 个。", "At most {most} endpoints for one owner."


class ForbiddenTarget(errors.BadInput):
    code = "webhook_endpoint.target"
    zh, en = "推送地址无效，或不在允许的推送目标之内。", "The address is not valid, or not one of the targets allowed here."


class OwnerNeeded(errors.BadInput):
    code = "webhook_endpoint.owner"
    zh = "系统管理员须指明端点所属的机器客户端；其他人只能为本人设置端点。"
    en = "A system administrator names the machine client that owns the endpoint; all others own theirs themselves."


def why_not_target(url: str, allowed: targets.Policy) -> errors.DomainError | None:
    """The address as written: https, no credentials, a port and a host that the operator allows."""
    fault = targets.why_not_url(url, allowed)
    return ForbiddenTarget(errors.Fault("/body/url", fault)) if fault else None


def why_not_owner(who: Principal, named: UUID | None) -> errors.DomainError | None:
    """An administrator sees no business data, so the endpoint has a client's eyes; nobody else lends out other eyes."""
    if (Role.SYSTEM_ADMIN in who.roles) == (named is not None):
        return None
    return OwnerNeeded(errors.Fault("/body/client_id", "missing" if named is None else "not_allowed"))


def why_not_another(owned: int) -> errors.DomainError | None:
    """Too many for one owner."""
    return TooMany(most=MOST_ENDPOINTS) if owned >= MOST_ENDPOINTS else None


def why_not_set(endpoint: EndpointFacts, wanted: State) -> errors.DomainError | None:
    """Only an enabled endpoint is disabled, only a disabled one enabled."""
    return WrongState() if endpoint.state == wanted else None


def overlap_until(now: datetime, hours: int) -> datetime | None:
    """Until when the old secret signs too; None for not at all."""
    return now + timedelta(hours=hours) if hours else None


def shown(url: str) -> str:
    """An address as the audit trail keeps it: what stands behind `?` may be a password of the receiver."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path}"
