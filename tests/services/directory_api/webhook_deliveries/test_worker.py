"""The worker against receivers on loopback: order, retries, leases, crashes, rights, and what the log says of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from prometheus_client import CollectorRegistry, generate_latest

from services.directory_api.webhook_deliveries import actions, external, jobs, queries, rules
from services.directory_api.webhook_deliveries.schemas import DeliveryOut
from services.kit import clock, ids
from services.kit.principal import Role, Scope
from services.kit.settings import Settings
from tests.client import Caller, Services
from tests.places import Place
from tests.services.directory_api.webhook_deliveries import receivers
from tests.services.directory_api.webhook_deliveries.receivers import Receiver

ENDPOINTS, DELIVERIES = "/v1/webhook-endpoints", "/v1/webhook-deliveries"


@pytest.fixture(scope="module")
async def listeners() -> AsyncIterator[list[Receiver]]:
    """Two receivers for the module."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(receivers.listening()) for _ in range(2)]


@pytest.fixture(scope="module")
def settings(settings: Settings, listeners: list[Receiver]) -> Settings:
    """Settings that let messages go to the receivers."""
    ports = ",".join(str(receiver.port) for receiver in listeners)
    allowed = {"webhook_networks": "127.0.0.0/8", "webhook_ports": ports, "webhook_plain_http": True}
    return settings.model_copy(update=allowed)


@dataclass
class World:
    """A machine client of the district, two receivers, and a worker whose time the test moves."""

    services: Services
    place: Place
    owner: psycopg.Connection
    client_id: UUID
    platform: Caller
    receivers: list[Receiver]
    later: timedelta = timedelta(0)
    workers: list[jobs.Worker] = field(default_factory=list)

    def now(self) -> datetime:
        return clock.now() + self.later

    def usual(self, receiver: int) -> dict[str, Any]:
        """An endpoint that is not told of other endpoints."""
        return {"url": self.receivers[receiver].url, "event_types": ["assignment.*", "review.*", "unit.*"]}

    async def endpoint(self, receiver: int = 0, **facts: Any) -> dict[str, Any]:
        """An endpoint of the client."""
        made = await self.platform.post(ENDPOINTS, json=self.usual(receiver) | facts)
        assert made.status_code == 201, made.text
        found: dict[str, Any] = made.json()
        return found

    def say(self, *object_ids: UUID, kind: str = "assignment.changed", audience: Any = None, unit: Any = None) -> None:
        """Messages in the feed, one after the other."""
        messages: list[dict[str, Any]] = [
            {
                "id": ids.new_id(), "recorded_at": "2025-03-01T08:00:00Z", "service": "tasks_api", "kind": kind,
                "object_type": "assignment", "object_id": object_id, "version": 1, "district_id": self.place.district.id,
                "unit_id": (unit or self.place.town).id, "account_ids": [], "data": {"note": "不外传"},
                "audience": audience or {Role.PLATFORM: Scope.DISTRICT},
            }
            for object_id in object_ids
        ]  # fmt: skip
        self.owner.execute("SELECT kit.record('[]', %s::jsonb)", [json.dumps(messages, default=str)])
        self.owner.execute("SELECT kit.number_outbox()")

    async def work(self, **later: float) -> None:
        """Moves the time on, and lets the worker do all it can."""
        self.later += timedelta(**later)
        while await self.workers[0].turn():
            await self.workers[0].finish()

    async def log(self, **wanted: Any) -> list[dict[str, Any]]:
        """Deliveries, the oldest first."""
        answer = await self.platform.get(DELIVERIES, params={"sort": "created_at"} | wanted)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        for item in items:
            DeliveryOut.model_validate(item)
        return sorted(items, key=lambda item: item.get("sequence", 0))

    async def read(self, endpoint: dict[str, Any]) -> dict[str, Any]:
        """The endpoint as it is now."""
        found: dict[str, Any] = (await self.platform.get(f"{ENDPOINTS}/{endpoint['id']}")).json()
        return found

    def told(self, receiver: int = 0) -> list[str]:
        """What the receiver was told of, in the order it came."""
        return [got.object_id for got in self.receivers[receiver].got]


@pytest.fixture(scope="module")
async def workers(services: Services, place: Place) -> AsyncIterator[list[Any]]:
    """Two workers as two processes have them; their clock is the test's."""
    process = services.runtime("directory_api")
    moving: list[Any] = [clock.now]

    def moved() -> datetime:
        found: datetime = moving[0]()
        return found

    slow = replace(process, clock=moved)
    async with AsyncExitStack() as stack:
        found: list[Any] = [moving]
        for _ in range(2):
            sender = await stack.enter_async_context(external.Sender(process.settings.webhook_targets, seconds=5))
            registry = CollectorRegistry()
            found += [(jobs.Worker(slow, sender, jobs.Metrics(registry), lambda: 0.5), registry)]
        yield found


