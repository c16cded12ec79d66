"""How far reviewers agree, and when the organiser is told. Pure.

Nothing here changes a score: whoever organises the review reads the warning and decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from fractions import Fraction
from itertools import accumulate
from typing import Final

from services.kit import errors

# Krippendorff, Content Analysis, ch. 11: below this agreement not even tentative conclusions are drawn.
LEAST_ALPHA: Final = Fraction(667, 1000)
# Fewer common files than these say nothing about a person.
LEAST_COMPARED: Final = 5


def interval(units: Iterable[Sequence[int | None]]) -> Fraction | None:
    """Krippendorff's alpha of numbers; a unit holds what each observer said of it, None where one said nothing.

    Krippendorff, Computing Krippendorff's Alpha-Reliability (2011). None when nothing can be compared or nothing varies.
    """
    return _alpha([[Fraction(value) for value in _said(unit)] for unit in units])


def ordinal(units: Iterable[Sequence[int | None]]) -> Fraction | None:
    """The same of ranks: only their order counts. Two ranks are as far apart as their mid-ranks among all pairable values."""
    known = [unit for unit in map(_said, units) if len(unit) > 1]
    places = _midranks(value for unit in known for value in unit)
    return _alpha([[places[value] for value in unit] for unit in known])


def _said(unit: Sequence[int | None]) -> list[int]:
    return [value for value in unit if value is not None]


def _midranks(values: Iterable[int]) -> dict[int, Fraction]:
    counts = sorted(Counter(values).items())
    ends = accumulate(count for _, count in counts)
    return {value: end - Fraction(count, 2) for (value, count), end in zip(counts, ends, strict=True)}


def _alpha(units: Sequence[Sequence[Fraction]]) -> Fraction | None:
    """1 - observed ÷ expected disagreement, by squares: sums over units and over all say it without going through pairs."""
    pairable = [unit for unit in units if len(unit) > 1]
    everything = [value for unit in pairable for value in unit]
    expected = _spread(everything) / (len(everything) - 1) if everything else Fraction(0)
    if not expected:
        return None
    return 1 - sum(_spread(unit) / (len(unit) - 1) for unit in pairable) / expected


def _spread(values: Sequence[Fraction]) -> Fraction:
    """The squared differences of all ordered pairs."""
    return 2 * (len(values) * sum((value * value for value in values), Fraction(0)) - sum(values, Fraction(0)) ** 2)


def warnings(compared: int, severity: int | None, distance: int | None, limit: int) -> Iterator[str]:
    """What the organiser is told of a reviewer. Severity (own minus others', below nought stricter) and distance to the panel
    are hundredths of a point, as is the limit: the spread at which two reviews go to a third person (dated setting).
    """
    if compared < LEAST_COMPARED:
        return
    if severity is not None and 2 * abs(severity) > limit:
        yield "severe" if severity < 0 else "lenient"
    if distance is not None and distance > limit:
        yield "far_from_panel"


def why_not_as_of(as_of: datetime | None, now: datetime) -> errors.DomainError | None:
    """Nothing is known of the future."""
    return errors.BadInput(errors.Fault("/query/as_of", "in_the_future")) if as_of is not None and as_of > now else None


def why_not_everything(chosen: Sequence[object]) -> errors.DomainError | None:
    """A campaign, a round or a year must be named."""
    if any(each is not None for each in chosen):
        return None
    return errors.BadInput(errors.Fault("/query/campaign_id", "missing"))
