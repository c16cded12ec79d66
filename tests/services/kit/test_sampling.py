"""Draws without a database: tickets as the public package gives them, frames, quotas, joint seeds."""

from __future__ import annotations

import consistent_sampler
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from services.kit import sampling
from services.kit.sampling import Entry, Quota

IDS = st.lists(st.text(st.characters(codec="utf-8"), max_size=12), unique=True, max_size=60)
SEEDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30)
# More than are sorted at once, so that the quick way is taken.
MANY = [f"359111{number % 7:03}/示例〔2025〕{number}号" for number in range(3 * sampling.FEW)]


def published(ids: list[str], seed: str, take: int) -> list[tuple[str, str]]:
    """What the public package draws, tickets in full."""
    found = consistent_sampler.sampler(ids, seed, take=take, output="tuple", digits=100)
    return [(number, id_) for number, id_, _ in found]


@given(IDS, SEEDS, st.integers(0, 70))
def test_the_sample_is_that_of_the_public_package(ids: list[str], seed: str, take: int) -> None:
    drawn = sampling.first(ids, seed, take)
    assert [(each.number, each.id) for each in drawn] == published(ids, seed, take)
    assert [ids[each.place] for each in drawn] == [each.id for each in drawn]


@pytest.mark.parametrize("take", [0, 1, sampling.FEW, sampling.FEW + 1, len(MANY) - 1, len(MANY), len(MANY) + 5])
def test_the_quick_way_draws_the_same(take: int) -> None:
    seed = "01382438112797316654"
    assert [(each.number, each.id) for each in sampling.first(MANY, seed, take)] == published(MANY, seed, take)


def test_a_ticket_is_the_packages_own_example() -> None:
    number = "0.26299714122838008416507544297546663599715395525154425586041245287750224561854"
    assert sampling.ticket("01382438112797316654", "AB-130") == number


@given(IDS, SEEDS, st.integers(0, 30), st.integers(0, 30))
def test_a_larger_sample_keeps_the_smaller_one(ids: list[str], seed: str, take: int, more: int) -> None:
    assert sampling.first(ids, seed, take + more)[:take] == sampling.first(ids, seed, take)


@given(st.lists(st.builds(Entry, st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8")))))
def test_a_frame_is_canonical_json_and_reads_back(entries: list[Entry]) -> None:
    frame = sampling.frame_of(entries)
    assert frame == rfc8785.dumps({"files": [{"id": each.id, "stratum": each.stratum} for each in sorted(entries)]})
    assert sampling.entries_of(frame) == sorted(entries)


@pytest.mark.parametrize(
    ("size", "quota", "take"),
    [
        (100, Quota(1000), 10),
        (101, Quota(1000), 11),
        (9, Quota(1), 1),
        (10, Quota(0), 0),
        (10, Quota(0, 3), 3),
        (2, Quota(0, 3), 2),
        (100, Quota(5000, 2, 10), 10),
        (1, Quota(10_000, 2, 10), 1),
        (0, Quota(10_000, 2), 0),
    ],
)
def test_a_quota_takes_its_share_between_its_bounds(size: int, quota: Quota, take: int) -> None:
    assert quota.take(size) == take


@given(st.integers(0, 500), st.integers(0, 10_000), st.integers(0, 50), st.none() | st.integers(50, 100))
def test_a_quota_never_takes_more_than_there_is(size: int, share: int, least: int, most: int | None) -> None:
    take = Quota(share, least, most).take(size)
    assert min(size, least) <= take <= min(size, most if most is not None else size)


def test_strata_are_drawn_each_by_themselves() -> None:
    entries = sorted(Entry(f"u{number % 3}/{number}", f"u{number % 3}") for number in range(30))
    drawn = dict(sampling.draw(sampling.frame_of(entries), "seed", {"u0": 2, "u2": 50}))
    assert {stratum: len(tickets) for stratum, tickets in drawn.items()} == {"u0": 2, "u1": 0, "u2": 10}
    assert [(each.number, each.id) for each in drawn["u0"]] == published([f"u0/{n}" for n in range(0, 30, 3)], "seed", 2)
    assert all(entries[each.place].id == each.id for tickets in drawn.values() for each in tickets)


@pytest.mark.parametrize(("text", "id_"), [("359/Ａ １", "359/A1"), (" 榕晋岳〔2024〕1号\u3000", "榕晋岳〔2024〕1号")])
def test_ids_are_normalised(text: str, id_: str) -> None:
    assert sampling.normalised(text) == id_


@given(st.permutations(["first nonce", "second nonce", "third nonce"]))
def test_a_joint_seed_does_not_depend_on_who_revealed_first(nonces: list[str]) -> None:
    assert sampling.joint_seed(nonces) == sampling.joint_seed(["first nonce", "second nonce", "third nonce"])
    assert sampling.joint_seed(nonces) != sampling.joint_seed(["first nonce", "second nonce", "third nonce!"])