@pytest.fixture
async def world(
    services: Services, place: Place, owner: psycopg.Connection, sysadmin: Caller, listeners: list[Receiver], workers: list[Any]
) -> AsyncIterator[World]:
    """A world without endpoints."""
    owner.execute("DELETE FROM directory.webhook_endpoints")
    owner.execute("DELETE FROM directory.clients")
    body = {"client_id": "platform-example", "name": "示例平台", "roles": ["platform"], "unit_id": str(place.district.id)}
    client_id = UUID((await sysadmin.post("/v1/clients", json=body)).json()["id"])
    for receiver in listeners:
        receiver.got.clear()
        receiver.hold.set()
        receiver.answer = lambda got: (204, "", b"")
    platform = Caller(services.client("directory_api"), Role.PLATFORM, unit=place.district, account_id=client_id)
    made = World(services, place, owner, client_id, platform, listeners)
    workers[0][0] = made.now
    made.workers = [workers[1][0], workers[2][0]]
    yield made
    for worker in made.workers:
        await worker.finish()


def some(count: int) -> list[UUID]:
    return [ids.new_id() for _ in range(count)]


def texts(objects: Sequence[UUID]) -> list[str]:
    return [str(each) for each in objects]


async def test_messages_arrive_signed_thin_and_in_the_order_of_the_feed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "MOST_IN_A_ROW", 3)
    monkeypatch.setattr(queries, "STRETCH", 2)
    before = some(2)
    world.say(*before)
    endpoint = await world.endpoint()
    objects = some(7)
    world.say(*objects)
    await world.work()
    assert world.told() == texts(objects), "what was said before there was an endpoint is not sent"
    first = world.receivers[0].got[0]
    told = first.verified(endpoint["secret"])
    assert set(told) == {"type", "timestamp", "data"}
    assert told["type"] == "assignment.changed"
    assert set(told["data"]) == {"sequence", "service", "object_type", "object_id", "version", "unit_id", "change_url"}
    same = (await world.platform.get(told["data"]["change_url"].removeprefix("http://127.0.0.1:8000"))).json()["items"][0]
    assert same["object_id"] == told["data"]["object_id"]
    log = await world.log(limit=200)
    assert {item["state"] for item in log} == {"delivered"}
    assert log[0]["webhook_id"] == first.headers["webhook-id"]
    found = await world.read(endpoint)
    assert found["position"] == log[-1]["sequence"]


async def test_only_what_the_owner_may_see_and_the_endpoint_wants(world: World) -> None:
    everything = await world.endpoint(0)
    narrow = await world.endpoint(1, event_types=["review.*", "unit.changed"], unit_id=str(world.place.town.id))
    wanted, other, secret, beside = some(2), some(1), some(1), some(1)
    world.say(wanted[0], kind="review.published")
    world.say(*other)
    world.say(*secret, audience={Role.BUREAU: Scope.DISTRICT})
    world.say(*beside, kind="review.published", unit=world.place.other_town)
    world.say(wanted[1], kind="unit.changed", unit=world.place.town_branch)
    await world.work()
    assert world.told(0) == texts([wanted[0], *other, *beside, wanted[1]])
    assert world.told(1) == texts(wanted)
    assert (await world.read(everything))["position"] == (await world.read(narrow))["position"]


async def test_rights_that_end_take_what_is_under_way_with_them(world: World) -> None:
    endpoint = await world.endpoint()
    world.receivers[0].answer = lambda got: (503, "", b"")
    world.say(*some(2))
    await world.work()
    world.owner.execute("UPDATE directory.clients SET unit_id = %s", [world.place.foreign_district.id])
    world.receivers[0].answer = lambda got: (204, "", b"")
    await world.work(hours=1)
    assert [item["state"] for item in await world.log()] == ["withdrawn", "withdrawn"]
    assert len(world.receivers[0].got) == 1
    world.owner.execute("UPDATE directory.clients SET state = 'disabled'")
    world.say(*some(1))
    await world.work()
    found = await world.read(endpoint)
    assert (found["state"], found["disabled_why"]) == ("disabled", "owner_inactive")


