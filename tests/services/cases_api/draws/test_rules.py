"""Rules of draws without a database: the order of the steps, and sizes of samples."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cases_api.draws import rules
from services.cases_api.draws.rules import Witness
from services.kit import sampling
from services.kit.sampling import Entry

NONCE = "a nonce nobody knows"
STRANGER = Witness(None, False, 2, 0)
MINE = Witness(sampling.commitment(NONCE), False, 2, 0)
ALL = {"share_per_10000": 10_000, "min": 0}


@dataclass(frozen=True)
class Draw:
    state: str = "frozen"
    seed: str | None = None
    frozen_at: datetime = datetime(2025, 1, 1, tzinfo=UTC)


SEEDED, DRAWN = Draw(seed="1"), Draw("drawn", "1")


def code(refusal: Any) -> str | None:
    return None if refusal is None else refusal.code.removeprefix("draw.")


@pytest.mark.parametrize(
    ("draw", "seed", "commit", "reveal", "drawing", "mend"),
    [
        (None, "not_frozen", "not_frozen", "not_frozen", "not_frozen", "not_drawn"),
        (Draw(), None, None, None, "no_seed", "not_drawn"),
        (SEEDED, "seed_known", "seed_known", "seed_known", None, "not_drawn"),
        (DRAWN, "already_drawn", "already_drawn", "already_drawn", "already_drawn", None),
    ],
)
def test_each_step_has_its_turn(draw: Any, seed: Any, commit: Any, reveal: Any, drawing: Any, mend: Any) -> None:
    assert code(rules.why_not_seed(draw, Witness(None, False, 0, 0))) == seed
    assert code(rules.why_not_commit(draw, STRANGER)) == commit
    assert code(rules.why_not_reveal(draw, MINE, NONCE)) == reveal
    assert code(rules.why_not_draw(draw)) == drawing
    assert code(rules.why_not_change_sample(draw)) == mend


def test_commitments_come_before_nonces_and_instead_of_a_seed_from_outside() -> None:
    assert code(rules.why_not_seed(Draw(), STRANGER)) == "by_witnesses"
    assert code(rules.why_not_commit(Draw(), MINE)) == "committed_already"
    assert code(rules.why_not_commit(Draw(), Witness(None, False, 2, 1))) == "commitments_over"


@pytest.mark.parametrize(
    ("witness", "nonce", "refusal"),
    [
        (MINE, NONCE, None),
        (MINE, NONCE + "!", "nonce_differs"),
        (STRANGER, NONCE, "no_commitment"),
        (Witness(MINE.committed, False, 1, 0), NONCE, "too_few_commitments"),
        (Witness(MINE.committed, True, 2, 1), NONCE, "revealed_already"),
    ],
)
def test_who_may_reveal_what(witness: Witness, nonce: str, refusal: str | None) -> None:
    assert code(rules.why_not_reveal(Draw(), witness, nonce)) == refusal


def test_the_first_override_that_fits_a_stratum_holds() -> None:
    overrides = [
        {"match": {"unit": "u1", "kind": "licence"}, "share_per_10000": 0, "min": 1},
        {"match": {"kind": "licence"}, "share_per_10000": 0, "min": 2},
        {"match": {"unit": "u1"}, "share_per_10000": 0, "min": 3},
    ]
    strata = dict.fromkeys(["u1/licence/ordinary", "u2/licence/ordinary", "u1/penalty/fast", "a/b/penalty/fast"], 10)
    takes = rules.takes(strata, rules.terms_of(ALL, overrides))
    assert takes == {
        "a/b/penalty/fast": 10,
        "u1/licence/ordinary": 1,
        "u1/penalty/fast": 3,
        "u2/licence/ordinary": 2,
    }


def test_a_frame_that_is_not_the_published_one_is_not_drawn_from() -> None:
    frame = sampling.frame_of([Entry("u/1", "u"), Entry("u/2", "u")])
    assert len(rules.sample(frame, sampling.sha256(frame), "seed", {}, {"u": 1})) == 1
    with pytest.raises(rules.FrameChanged):
        rules.sample(frame + b" ", sampling.sha256(frame), "seed", {}, {"u": 1})


@given(st.integers(1, 40), st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_a_sample_grows_by_the_next_tickets_only(size: int, first: int, replaced: int, more: int) -> None:
    frame = sampling.frame_of([Entry(f"u/{number}", "u") for number in range(size)])
    whole = rules.sample(frame, sampling.sha256(frame), "seed", {}, {"u": size})
    take = min(size, first)
    used = min(size, take + min(replaced, take))
    live = used - min(replaced, take) if used == take + min(replaced, take) else take - (min(replaced, take) - (used - take))
    terms = rules.terms_of({"share_per_10000": 0, "min": more}, [])
    try:
        reached = rules.growth({"u": size}, {"u": live}, {"u": used}, terms)
    except rules.NoGrowth:
        assert min(size, more) <= live or used == size
        return
    added = rules.sample(frame, sampling.sha256(frame), "seed", {"u": used}, reached)
    assert added == whole[used : reached["u"]]
    assert live + len(added) == min(more, live + size - used)


def test_a_sample_never_shrinks() -> None:
    with pytest.raises(rules.NoGrowth):
        rules.growth({"u": 9, "v": 9}, {"u": 5, "v": 1}, {"u": 5, "v": 1}, rules.terms_of({"share_per_10000": 0, "min": 3}, []))
