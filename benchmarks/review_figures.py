"""Figures of a large review district: `python -m benchmarks.review_figures [--files 30000] [--rounds 5]`.

Starts a PostgreSQL of its own and fills it as reviewing leaves it behind: a campaign in which each file was reviewed by its
unit, a third of them by another unit, and all by two reviewers of a sample; three deductions in each sheet, 300 reviewers,
60 units. With the defaults that is 100,000 reviews, 300,000 deductions and 70,000 results. Then asks

- for the statistics of the year, of one unit, and as of an earlier moment: seconds, the best of the rounds, and how many
  times the one number that cannot be had for less, a count of the reviews themselves;
- for review sheets beside a get of the assignment each hangs on, both through the service by one reviewer in turn.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg
import yaml
from sqlalchemy import text

from benchmarks.ledger import DISTRICT, TOWN, UNIT, database, span
from services.cases_api import access
from services.cases_api.review_statistics import queries
from services.cases_api.review_statistics.schemas import ReviewStatisticsQuery
from services.kit import clock, ids, logs
from services.kit.db import Database
from services.kit.principal import Principal, Role
from services.kit.settings import Settings

ROOT = Path(__file__).parents[1]
RUBRIC = ROOT / "admin" / "reference" / "rubrics" / "penalty.yaml"
UNITS, PEOPLE = 60, 300
FILES = """
    WITH units AS (SELECT array_agg(id ORDER BY code) ids FROM directory.units WHERE parent_id IS NOT NULL),
    made AS (SELECT n, gen_random_uuid() id, gen_random_uuid() number_id, ids[1 + n %% cardinality(ids)] unit_id
             FROM units, generate_series(1, %(files)s) n),
    numbered AS (
        INSERT INTO cases.case_numbers (id, district_id, unit_id, kind, year, sequence, number, state, created_by, created_at,
                                        version)
        SELECT number_id, %(district)s, unit_id, 'penalty', 2025, n, '示例〔2025〕' || lpad(n::text, 7, '0') || '号',
               'used', gen_random_uuid(), now(), 1 FROM made)
    INSERT INTO cases.case_files (id, district_id, unit_id, case_number_id, case_no, kind, procedure, state, item, legal_bases,
        officers, party_kind, party_name_shown, party_digest, filed_on, decided_on, closed_on, created_by, created_at, updated_at,
        version)
    SELECT id, %(district)s, unit_id, number_id, '示例〔2025〕' || lpad(n::text, 7, '0') || '号', 'penalty', 'ordinary', 'closed',
           '占道经营（演示）', ARRAY['示例条例第1条'], ARRAY[gen_random_uuid()], 'organisation', '示例公司（虚构）', 'synthetic',
           '2025-01-10', '2025-02-10', '2025-02-20', gen_random_uuid(), now(), now(), 1 FROM made
"""
ROUND = """
    INSERT INTO cases.review_rounds (id, district_id, campaign_id, mode, state, sampling, hide_units, reviewers_per_file,
        legal_reviewers, created_by, created_at, published_at, version)
    VALUES (%s, %s, %s, %s, 'published', %s, false, %s, 0, %s, now(), now(), 1)
"""
# Every nth file, by so many reviewers each.
GIVEN = """
    INSERT INTO cases.review_assignments (id, district_id, unit_id, round_id, mode, case_file_id, account_id, reason, hide_unit,
        state, created_at, saves, version)
    SELECT gen_random_uuid(), f.district_id, f.unit_id, %(round)s, %(mode)s, f.id,
           (%(people)s::uuid[])[1 + (f.n * 7 + k * 11) %% cardinality(%(people)s::uuid[])], 'solved', false, 'submitted', now(),
           1, 1
    FROM (SELECT *, row_number() OVER (ORDER BY id) n FROM cases.case_files) f, generate_series(1, %(each)s) k
    WHERE f.n %% %(nth)s = 0
