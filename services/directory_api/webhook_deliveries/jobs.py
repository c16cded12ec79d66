"""The worker that sends: one endpoint at a time by lease, many endpoints at once, so that a slow one delays no other."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import UUID

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from services.directory_api.webhook_deliveries import actions, external, formats, queries, rules
from services.directory_api.webhook_deliveries.actions import Parcel
from services.directory_api.webhook_deliveries.rules import Outcome
from services.kit import audit, db, ids, logs
from services.kit.runtime import Runtime

log = logs.logger(__name__)

IDLE_SECONDS = 0.5
COUNT_SECONDS = 15.0
MOST_AT_ONCE = 16
# So many messages, then the endpoint waits its turn again.
MOST_IN_A_ROW = 50
# Connections to the database that sending may take at once from the requests.
DATABASE_AT_ONCE = 2
FORGET_SECONDS = 600.0


class Metrics:
    """Figures of the worker of one process."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.attempts = Counter("zhifa_webhook_attempts", "Attempts to send a message.", ("result",), registry=registry)
        self.seconds = Histogram("zhifa_webhook_seconds", "Seconds an attempt took.", registry=registry)
        self.waiting = Gauge("zhifa_webhook_waiting", "Deliveries under way.", registry=registry)
        self.oldest = Gauge("zhifa_webhook_oldest_seconds", "Age of the oldest delivery under way.", registry=registry)
        self.failing = Gauge("zhifa_webhook_failing_endpoints", "Endpoints whose latest attempts failed.", registry=registry)

    def note(self, outcome: Outcome) -> None:
        """Counts one attempt."""
        result = "delivered" if outcome.is_success else outcome.error or "refused"
        self.attempts.labels(result).inc()
        self.seconds.observe(outcome.milliseconds / 1000)


class Worker:
    """Sends what is due. `chance` gives the jitter."""

    def __init__(
        self,
        runtime: Runtime,
        sender: external.Sender,
        metrics: Metrics,
        chance: Callable[[], float] = lambda: secrets.randbelow(1000) / 1000,
    ) -> None:
        self._runtime = runtime
        self._sender = sender
        self._metrics = metrics
        self._chance = chance
        self._running: set[asyncio.Task[None]] = set()
        self._database = asyncio.Semaphore(DATABASE_AT_ONCE)

    async def turn(self) -> int:
        """Takes endpoints that have something to do, and begins to serve them; answers how many."""
        free = MOST_AT_ONCE - len(self._running)
        if free <= 0:
            return 0
        mine, now = ids.new_id(), self._runtime.clock()
        async with self._database, self._runtime.database.transaction() as session:
            taken = await queries.lease(session, mine, free, now, now + actions.LEASE)
        for endpoint_id in taken:
            task = asyncio.create_task(self._serve(endpoint_id, mine))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return len(taken)

    async def finish(self) -> None:
        """Waits for what has begun."""
        while self._running:
            await asyncio.gather(*self._running)

    async def stop(self) -> None:
        """Ends what has begun; leases run out by themselves, and what was being sent is sent again."""
        for task in list(self._running):
            await db.cancel_safely(task)

    async def _serve(self, endpoint_id: UUID, mine: UUID) -> None:
        try:
            for _ in range(MOST_IN_A_ROW):
                if not await self._send_next(endpoint_id, mine):
                    break
            async with self._database, self._runtime.database.reading() as read:
                await queries.release(read, endpoint_id, mine, self._runtime.clock())
        except Exception as error:
            log.warning("webhook.failed", error=type(error).__name__, endpoint=str(endpoint_id), exc_info=error)

    async def _send_next(self, endpoint_id: UUID, mine: UUID) -> bool:
        parcel = await self._take(endpoint_id, mine)
        if parcel is None:
            return False
        body = parcel.message.body(self._runtime.settings.public_url)
        headers = formats.headers(parcel.message, body, parcel.secrets, self._runtime.clock())
        outcome = await self._sender.post(parcel.url, body, headers)
        self._metrics.note(outcome)
        await self._settle(endpoint_id, mine, parcel, outcome)
        return True

    async def _take(self, endpoint_id: UUID, mine: UUID) -> Parcel | None:
        now = self._runtime.clock()
        async with self._database, self._runtime.database.transaction() as session:
            session.info["circumstances"] = audit.Circumstances(self._runtime.service, now, "")
            return await actions.take(session, endpoint_id, mine, self._runtime.extras["webhook_vault"], now)

    async def _settle(self, endpoint_id: UUID, mine: UUID, parcel: Parcel, outcome: Outcome) -> None:
        now = self._runtime.clock()
        async with self._database, self._runtime.database.transaction() as session:
            session.info["circumstances"] = audit.Circumstances(self._runtime.service, now, "")
            await actions.settle(session, endpoint_id, mine, parcel.delivery_id, outcome, now, self._chance())

    async def count(self) -> None:
        """Sets the figures of what waits."""
        async with self._database, self._runtime.database.reading() as read:
            waiting, age, failing = await queries.backlog(read, self._runtime.clock())
        self._metrics.waiting.set(waiting)
        self._metrics.oldest.set(age.total_seconds())
        self._metrics.failing.set(failing)


@asynccontextmanager
async def working(runtime: Runtime, registry: CollectorRegistry) -> AsyncIterator[None]:
    """Sends while the context is open; when the database is away it tries again."""
    async with external.Sender(runtime.settings.webhook_targets) as sender:
        worker = Worker(runtime, sender, Metrics(registry))
        loops = [
            asyncio.create_task(_repeat(worker.turn, IDLE_SECONDS)),
            asyncio.create_task(_repeat(worker.count, COUNT_SECONDS)),
        ]
        try:
            yield
        finally:
            for loop in loops:
                await db.cancel_safely(loop)
            await worker.stop()


async def _repeat(step: Callable[[], Awaitable[object]], seconds: float) -> None:
    while True:
        try:
            # Not wait_for: see services.kit.relay.
            async with asyncio.timeout(10):
                await step()
        except Exception as error:
            log.warning("webhook.loop_failed", error=type(error).__name__)
        await asyncio.sleep(seconds)


async def forget(runtime: Runtime) -> None:
    """Drops old rows of the log."""
    async with runtime.database.reading() as read:
        await queries.forget(read, runtime.clock() - rules.KEPT)
