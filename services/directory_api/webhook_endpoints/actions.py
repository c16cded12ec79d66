"""What is done with endpoints."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from services.directory_api import access
from services.directory_api.webhook_endpoints import queries, rules
from services.directory_api.webhook_endpoints.rules import OwnerKind, State, Why
from services.directory_api.webhook_endpoints.schemas import EndpointChange, EndpointIn
from services.directory_api.webhook_endpoints.tables import WebhookEndpoint, WebhookProgress
from services.kit import audit, errors, ids, references, targets
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.personal import Vault
from services.kit.principal import Principal
from services.kit.trail import Trail

OBJECT = "webhook_endpoint"
tell: Final = Trail(OBJECT, access.WEBHOOKS_READ, unit=None, person="owner_id").tell
# What a sealed secret is bound to.
PURPOSE = "directory.webhook_endpoints.secret"
SECRET_BYTES = 32


async def create(
    session: Session, who: Principal, wanted: EndpointIn, vault: Vault, allowed: targets.Policy, now: datetime
) -> tuple[WebhookEndpoint, str]:
    """A new endpoint that is told of whatever comes from now on, and its secret. Raises OwnerNeeded, ForbiddenTarget, TooMany."""
    raise_if(rules.why_not_owner(who, wanted.client_id))
    raise_if(rules.why_not_target(wanted.url, allowed))
    if wanted.unit_id is not None:
        await references.unit(session, wanted.unit_id)
    owner, kind = await _owner(session, who, wanted.client_id)
    raise_if(rules.why_not_another(await queries.owned(session, owner.account_id)))
    secret = fresh_secret()
    endpoint = WebhookEndpoint(
        id=ids.new_id(),
        owner_id=owner.account_id,
        owner_kind=kind,
        district_id=owner.district_id,
        state=State.ENABLED,
        secret=vault.seal(secret, PURPOSE),
        created_at=now,
        **wanted.model_dump(exclude={"client_id"}),
    )
    session.add(endpoint)
    await session.flush()
    session.add(WebhookProgress(endpoint_id=endpoint.id, position=await queries.newest_place(session), failures=0))
    await session.flush()
    tell(session, who, endpoint, "created", after=_shown(wanted.model_dump(mode="json")) | {"owner_id": str(endpoint.owner_id)})
    return endpoint, secret


async def _owner(session: Session, who: Principal, client_id: UUID | None) -> tuple[Principal, OwnerKind]:
    found = await queries.owner(session, client_id or who.account_id)
    if client_id is not None and (found is None or not found[2]):
        raise errors.BadInput(errors.Fault("/body/client_id", "not_found"))
    machine = found is not None and found[2]
    return found[0] if found and client_id else who, OwnerKind.CLIENT if machine else OwnerKind.ACCOUNT


async def change(
    session: Session, who: Principal, endpoint_id: UUID, version: int, wanted: EndpointChange, allowed: targets.Policy
) -> None:
    """Changes address, description or filter. Raises ForbiddenTarget."""
    endpoint = await queries.one_for_update(session, who, endpoint_id, version)
    sent = wanted.model_dump(exclude_unset=True)
    if "url" in sent:
        raise_if(rules.why_not_target(wanted.url, allowed))
    if wanted.unit_id is not None:
        await references.unit(session, wanted.unit_id)
    before, after = audit.changes({name: getattr(endpoint, name) for name in sent}, sent)
    for name, value in after.items():
        setattr(endpoint, name, value)
    await session.flush()
    tell(session, who, endpoint, "changed", before=_shown(before), after=_shown(after))


async def rotate_secret(
    session: Session, who: Principal, endpoint_id: UUID, version: int, overlap_hours: int, vault: Vault, now: datetime
) -> str:
    """A new secret; for `overlap_hours` the one before signs too, so that the receiver has time to change over.

    Raises NotFound, Stale.
    """
    endpoint = await queries.one_for_update(session, who, endpoint_id, version)
    secret, until = fresh_secret(), rules.overlap_until(now, overlap_hours)
    endpoint.previous_secret = vault.seal(vault.open(endpoint.secret, PURPOSE), PURPOSE) if until else None
    endpoint.previous_until = until
    endpoint.secret = vault.seal(secret, PURPOSE)
    await session.flush()
    tell(session, who, endpoint, "secret_rotated", after={"overlap_hours": overlap_hours})
    return secret


async def enable(session: Session, who: Principal, endpoint_id: UUID, version: int) -> None:
    """Sends again, from where it stopped. Raises WrongState."""
    endpoint = await queries.one_for_update(session, who, endpoint_id, version)
    raise_if(rules.why_not_set(endpoint, State.ENABLED))
    endpoint.state, endpoint.disabled_why, endpoint.disabled_at = State.ENABLED, None, None
    progress = await queries.progress_for_update(session, endpoint.id)
    progress.failures, progress.failing_since, progress.paused_until = 0, None, None
    await session.flush()
    tell(session, who, endpoint, "enabled")


async def disable(session: Session, who: Principal, endpoint_id: UUID, version: int, now: datetime) -> None:
    """Sends nothing any more; what is said meanwhile is sent when the endpoint is enabled again. Raises WrongState."""
    endpoint = await queries.one_for_update(session, who, endpoint_id, version)
    raise_if(rules.why_not_set(endpoint, State.DISABLED))
    await switch_off(session, who, endpoint, Why.ASKED, now)


async def switch_off(session: Session, who: Principal | None, endpoint: WebhookEndpoint, why: Why, now: datetime) -> None:
    """Disables an endpoint, and tells its owner by the feed."""
    endpoint.state, endpoint.disabled_why, endpoint.disabled_at = State.DISABLED, why, now
    await session.flush()
    tell(session, who, endpoint, "disabled", after={"why": why.value})


async def remove(session: Session, who: Principal, endpoint_id: UUID, version: int) -> None:
    """Takes an endpoint away with its deliveries; the audit trail keeps that it was there. Raises NotFound, Stale."""
    endpoint = await queries.one_for_update(session, who, endpoint_id, version)
    tell(session, who, endpoint, "deleted", before=_shown({"url": endpoint.url, "event_types": endpoint.event_types}))
    session.expunge(endpoint)
    await queries.remove(session, endpoint_id)


def fresh_secret() -> str:
    """A random secret in the form of Standard Webhooks."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


def _shown(values: dict[str, Any]) -> dict[str, Any]:
    return values | ({"url": rules.shown(values["url"])} if "url" in values else {})