async def test_while_a_receiver_is_down_nothing_is_lost_and_the_order_stays(world: World) -> None:
    await world.endpoint()
    first, *others = some(5)
    world.receivers[0].answer = lambda got: (503, "Retry-After: 40\r\n", b"down for maintenance")
    world.say(first, *others)
    await world.work()
    await world.work(seconds=39)
    assert world.told() == texts([first]), "the endpoint rests as long as it asked"
    failed = (await world.log())[0]
    assert (failed["state"], failed["attempts"], failed["response_status"]) == ("pending", 1, 503)
    assert failed["response_excerpt"] == "down for maintenance"
    await world.work(seconds=2)
    world.receivers[0].answer = lambda got: (204, "", b"")
    world.say(first)
    await world.work(hours=1)
    assert world.told() == texts([first, first, first, *others, first])
    ids_sent = [got.headers["webhook-id"] for got in world.receivers[0].got]
    assert len(set(ids_sent[:3])) == 1, "a repeat is known by its id"
    assert len(set(ids_sent)) == 6


async def test_one_refused_message_holds_back_only_its_own_object(world: World) -> None:
    await world.endpoint()
    poison, fine = some(2)
    world.receivers[0].answer = lambda got: (400 if got.object_id == str(poison) else 204, "", b"")
    world.say(poison, fine, poison, fine)
    await world.work()
    assert world.told() == texts([poison, fine, fine])
    for _ in range(5):
        await world.work(hours=15)
    log = await world.log()
    assert [item["state"] for item in log] == ["failed", "delivered", "pending", "delivered"]
    world.receivers[0].answer = lambda got: (204, "", b"")
    world.receivers[0].got.clear()
    path, since = f"{ENDPOINTS}/{log[0]['endpoint_id']}/redeliver-failed", {"since": "2025-01-01T00:00:00Z"}
    assert (await world.platform.post(path, json=since)).json() == {"deliveries": 1}
    await world.work(hours=6)
    again = await world.log()
    assert {item["state"] for item in again} == {"delivered"}
    single = await world.platform.post(f"{DELIVERIES}/{again[1]['id']}/redeliver", version=again[1]["version"])
    assert (single.status_code, single.json()["state"]) == (200, "pending"), single.text
    await world.work()
    sent = [got.headers["webhook-id"] for got in world.receivers[0].got]
    assert sent == [log[0]["webhook_id"], log[2]["webhook_id"], log[1]["webhook_id"]]


async def test_a_slow_receiver_does_not_delay_another(world: World) -> None:
    await world.endpoint(0)
    await world.endpoint(1)
    world.receivers[0].hold.clear()
    objects = some(3)
    world.say(*objects)
    assert await world.workers[0].turn() == 2
    async with asyncio.timeout(5):
        await world.receivers[1].until(3)
        await world.receivers[0].until(1)
    assert world.told(1) == texts(objects)
    assert world.told(0) == texts(objects[:1])
    assert await world.workers[1].turn() == 0, "another process has the endpoint, and leaves it alone"
    world.receivers[0].hold.set()
    await world.workers[0].finish()
    assert world.told(0) == texts(objects)


async def test_two_processes_send_nothing_twice(world: World) -> None:
    await world.endpoint(0)
    await world.endpoint(1)
    objects = some(8)
    world.say(*objects)

    async def busily(worker: jobs.Worker) -> None:
        for _ in range(8):
            await worker.turn()
            await asyncio.sleep(0.01)
        await worker.finish()

    await asyncio.gather(*map(busily, world.workers))
    await world.work()
    assert world.told(0) == world.told(1) == texts(objects)


