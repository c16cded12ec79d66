"""One attempt: what a receiver can and cannot make of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import pytest

from services.directory_api.webhook_deliveries import external
from services.kit import targets
from tests.services.directory_api.webhook_deliveries import receivers
from tests.services.directory_api.webhook_deliveries.receivers import Receiver

HEADERS = {"Content-Type": "application/json"}


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receivers.listening() as found:
        yield found


def loopback(receiver: Receiver) -> targets.Policy:
    return targets.policy("", "127.0.0.0/8", str(receiver.port), plain=True)


async def test_a_redirect_is_an_answer_and_not_a_way(receiver: Receiver) -> None:
    receiver.answer = lambda got: (307, f"Location: http://127.0.0.1:{receiver.port}/inner\r\n", b"")
    async with external.Sender(loopback(receiver)) as sender:
        outcome = await sender.post(receiver.url, "{}", HEADERS)
    assert (outcome.status, outcome.error, len(receiver.got)) == (307, "redirect", 1)


async def test_only_so_much_of_an_answer_is_read_and_none_is_unpacked(receiver: Receiver) -> None:
    receiver.answer = lambda got: (500, "Content-Encoding: gzip\r\nRetry-After: 9\r\n", b"not gzip " * 200_000)
    async with external.Sender(loopback(receiver)) as sender:
        outcome = await sender.post(receiver.url, "{}", HEADERS)
    assert (outcome.status, outcome.retry_after) == (500, "9")
    assert outcome.excerpt is not None
    assert outcome.excerpt.startswith("not gzip")
    assert receiver.got[0].headers["accept-encoding"] == "identity"


async def test_a_receiver_that_does_not_answer_is_left(receiver: Receiver) -> None:
    receiver.hold.clear()
    async with external.Sender(loopback(receiver), seconds=0.2) as sender:
        outcome = await sender.post(receiver.url, "{}", HEADERS)
    assert (outcome.status, outcome.error) == (None, "timeout")


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["8.8.8.8", "10.0.0.1"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["fe80::1%lo"],
        ["169.254.169.254"],
        [],
        ["nonsense"],
    ],
)
async def test_a_name_that_leads_inside_is_not_followed(receiver: Receiver, addresses: Sequence[str]) -> None:
    async def lookup(host: str, port: int) -> Sequence[str]:
        return addresses

    allowed = targets.policy("", "", str(receiver.port), plain=True)
    async with external.Sender(allowed, lookup) as sender:
        outcome = await sender.post(f"http://receiver.example.cn:{receiver.port}/", "{}", HEADERS)
    assert (outcome.status, outcome.error, receiver.got) == (None, "target_forbidden", [])


async def test_a_name_that_changes_its_mind_gains_nothing(receiver: Receiver) -> None:
    answers = [["127.0.0.1"], ["10.0.0.1"]]
    asked: list[str] = []

    async def lookup(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return answers[min(len(asked), len(answers)) - 1]

    url = f"http://receiver.example.cn:{receiver.port}/"
    async with external.Sender(loopback(receiver), lookup) as sender:
        first = await sender.post(url, "{}", HEADERS)
        second = await sender.post(url, "{}", HEADERS)
    # The system's resolver is never asked behind the check: there is no such host, and the first call arrived.
    assert (first.status, second.error, len(asked), len(receiver.got)) == (204, "target_forbidden", 2, 1)
    assert receiver.got[0].headers["host"] == f"receiver.example.cn:{receiver.port}"


async def test_a_policy_made_stricter_holds_for_addresses_stored_before(receiver: Receiver) -> None:
    async with external.Sender(targets.policy("", "", "443")) as sender:
        outcome = await sender.post(receiver.url, "{}", HEADERS)
    assert (outcome.error, receiver.got) == ("target_forbidden", [])


async def test_nobody_listening_is_told_without_a_word_of_the_system(receiver: Receiver) -> None:
    async def nowhere(host: str, port: int) -> Sequence[str]:
        raise OSError("inner text")

    closed = targets.policy("", "127.0.0.0/8", "9", plain=True)
    async with external.Sender(closed) as sender:
        outcome = await sender.post("http://127.0.0.1:9/", "{}", HEADERS)
    assert (outcome.status, outcome.error, outcome.excerpt) == (None, "no_connection", None)
    async with external.Sender(closed, nowhere) as sender:
        assert (await sender.post("http://receiver.example.cn:9/", "{}", HEADERS)).error == "name_not_found"
