"""Any course of postings, decisions and reversals against an independent model: sums never differ, nor do those of the past."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, Literal, NamedTuple

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.kit import clock
from tests.factories.training import START, World

CATEGORIES = ("public_law", "business", "skills", "political")
COUNTED = CATEGORIES[:3]
Verb = Literal["post", "report", "confirm", "refuse", "reverse_original", "reverse_today"]
Sums = dict[tuple[int, int, str], Fraction]
DAYS = st.sampled_from([date(2023, 1, 1), date(2023, 12, 31), date(2024, 1, 1), date(2024, 2, 29), date(2024, 10, 15)])


class Step(NamedTuple):
    """Something a person tries; `which` picks the entry, by place among those there are."""

    verb: Verb
    officer: int
    category: str
    hundredths: int
    on: date
    which: int
    wait_minutes: int


STEPS = st.builds(
    Step,
    verb=st.sampled_from(
        ["post", "post", "report", "report", "confirm", "confirm", "refuse", "reverse_original", "reverse_today"]
    ),
    officer=st.integers(0, 1),
    category=st.sampled_from(CATEGORIES),
    hundredths=st.integers(1, 900),
    on=DAYS,
    which=st.integers(0, 5),
    wait_minutes=st.sampled_from([0, 1, 60 * 24 * 40]),
)


@dataclass
class Line:
    """An entry as the model knows it; hours as fractions, so that no rounding can hide."""

    officer: int
    category: str
    hours: Fraction
    on: date
    state: str
    id: str = ""
    is_reversal: bool = False
    reversed: bool = False


@dataclass
class Model:
    """What ought to be, told in plain lists."""

    lines: list[Line] = field(default_factory=list)

    def room(self, officer: int, on: date, hours: Fraction) -> bool:
        """Whether a day of the officer still holds these hours."""
        standing = [each for each in self.lines if each.state == "posted" and not each.is_reversal and not each.reversed]
        return sum(each.hours for each in standing if (each.officer, each.on) == (officer, on)) + hours <= 24

    def sums(self) -> Sums:
        """Hours by officer, year and category."""
        found: Sums = defaultdict(Fraction)
        for each in self.lines:
            if each.state == "posted":
                found[each.officer, each.on.year, each.category] += each.hours
        return {key: value for key, value in found.items() if value}


class Course:
    """The same steps on the service and on the model. Where many act at once, only the service knows who comes first, and the
    model follows what was accepted."""

    def __init__(self, world: World, officers: list[dict[str, Any]], *, at_once: bool = False) -> None:
        self.world, self.officers, self.model, self.at_once = world, officers, Model(), at_once

    async def take(self, step: Step) -> None:
        """One step; the service must answer as the model says."""
        if not self.at_once:
            self.world.clock.pass_time(minutes=step.wait_minutes)
        if step.verb in {"post", "report"}:
            await self._enter(step)
        elif self.model.lines:
            await self._move(self.model.lines[step.which % len(self.model.lines)], step.verb)

    async def _enter(self, step: Step) -> None:
        state = "posted" if step.verb == "post" else "pending"
        line = Line(step.officer, step.category, Fraction(step.hundredths, 100), step.on, state)
        fits = state == "pending" or self.model.room(step.officer, step.on, line.hours)
        source = "class" if step.verb == "post" else "self_study"
        facts = {"category": step.category, "hours": step.hundredths / 100, "occurred_on": step.on.isoformat(), "source": source}
        body = {"officer_id": self.officers[step.officer]["id"]} | facts
        answer = await self.world.bureau.post("/v1/hour-entries", json=body)
        if self._accepted(answer, 201, fits):
            line.id = answer.json()["id"]
            self.model.lines.append(line)

    async def _move(self, line: Line, verb: Verb) -> None:
        if verb in {"confirm", "refuse"}:
            fits = line.state == "pending" and (verb == "refuse" or self.model.room(line.officer, line.on, line.hours))
            path = f"/v1/hour-entries/{line.id}"
            version = (await self.world.bureau.get(path)).json()["version"]
            body = {"reason": "核对"}
            answer = await self.world.bureau.post(f"{path}/{verb}", json=body, version=version)
            if self._accepted(answer, 200, fits):
                assert line.state == "pending", "decided twice"
                line.state = "posted" if verb == "confirm" else "refused"
            return
        fits = line.state == "posted" and not line.is_reversal and not line.reversed
        effective = verb.removeprefix("reverse_")
        answer = await self.world.reverse({"id": line.id}, effective)
        if self._accepted(answer, 201, fits):
            assert not line.reversed, "reversed twice"
            line.reversed = True
            on = line.on if effective == "original" else clock.local_day(self.world.clock())
            mirror = Line(line.officer, line.category, -line.hours, on, "posted", answer.json()["id"], is_reversal=True)
            self.model.lines.append(mirror)

    def _accepted(self, answer: httpx.Response, good: int, fits: bool) -> bool:
        assert answer.status_code in ({good, 409, 412} if self.at_once else {good if fits else 409}), answer.text
        return answer.status_code == good

    async def shown(self, at: datetime | None = None) -> Sums:
        """The service's sums, as they stand or as recorded at a moment."""
        found: Sums = {}
        when = {"as_of": at.isoformat().replace("+00:00", "Z")} if at else {}
        for place, officer in enumerate(self.officers):
            for year in range(2023, 2028):
                told = await self.world.compliance(officer, year, **when)
                parts = {name: Fraction(str(told["by_category"][name])) for name in CATEGORIES}
                assert Fraction(str(told["valid_hours"])) == sum(parts[name] for name in COUNTED)
                found |= {(place, year, name): value for name, value in parts.items() if value}
        return found


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(STEPS, min_size=8, max_size=20))
async def test_sums_never_differ_from_the_model(world: World, steps: list[Step]) -> None:
    world.clock.moment = START
    course = Course(world, [await world.officer(), await world.officer()])
    past: list[tuple[datetime, Sums]] = []
    for place, step in enumerate(steps):
        await course.take(step)
        if place % 3 == 2:
            past.append((world.clock.moment, course.model.sums()))
            world.clock.moment += timedelta(seconds=1)
    assert await course.shown() == course.model.sums()
    world.clock.pass_time(days=1)
    for moment, sums in past:
        assert await course.shown(moment) == sums
    await world.seal()
    assert (await world.bureau.get("/v1/ledger/verification")).json()["ok"]


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(STEPS, min_size=16, max_size=32))
async def test_sums_are_those_of_what_was_accepted_when_many_act_at_once(world: World, steps: list[Step]) -> None:
    world.clock.moment = START
    course = Course(world, [await world.officer(), await world.officer()], at_once=True)
    for place in range(0, len(steps), 8):
        await asyncio.gather(*(course.take(step) for step in steps[place : place + 8]))
    assert await course.shown() == course.model.sums()
    standing = [each for each in course.model.lines if each.state == "posted" and not each.is_reversal and not each.reversed]
    days = {(each.officer, each.on) for each in standing}
    assert all(course.model.room(officer, on, Fraction(0)) for officer, on in days), "a day holds 24 hours"
    await world.seal()
    assert (await world.bureau.get("/v1/ledger/verification")).json()["ok"]
    assert (await world.bureau.get("/v1/compliance/verification")).json()["ok"]