async def test_a_crash_between_sending_and_noting_sends_again_under_the_same_id(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = await world.endpoint()
    world.say(*some(1))

    async def dies(*given: Any) -> None:
        raise RuntimeError("the process is gone")

    with monkeypatch.context() as patched:
        patched.setattr(jobs.Worker, "_settle", dies)
        await world.workers[0].turn()
        await world.workers[0].finish()
    assert len(world.receivers[0].got) == 1
    assert await world.workers[1].turn() == 0, "its lease lasts"
    world.later += actions.LEASE + timedelta(seconds=1)
    assert await world.workers[1].turn() == 1
    await world.workers[1].finish()
    first, second = world.receivers[0].got
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert [item["state"] for item in await world.log()] == ["delivered"]
    assert (await world.read(endpoint))["failures"] == 0


async def test_a_worker_that_lost_its_lease_notes_nothing(world: World) -> None:
    endpoint = await world.endpoint()
    world.say(*some(1))
    world.receivers[0].hold.clear()
    await world.workers[0].turn()
    await world.receivers[0].until(1)
    world.owner.execute("UPDATE directory.webhook_progress SET lease = %s", [ids.new_id()])
    world.receivers[0].hold.set()
    await world.workers[0].finish()
    assert [(item["state"], item["attempts"]) for item in await world.log()] == [("pending", 0)]
    assert (await world.read(endpoint))["failures"] == 0


async def test_gone_switches_an_endpoint_off_and_tells_its_owner(world: World) -> None:
    endpoint = await world.endpoint()
    world.receivers[0].answer = lambda got: (410, "", b"")
    world.say(*some(2))
    await world.work()
    found = await world.read(endpoint)
    assert (found["state"], found["disabled_why"], len(world.receivers[0].got)) == ("disabled", "gone", 1)
    world.owner.execute("SELECT kit.number_outbox()")
    feed = (await world.platform.get("/v1/changes", params={"after": found["position"]})).json()["items"]
    assert [(each["kind"], each["object_id"]) for each in feed] == [("webhook_endpoint.disabled", endpoint["id"])]
    row = world.owner.execute(
        "SELECT actor_id, after FROM kit.audit_events WHERE action = 'webhook_endpoint.disabled' AND object_id = %s",
        [endpoint["id"]],
    ).fetchone()
    assert row == (None, {"why": "gone"})
    await world.work(hours=9)
    assert len(world.receivers[0].got) == 1
    world.receivers[0].answer = lambda got: (204, "", b"")
    assert (await world.platform.post(f"{ENDPOINTS}/{endpoint['id']}/enable", version=found["version"])).status_code == 200
    await world.work(hours=9)
    assert {item["state"] for item in await world.log(kind="assignment.changed")} == {"delivered"}


async def test_days_without_success_switch_an_endpoint_off(world: World) -> None:
    endpoint = await world.endpoint()
    world.receivers[0].answer = lambda got: (500, "", b"")
    world.say(*some(3))
    days = 0
    while (found := await world.read(endpoint))["state"] == "enabled" and days < 9:
        days += 1
        await world.work(hours=25)
    assert (found["disabled_why"], days) == ("failing", 6)


async def test_a_new_secret_signs_beside_the_old_one_for_a_while(world: World) -> None:
    endpoint = await world.endpoint()
    path = f"{ENDPOINTS}/{endpoint['id']}/rotate-secret"
    rotated = (await world.platform.post(path, json={"overlap_hours": 2}, version=1)).json()
    assert rotated["secret"] != endpoint["secret"]
    world.say(*some(1))
    await world.work()
    both = world.receivers[0].got[0]
    assert both.verified(rotated["secret"]) == both.verified(endpoint["secret"])
    assert len(both.headers["webhook-signature"].split()) == 2
    world.say(*some(1))
    await world.work(hours=2)
    assert len(world.receivers[0].got[1].headers["webhook-signature"].split()) == 1
    anew = await world.platform.post(path, json={"overlap_hours": 0}, version=2)
    assert "previous_until" not in anew.json()


async def test_a_test_message_goes_to_a_disabled_endpoint_once(world: World) -> None:
    endpoint = await world.endpoint()
    await world.platform.post(f"{ENDPOINTS}/{endpoint['id']}/disable", version=1)
    world.receivers[0].answer = lambda got: (500, "", b"not yet")
    sent = await world.platform.post(f"{ENDPOINTS}/{endpoint['id']}/test")
    assert (sent.status_code, sent.json()["kind"]) == (202, rules.TEST)
    world.say(*some(1))
    await world.work()
    await world.work(hours=5)
    assert [got.told["type"] for got in world.receivers[0].got] == [rules.TEST]
    found = (await world.platform.get(sent.headers["Location"])).json()
    assert (found["state"], found["attempts"], found["response_excerpt"]) == ("failed", 1, "not yet")
    refused = await world.platform.post(f"{DELIVERIES}/{found['id']}/redeliver", version=found["version"])
    assert (refused.status_code, refused.json()["code"]) == (409, "webhook_delivery.endpoint_disabled")


async def test_old_rows_go_and_figures_tell_what_waits(world: World, workers: list[Any]) -> None:
    await world.endpoint()
    world.say(*some(2))
    await world.work()
    world.receivers[0].answer = lambda got: (500, "", b"")
    world.say(*some(1))
    await world.work()
    await world.workers[0].count()
    shown = generate_latest(workers[1][1]).decode()
    assert "zhifa_webhook_waiting 1.0" in shown
    assert "zhifa_webhook_failing_endpoints 1.0" in shown
    assert 'zhifa_webhook_attempts_total{result="delivered"}' in shown
    async with world.services.database().reading() as read:
        await queries.forget(read, world.now() - rules.KEPT)
        assert len(await world.log()) == 3
        await queries.forget(read, world.now() + timedelta(seconds=1))
    assert [item["state"] for item in await world.log()] == ["pending"]
