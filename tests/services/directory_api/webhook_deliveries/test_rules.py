"""When a message is tried again, when it is given up, and what the log keeps of an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import standardwebhooks
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from services.directory_api.webhook_deliveries import formats, rules
from services.directory_api.webhook_deliveries.rules import Outcome
from services.directory_api.webhook_endpoints import actions as endpoints
from services.kit import clock, ids

NOW = datetime(2025, 3, 1, 8, tzinfo=UTC)


@dataclass
class Delivery:
    attempts: int = 1
    first_attempted_at: datetime | None = NOW
    kind: str = "assignment.changed"


@given(st.lists(st.floats(0, 1, exclude_max=True), min_size=80, max_size=80))
@hypothesis_settings(max_examples=20)
def test_attempts_go_on_for_three_days_and_not_for_ever(chances: list[float]) -> None:
    delivery, now, times = Delivery(), NOW, [NOW]
    for chance in chances:
        due = rules.next_attempt(delivery, Outcome(status=503), now, chance)
        if due is None:
            break
        assert now + rules.FIRST_WAIT <= due <= now + rules.LONGEST_WAIT * 1.25
        now, delivery.attempts = due, delivery.attempts + 1
        times.append(now)
    assert timedelta(days=3) <= times[-1] - NOW <= timedelta(days=4)
    assert 15 <= len(times) <= 40


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, 5), ("2", 5), ("120", 120), ("Sat, 01 Mar 2025 09:00:00 GMT", 3600), ("Sat, 01 Mar 2025 07:00:00 GMT", 5),
        ("99999999999999999999", 86400), ("-5", 5), ("soon", 5), ("", 5), ("٣", 5), ("Sat, 01 Mar 9999 09:00:00 GMT", 86400),
    ],
)  # fmt: skip
def test_a_receiver_may_ask_for_more_time(header: str | None, seconds: int) -> None:
    due = rules.next_attempt(Delivery(), Outcome(status=429, retry_after=header), NOW, 0.0)
    assert due == NOW + timedelta(seconds=seconds)


def test_a_test_message_is_tried_once() -> None:
    assert rules.next_attempt(Delivery(kind=rules.TEST), Outcome(status=500), NOW, 0.5) is None


@pytest.mark.parametrize(
    ("status", "success", "about_all"),
    [
        (200, True, False), (204, True, False), (301, False, True), (400, False, False), (401, False, True), (404, False, True),
        (410, False, True), (422, False, False), (429, False, True), (500, False, True), (None, False, True), (101, False, True),
    ],
)  # fmt: skip
def test_what_an_answer_says_of_its_receiver(status: int | None, success: bool, about_all: bool) -> None:
    outcome = Outcome(status=status)
    assert (outcome.is_success, outcome.is_about_all) == (success, about_all)


def test_an_endpoint_is_lost_after_days_without_success() -> None:
    assert not rules.is_lost(None, NOW)
    assert not rules.is_lost(NOW - timedelta(days=5) + timedelta(seconds=1), NOW)
    assert rules.is_lost(NOW - timedelta(days=5), NOW)


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (b"", None),
        (b" \r\n\x00\x1b[31m ", "[31m"),
        ("收到\n了".encode(), "收到 了"),
        (b"id 350111199001011234 of 1234567", "id … of 1234567"),
        (b"\xff\xfeok", "��ok"),
        (b"x" * 9999, "x" * 500),
    ],
)
def test_the_log_keeps_a_clean_beginning_of_an_answer(answer: bytes, kept: str | None) -> None:
    assert rules.cleaned(answer) == kept


@given(st.binary(max_size=3000))
def test_whatever_is_answered_fits_the_log(answer: bytes) -> None:
    kept = rules.cleaned(answer)
    assert kept is None or (kept.isprintable() and 1 <= len(kept) <= rules.MOST_EXCERPT)


@given(
    kind=st.sampled_from(["assignment.submitted", "review.published"]),
    version=st.integers(1, 2**31 - 1),
    others=st.integers(0, 1),
)
def test_every_secret_in_force_opens_the_message_and_no_other(kind: str, version: int, others: int) -> None:
    message = formats.Message(ids.new_id(), kind, "2025-03-01T08:00:00Z", 7, "tasks_api", "assignment", ids.new_id(), version)
    body = message.body("http://127.0.0.1:8000")
    secrets = [endpoints.fresh_secret() for _ in range(1 + others)]
    sent = formats.headers(message, body, secrets, clock.now())
    for secret in secrets:
        told = standardwebhooks.Webhook(secret).verify(body, sent)
        assert (told["type"], told["data"]["version"]) == (kind, version)
    old = formats.headers(message, body, secrets, NOW)
    bent = [
        (endpoints.fresh_secret(), body, sent),
        (secrets[0], body.replace(kind, "x.y"), sent),
        (secrets[0], body, sent | {"webhook-id": "msg_other"}),
        (secrets[0], body, old),
    ]
    for secret, text, lines in bent:
        with pytest.raises(standardwebhooks.WebhookVerificationError):
            standardwebhooks.Webhook(secret).verify(text, lines)
    assert len(body.encode()) < 20_000