"""
SHEETS = """
    INSERT INTO cases.reviews (id, content, total_hundredths, got_hundredths, applicable_hundredths, grade, content_hash,
        structure_hash, saved_at, submitted_at)
    SELECT id, content, total, total, 10000, CASE WHEN total >= 9000 THEN 'excellent' WHEN total >= 8000 THEN 'good'
           WHEN total >= 6000 THEN 'pass' ELSE 'fail' END, repeat('0', 64), repeat('0', 64), now(), now()
    FROM (SELECT id, 9700 - 100 * (n %% 40)::integer AS total, jsonb_build_object('not_applicable', '[]'::jsonb,
              'vetoes', CASE WHEN n %% 200 = 0 THEN jsonb_build_array(jsonb_build_object('key', 'veto.seizure', 'page', 9))
                        ELSE '[]' END,
              'items', (SELECT jsonb_agg(jsonb_build_object('item_key', (%(items)s::text[])[1 + (n * 5 + i * 3) %% %(count)s],
                            'rule_key', 'r' || (n + i) %% 3, 'deduction', 0.5 * i, 'page', 7,
                            'reason', '要素不全，见标注（演示）'))
                        FROM generate_series(1, 3) i)) AS content
          FROM (SELECT id, row_number() OVER (ORDER BY id) n FROM cases.review_assignments) a) made
"""
RESULTS = """
    INSERT INTO cases.results (id, district_id, unit_id, campaign_id, round_id, case_file_id, mode, basis, rank, is_final,
        total_hundredths, grade, vetoes, content_hash, structure_hash, review_ids, published_at, version)
    SELECT gen_random_uuid(), a.district_id, a.unit_id, %(campaign)s, a.round_id, a.case_file_id, a.mode, 'reviews', 1,
           a.mode = 'sample', avg(v.total_hundredths), min(v.grade), '{}', repeat('0', 64), repeat('0', 64), array_agg(a.id),
           now(), 1
    FROM cases.review_assignments a JOIN cases.reviews v ON v.id = a.id GROUP BY 2, 3, 5, 6, 7
"""
VERSIONS = """
    INSERT INTO cases.result_versions (result_id, number, cause, basis, is_final, total_hundredths, grade, vetoes, account_id,
        recorded_at)
    SELECT id, 1, 'published', basis, is_final, total_hundredths, grade, vetoes, gen_random_uuid(), published_at
    FROM cases.results
