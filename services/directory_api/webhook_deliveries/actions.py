"""What is done with deliveries: by people (test, redeliver), and by the worker (take the next one, settle what came of it)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.directory_api import access
from services.directory_api.webhook_deliveries import formats, queries, rules
from services.directory_api.webhook_deliveries.formats import Message
from services.directory_api.webhook_deliveries.rules import Outcome, State
from services.directory_api.webhook_deliveries.tables import WebhookDelivery
from services.directory_api.webhook_endpoints import actions as endpoints
from services.directory_api.webhook_endpoints import queries as endpoint_queries
from services.directory_api.webhook_endpoints import rules as endpoint_rules
from services.directory_api.webhook_endpoints.rules import Why
from services.directory_api.webhook_endpoints.tables import WebhookEndpoint, WebhookProgress
from services.kit import audit, errors, ids
from services.kit.db import Session
from services.kit.personal import Vault
from services.kit.principal import Principal

OBJECT = "webhook_delivery"
# Longer than any attempt takes: while the lease lasts nobody else sends to the endpoint.
LEASE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Parcel:
    """What the worker needs to make one attempt."""

    delivery_id: UUID
    url: str
    message: Message
    secrets: tuple[str, ...]


async def test(session: Session, who: Principal, endpoint_id: UUID, now: datetime) -> WebhookDelivery:
    """Sends a message that says only that messages arrive, at once and once; to a disabled endpoint too."""
    endpoint = await queries.endpoint(session, who, endpoint_id)
    message_id = ids.new_id()
    delivery = WebhookDelivery(
        id=ids.new_id(), endpoint_id=endpoint.id, message_id=message_id, kind=rules.TEST, state=State.PENDING, attempts=0,
        next_attempt_at=now, created_at=now,
    )  # fmt: skip
    session.add(delivery)
    await session.flush()
    audit.record(session, who, f"{endpoints.OBJECT}.tested", endpoints.OBJECT, endpoint.id, endpoint.district_id)
    return delivery


async def redeliver(session: Session, who: Principal, delivery_id: UUID, version: int, now: datetime) -> None:
    """Sends a message again, under the same `webhook-id`, with all its attempts before it. Raises EndpointDisabled."""
    delivery, endpoint = await queries.one_for_update(session, who, delivery_id, version)
    errors.raise_if(rules.why_not_redeliver(endpoint.state == endpoint_rules.State.ENABLED))
    before = {"state": delivery.state, "attempts": delivery.attempts}
    delivery.state, delivery.attempts, delivery.first_attempted_at = State.PENDING, 0, None
    delivery.next_attempt_at, delivery.delivered_at = now, None
    await session.flush()
    audit.record(
        session, who, f"{OBJECT}.redelivered", OBJECT, delivery.id, endpoint.district_id, before=before,
        after={"state": State.PENDING.value},
    )  # fmt: skip


async def redeliver_failed(session: Session, who: Principal, endpoint_id: UUID, since: datetime, now: datetime) -> int:
    """Sends again all that was given up since then. Raises EndpointDisabled."""
    endpoint = await queries.endpoint(session, who, endpoint_id)
    errors.raise_if(rules.why_not_redeliver(endpoint.state == endpoint_rules.State.ENABLED))
    count = await queries.again(session, endpoint.id, since, now)
    told = {"since": since.isoformat(), "deliveries": count}
    audit.record(session, who, f"{endpoints.OBJECT}.redelivered", endpoints.OBJECT, endpoint.id, endpoint.district_id, after=told)
    return count


async def take(session: Session, endpoint_id: UUID, mine: UUID, vault: Vault, now: datetime) -> Parcel | None:
    """The next attempt to make; None when nothing is due, the lease is lost, or the owner may see nothing any more."""
    found = await queries.leased(session, endpoint_id, mine)
    if found is None:
        return None
    endpoint, progress = found
    owner = await _owner(session, endpoint)
    if owner is None:
        if endpoint.state == endpoint_rules.State.ENABLED:
            await endpoints.switch_off(session, None, endpoint, Why.OWNER_INACTIVE, now)
        return None
    if endpoint.state == endpoint_rules.State.ENABLED:
        await queries.fan_out(session, owner, endpoint, progress, now)
    progress.leased_until = now + LEASE
    await session.flush()
    return await _next(session, owner, endpoint, vault, now)


async def _owner(session: Session, endpoint: WebhookEndpoint) -> Principal | None:
    """The owner with the feed's right as of now; None when it may not sign in or may not read the feed."""
    found = await endpoint_queries.owner(session, endpoint.owner_id)
    if found is None or not found[1]:
        return None
    return found[0].admitted(access.CHANGES_READ.grants)


