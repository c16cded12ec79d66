"""Statistics count published rounds only, agree with sums made by hand, and tell each caller no more than is theirs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from services.cases_api.review_statistics import rules, schemas
from services.kit import ids
from services.kit.principal import Role
from tests.factories import reviews
from tests.factories.reviews import World, good
from tests.places import Unit

PATH = "/v1/review-statistics"
# Two reviewers on six files: totals in points, the second one five points stricter on five of them.
MADE = datetime(2025, 5, 1, tzinfo=UTC)
TOTALS = [(95, 90), (85, 80), (75, 70), (92, 87), (66, 61), (88, 88)]


def review(
    world: World, turn: Any, unit: Unit, file_id: Any, who: Any, points: float, *, mode: str, deduction: float = 5
) -> None:
    """A submitted review as the service leaves it behind."""
    review_id, now = ids.new_id(), datetime(2025, 6, 1, tzinfo=UTC)
    grade = next(name for name, least in (("excellent", 90), ("good", 80), ("pass", 60), ("fail", 0)) if points >= least)
    world.connection.execute(
        "INSERT INTO cases.review_assignments (id, district_id, unit_id, round_id, mode, case_file_id, account_id, reason,"
        " hide_unit, state, created_at, saves, version) VALUES (%s,%s,%s,%s,%s,%s,%s,'named',false,'submitted',%s,1,1)",
        [review_id, unit.path[0], unit.id, turn, mode, file_id, who, now],
    )
    content = {
        "items": [{"item_key": "clear", "rule_key": "vague", "deduction": deduction, "reason": "示例"}],
        "vetoes": [],
        "not_applicable": [],
    }
    world.connection.execute(
        "INSERT INTO cases.reviews (id, content, total_hundredths, got_hundredths, applicable_hundredths, grade, content_hash,"
        " structure_hash, saved_at, submitted_at) VALUES (%s,%s,%s,%s,10000,%s,%s,%s,%s,%s)",
        [review_id, Jsonb(content), int(points * 100), int(points * 100), grade, "0" * 64, "0" * 64, now, now],
    )


def stand(world: World, campaign: str, turn: Any, unit: Unit, file_id: Any, mode: str, points: float) -> None:
    """A result as publishing leaves it behind; that of the sample is the final one."""
    result_id, total, when = ids.new_id(), int(points * 100 + 0.5), datetime(2025, 7, 1, tzinfo=UTC)
    world.connection.execute(
        "INSERT INTO cases.results (id, district_id, unit_id, campaign_id, round_id, case_file_id, mode, basis, rank, is_final,"
        " total_hundredths, grade, vetoes, content_hash, structure_hash, review_ids, published_at, version)"
        " VALUES (%s,%s,%s,%s,%s,%s,%s,'reviews',1,%s,%s,'good','{}','','','{}',%s,1)",
        [result_id, unit.path[0], unit.id, campaign, turn, file_id, mode, mode == "sample", total, when],
    )
    world.connection.execute(
        "INSERT INTO cases.result_versions (result_id, number, cause, basis, is_final, total_hundredths, grade, vetoes,"
        " account_id, recorded_at) VALUES (%s,1,'published','reviews',%s,%s,'good','{}',%s,%s)",
        [result_id, mode == "sample", total, ids.new_id(), when],
    )


@pytest.fixture(scope="module")
async def held(world: World) -> dict[str, Any]:
    """A campaign with a published sample, the self-review of the same files, and a round still running."""
    campaign = await world.campaign()
    town, people = world.place.town, [reviews.account(world.connection, world.place.bureau) for _ in range(2)]
    files = [reviews.case_file(world.connection, town) for _ in TOTALS]
    turns = {}
    for mode, state in (("self", "published"), ("sample", "published"), ("cross", "reviewing")):
        turns[mode] = ids.new_id()
        sampling = None if mode == "self" else Jsonb({})
        when = datetime(2025, 7, 1, tzinfo=UTC) if state == "published" else None
        world.connection.execute(
            "INSERT INTO cases.review_rounds (id, district_id, unit_id, campaign_id, mode, state, sampling, hide_units,"
            " reviewers_per_file, legal_reviewers, created_by, created_at, published_at, version)"
            " VALUES (%s,%s,%s,%s,%s,%s,%s,false,2,0,%s,%s,%s,1)",
            [turns[mode], town.path[0], town.id, campaign["id"], mode, state, sampling, people[0], MADE, when],
        )
    for file_id, (first, second) in zip(files, TOTALS, strict=True):
        review(world, turns["self"], town, file_id, people[0], 98, mode="self", deduction=1)
        review(world, turns["cross"], town, file_id, people[0], 1, mode="cross")
        for person, points in zip(people, (first, second), strict=True):
            review(world, turns["sample"], town, file_id, person, points, mode="sample")
        for mode, total in (("self", 98), ("sample", (first + second) / 2)):
            stand(world, campaign["id"], turns[mode], town, file_id, mode, total)
    return {"campaign": campaign["id"], "people": [str(each) for each in people], "turns": turns}


async def read(world: World, held: dict[str, Any], who: Any = None, **params: Any) -> schemas.ReviewStatisticsOut:
    answer = good(await (who or world.bureau).get(PATH, params={"campaign_id": held["campaign"], **params}))
    return schemas.ReviewStatisticsOut.model_validate(answer)


async def test_figures_are_those_made_by_hand(world: World, held: dict[str, Any]) -> None:
    found = await read(world, held)
    assert (found.rounds, found.files, found.reviews, found.not_reviewable) == (2, 6, 18, 0)
    (covered,) = found.coverage
    assert (covered.closed_files, covered.self_reviewed, covered.rate) == (6, 6, 1)
    final = {each.grade: each.files for each in found.grades if each.mode == "final"}
    assert sum(final.values()) == 6
    (inflated,) = found.inflation
    mean = sum((first + second) / 2 for first, second in TOTALS) / 6
    assert (inflated.self_mean, inflated.files) == (9800, 6)
    assert inflated.inflation == pytest.approx(98 - mean, abs=0.01)
    assert [(each.item_key, each.rule_key, each.files, each.units) for each in found.defects] == [("clear", "vague", 6, 1)]
    assert (found.items[0].reviews, found.items[0].deducted, found.items[0].share) == (18, 6 + 12 * 5, 1)


async def test_agreement_and_reviewers_are_those_of_the_rules(world: World, held: dict[str, Any]) -> None:
    found = await read(world, held)
    assert found.agreement is not None
    assert found.reviewers is not None
    totals = [[first * 100, second * 100] for first, second in TOTALS]
    grades = [[next(n for n, least in enumerate((90, 80, 60, 0)) if p >= least) for p in pair] for pair in TOTALS]
    assert found.agreement.alpha_total == pytest.approx(float(rules.interval(totals) or 0), abs=1e-4)
    assert found.agreement.alpha_grade == pytest.approx(float(rules.ordinal(grades) or 0), abs=1e-4)
    told = {str(each.account_id): each for each in found.reviewers}
    lenient, strict = (told[each] for each in held["people"])
    assert lenient.severity == pytest.approx(25 / 6, abs=0.01)
    assert strict.severity == pytest.approx(-25 / 6, abs=0.01)
    assert (strict.compared, strict.reviews, lenient.reviews) == (6, 6, 12)
    assert strict.distance == round(25 / 12 * 100)


async def test_nothing_of_a_running_round_and_nothing_before_publication(world: World, held: dict[str, Any]) -> None:
    assert (await read(world, held, mode="cross")).reviews == 0
    before = (datetime(2025, 7, 1, tzinfo=UTC) - timedelta(seconds=1)).isoformat().replace("+00:00", "Z")
    assert (await read(world, held, as_of=before)).reviews == 0
    after = datetime(2025, 7, 1, 1, tzinfo=UTC).isoformat().replace("+00:00", "Z")
    assert (await read(world, held, as_of=after)).reviews == 18


async def test_each_caller_reads_what_is_theirs(world: World, held: dict[str, Any]) -> None:
    own = await read(world, held, world.manager())
    assert (own.files, own.reviewers, own.agreement) == (6, None, None)
    foreign = await read(world, held, world.manager(world.place.other_town))
    assert (foreign.files, foreign.coverage, foreign.grades) == (0, [], [])
    government = await read(world, held, world.caller(Role.GOVERNMENT, unit=world.place.district))
    assert government.reviewers is None
    assert government.agreement is not None
    for role in (Role.UNIT_MEMBER, Role.REVIEWER, Role.PLATFORM):
        refused = await world.caller(role, unit=world.place.town).get(PATH, params={"year": 2025})
        assert refused.status_code == 403


async def test_input_is_checked(world: World) -> None:
    answer = await world.bureau.get(PATH)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/query/campaign_id")
    answer = await world.bureau.get(PATH, params={"year": 2025, "as_of": "2099-01-01T00:00:00Z"})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "in_the_future")


async def test_what_was_published_is_counted_for_its_time_also_when_the_round_is_void_since(
    world: World, held: dict[str, Any]
) -> None:
    link, turn = world.connection, held["turns"]["sample"]
    before = await read(world, held, as_of="2025-08-01T00:00:00Z")
    link.execute("UPDATE cases.review_assignments SET state = 'void', ended_how = 'withdrawn' WHERE round_id = %s", [turn])
    link.execute(
        "UPDATE cases.review_rounds SET state = 'void', voided_at = '2025-09-01T00:00:00Z', void_reason = 'x' WHERE id = %s",
        [turn],
    )
    assert await read(world, held, as_of="2025-08-01T00:00:00Z") == before
    assert (await read(world, held, as_of="2025-09-02T00:00:00Z")).reviews == 6


async def test_a_review_given_back_is_counted_no_more_until_it_is_in_again(world: World) -> None:
    reviewer, one = await world.review()
    path, body = f"/v1/reviews/{one['id']}", {"items": [{"item_key": "clear", "deduction": 2, "reason": "示例"}]}
    counted = (
        "SELECT (SELECT count(*) FROM cases.review_tallies WHERE review_id = %s), count(*)"
        " FROM cases.review_findings WHERE review_id = %s"
    )
    told = []
    good(await reviewer.post(f"{path}/submit", json=body, version=1))
    told += world.rows(counted, one["id"], one["id"])
    good(await world.bureau.post(f"{path}/reopen", version=2, headers={"X-Change-Reason": "needed"}))
    told += world.rows(counted, one["id"], one["id"])
    good(await reviewer.post(f"{path}/submit", json={"items": []}, version=3))
    assert [*told, *world.rows(counted, one["id"], one["id"])] == [(1, 1), (0, 0), (1, 0)]