"""


def fill(url: str, files: int) -> None:
    """The district after its campaign."""
    rubric = yaml.safe_load(RUBRIC.read_text(encoding="utf-8"))
    items = [item["key"] for block in rubric["blocks"] for item in block["items"]]
    people = [ids.new_id() for _ in range(PEOPLE)]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET statement_timeout = 0")
        for number in range(UNITS - 1):
            unit, code = ids.new_id(), f"3591112{number:02}"
            connection.execute(
                UNIT, [unit, DISTRICT, DISTRICT, [DISTRICT, unit], code, f"示例{number}镇", f"示例{number}镇", "town"]
            )
        connection.execute(FILES, {"district": DISTRICT, "files": files})
        connection.execute("DELETE FROM cases.legal_check_queue")
        rubric_id, campaign = ids.new_id(), ids.new_id()
        connection.execute(
            "INSERT INTO cases.rubrics (id, district_id, state, content, content_hash, structure_hash, created_by, created_at,"
            " published_at, version) VALUES (%s, %s, 'published', %s, '', '', %s, now(), now(), 1)",
            [rubric_id, DISTRICT, json.dumps(rubric), people[0]],
        )
        connection.execute(
            "INSERT INTO cases.review_campaigns (id, district_id, title, year, rubric_id, online, state, created_by, created_at,"
            " version) VALUES (%s, %s, '示例', 2025, %s, true, 'open', %s, now(), 1)",
            [campaign, DISTRICT, rubric_id, people[0]],
        )
        for mode, each, nth in (("self", 1, 1), ("cross", 1, 3), ("sample", 2, 1)):
            turn, sampling = ids.new_id(), None if mode == "self" else "{}"
            connection.execute(ROUND, [turn, DISTRICT, campaign, mode, sampling, each, people[0]])
            values = {"round": turn, "mode": mode, "people": people, "each": each, "nth": nth}
            connection.execute(GIVEN, values)
        connection.execute(SHEETS, {"items": items, "count": len(items)})
        connection.execute(RESULTS, {"campaign": campaign})
        connection.execute(VERSIONS)
        connection.execute("VACUUM (ANALYZE)")


async def best(rounds: int, ask: Callable[[], Awaitable[Any]]) -> float:
    """The quickest of so many tries, in seconds."""
    found = []
    for _ in range(rounds):
        began = time.perf_counter()
        await ask()
        found.append(time.perf_counter() - began)
    return min(found)


async def figures(url: str, rounds: int) -> None:
    """The statistics as the bureau asks for them."""
    settings = Settings(database_url=url, database_role="zhifa_cases", pool_size=2)
    who = access.REVIEW_STATISTICS_READ.admit(Principal(UUID(int=1), "", frozenset({Role.BUREAU}), DISTRICT, (DISTRICT,)))
    now = clock.now()
    async with Database(settings).reading() as read:
        unit = (await read.execute(text("SELECT unit_id FROM cases.review_assignments LIMIT 1"))).scalar_one()
        count = text("SELECT count(*), count(DISTINCT case_file_id) FROM cases.review_assignments WHERE state = 'submitted'")
        floor = await best(rounds, lambda: read.execute(count))
        print(f"counting the reviews: {floor:.3f} s")
        for told, wanted in (("year", {}), ("unit", {"unit_id": unit}), ("as of a moment", {"as_of": now})):
            query = ReviewStatisticsQuery.model_validate({"year": 2025} | wanted)
            took = await best(rounds, lambda q=query: queries.figures(read, who, q, now))  # type: ignore[misc]
            print(f"statistics, {told}: {took:.3f} s, {took / floor:.1f} times")
        whole = await queries.figures(read, who, ReviewStatisticsQuery(year=2025), now)
        print({name: whole[name] for name in ("rounds", "reviews", "files")}, whole["agreement"], file=sys.stderr)


async def sheets(url: str, rounds: int) -> None:
    """A reviewer opens the own sheets, with a get of its assignment before each."""
    from services.cases_api import main as cases
    from tests import places, tokens

    folder = Path(tempfile.mkdtemp(prefix="zhifa-bench-keys-"))
    (folder / "cursor.key").write_bytes(secrets.token_bytes(32))
    (folder / "personal.json").write_text(places.personal_keys())
    settings = Settings(
        database_url=url, database_role="zhifa_cases", jwks_file=tokens.keys().jwks_file, public_url=tokens.ISSUER,
        personal_keys_file=folder / "personal.json", cursor_key_file=folder / "cursor.key",
    )  # fmt: skip
    app = cases.create_app(settings)
    with psycopg.connect(url) as connection:
        person = connection.execute("SELECT account_id FROM cases.review_assignments LIMIT 1").fetchone()
        assert person is not None
        own = connection.execute("SELECT id FROM cases.review_assignments WHERE account_id = %s LIMIT 200", person).fetchall()
    token = tokens.of(Role.UNIT_MEMBER, Role.REVIEWER, unit_id=TOWN, unit_path=(DISTRICT, TOWN), account_id=person[0])
    headers = {"Authorization": f"Bearer {token}"}
    gets, opened = [], []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=tokens.ISSUER, headers=headers) as client:
        for _ in range(rounds):
            for (review_id,) in own:
                gets.append(await span(client, review_id, "/v1/review-assignments/{}"))
                opened.append(await span(client, review_id, "/v1/reviews/{}"))
    await app.state.runtime.database.close()
    shutil.rmtree(folder, ignore_errors=True)
    get, ours = (statistics.median(each[20:]) for each in (gets, opened))
    print(f"opening a sheet {ours * 1000:.2f} ms, a get {get * 1000:.2f} ms (medians): {ours / get:.2f} times", flush=True)


def main() -> None:
    """Everything, one after another."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=30_000)
    parser.add_argument("--rounds", type=int, default=5)
    wanted = parser.parse_args()
    logs.configure("benchmark", "WARNING")
    with database(0) as url:
        fill(url, wanted.files)
        asyncio.run(figures(url, wanted.rounds))
        asyncio.run(sheets(url, wanted.rounds))


if __name__ == "__main__":
    main()