async def _next(session: Session, owner: Principal, endpoint: WebhookEndpoint, vault: Vault, now: datetime) -> Parcel | None:
    while (delivery := await queries.next_due(session, endpoint.id, now)) is not None:
        message = await _message(session, owner, delivery)
        if message is not None:
            return Parcel(delivery.id, endpoint.url, message, _secrets(endpoint, vault, now))
        # Seen when it was said, not any more: rights that end take what is still under way with them.
        delivery.state, delivery.next_attempt_at = State.WITHDRAWN, None
        await session.flush()
    return None


async def _message(session: Session, owner: Principal, delivery: WebhookDelivery) -> Message | None:
    if delivery.kind == rules.TEST:
        return formats.test_message(delivery.message_id, queries.recorded(delivery.created_at))
    return await queries.message(session, owner, delivery.message_id)


def _secrets(endpoint: WebhookEndpoint, vault: Vault, now: datetime) -> tuple[str, ...]:
    sealed = [endpoint.secret]
    if endpoint.previous_secret is not None and endpoint.previous_until is not None and now < endpoint.previous_until:
        sealed.append(endpoint.previous_secret)
    return tuple(vault.open(secret, endpoints.PURPOSE) for secret in sealed)


async def settle(
    session: Session, endpoint_id: UUID, mine: UUID, delivery_id: UUID, outcome: Outcome, now: datetime, chance: float
) -> None:
    """Writes down what came of an attempt, on the delivery and on the endpoint. Without the lease nothing: another has it."""
    found = await queries.leased(session, endpoint_id, mine)
    delivery = await queries.delivery_for_update(session, delivery_id)
    if found is None or delivery is None:
        return
    endpoint, progress = found
    _note(delivery, outcome, now)
    if outcome.is_success:
        delivery.state, delivery.delivered_at, delivery.next_attempt_at = State.DELIVERED, now, None
        progress.failures, progress.failing_since, progress.paused_until, progress.last_delivered_at = 0, None, None, now
    else:
        _note_failure(delivery, progress, outcome, now, chance)
        await _switch_off_if_lost(session, endpoint, progress, outcome, now)
    await session.flush()


def _note(delivery: WebhookDelivery, outcome: Outcome, now: datetime) -> None:
    delivery.attempts += 1
    delivery.first_attempted_at = delivery.first_attempted_at or now
    delivery.last_attempted_at = now
    delivery.response_status, delivery.response_excerpt = outcome.status, outcome.excerpt
    delivery.error, delivery.milliseconds = outcome.error, outcome.milliseconds


def _note_failure(delivery: WebhookDelivery, progress: WebhookProgress, outcome: Outcome, now: datetime, chance: float) -> None:
    due = rules.next_attempt(delivery, outcome, now, chance)
    delivery.state, delivery.next_attempt_at = (State.FAILED, None) if due is None else (State.PENDING, due)
    if delivery.kind == rules.TEST:
        return
    progress.failures += 1
    progress.failing_since = progress.failing_since or now
    if outcome.is_about_all:
        progress.paused_until = due or now + rules.LONGEST_WAIT


async def _switch_off_if_lost(
    session: Session, endpoint: WebhookEndpoint, progress: WebhookProgress, outcome: Outcome, now: datetime
) -> None:
    if endpoint.state != endpoint_rules.State.ENABLED:
        return
    if outcome.status == rules.GONE:
        await endpoints.switch_off(session, None, endpoint, Why.GONE, now)
    elif rules.is_lost(progress.failing_since, now):
        await endpoints.switch_off(session, None, endpoint, Why.FAILING, now)
