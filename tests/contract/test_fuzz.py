"""Made-up requests against the services in this process: the short form for every run, the long one with `--full`."""

from __future__ import annotations

import os

import pytest

from tests.client import ROLES, Services
from tests.contract import fuzz
from tests.places import Place

# In a normal run every so-many-th operation of a service, each with a few requests.
EVERY, EXAMPLES = 32, 2
# Making the application of a service with hundreds of routes costs more than asking it: the others are for the long form.
SHORT = ("directory_api", "training_api")
FULL = os.environ.get("ZHIFA_TEST_FUZZ", "20,0,")


def told(report: fuzz.Report) -> str:
    shown = "\n".join(f"{name} [{kind}]\n  {text}" for (name, kind), text in sorted(report.failures.items()))
    return f"{len(report.failures)} kinds of failure in {report.asked} requests\n{shown}"


@pytest.mark.parametrize("service", SHORT)
async def test_some_operations_answer_as_documented(services: Services, place: Place, service: str) -> None:
    report = fuzz.Report()
    explorer = fuzz.Explorer(services, place, service, report, every=EVERY)
    await explorer.explore(EXAMPLES)
    assert not report.failures, told(report)
    assert report.asked >= len(explorer.operations)


@pytest.mark.full
@pytest.mark.parametrize("service", sorted(ROLES))
async def test_full_all_operations_answer_as_documented(services: Services, place: Place, service: str) -> None:
    examples, seed, only = FULL.split(",", 2)
    report = fuzz.Report()
    explorer = fuzz.Explorer(services, place, service, report, seed=int(seed), only=only)
    await explorer.explore(int(examples))
    print(service, report.asked, "requests", dict(sorted(report.statuses.items())))
    assert not report.failures, told(report)
