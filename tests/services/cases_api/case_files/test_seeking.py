"""A page found part by part is the page that the plain statement finds, whatever is asked, by whom, and wherever it goes on."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from services.cases_api import access
from services.cases_api.case_files.actions.parties import name_digests, name_signs
from services.cases_api.case_files.queries import lists, seeking, words
from services.cases_api.case_files.schemas.lists import CaseFileFilter, CaseFileSearch
from services.cases_api.case_files.tables import CaseFile
from services.kit import ids, pagination, reads
from services.kit.personal import Vault
from services.kit.principal import Principal, Role
from tests.factories.cases import World
from tests.places import Unit

COUNT = 300
ADD = """
    WITH n AS (
        INSERT INTO cases.case_numbers
        SELECT gen_random_uuid(), u.district_id, u.id, 'other', 2018, s, 'sought-' || s, 'used', NULL, u.id, now(), 1
        FROM generate_series(1, %(count)s) s JOIN directory.units u ON u.id = (%(units)s::uuid[])[1 + s %% 4] RETURNING *)
    INSERT INTO cases.case_files (id, district_id, unit_id, case_number_id, case_no, kind, procedure, state, decided_on, item,
        legal_bases, officers, party_kind, party_name_shown, party_signs, party_digest, filed_on, created_by, created_at,
        updated_at, version)
    SELECT gen_random_uuid(), district_id, unit_id, id, number,
        CASE WHEN sequence %% 9 = 0 THEN 'licence' ELSE 'penalty' END,
        CASE WHEN sequence %% 2 = 0 THEN 'fast' ELSE 'ordinary' END,
        CASE WHEN sequence %% 7 = 0 THEN 'decided' ELSE 'open' END, date '2026-01-01',
        CASE WHEN sequence %% 61 = 0 THEN '罕见事项' ELSE '' END || '占道经营（演示）', '{}', ARRAY[id], 'natural', '林**',
        CASE WHEN sequence %% 5 = 0 THEN %(signs)s::integer[] ELSE '{}' END, '',
        date '2011-12-30' + (sequence * sequence) %% 4000, created_by, now(), now(), 1 FROM n
"""
ASKED: list[dict[str, Any]] = [
    {},
    {"kind": "licence"},
    {"state": "decided", "procedure": "fast"},
    {"state__in": "decided,closed"},
    {"q": "占道"},
    {"q": "罕见"},
    {"q": "罕见 经营", "kind": "licence"},
    {"q": "没有这样的"},
    {"q": "林演"},
    {"q": "林演 占道", "state": "decided"},
    {"q": "占道", "filed_on__gte": "2014-02-28", "filed_on__lte": "2019-03-31"},
    {"state": "decided", "filed_on__lte": "2016-05-05"},
]
# Every sixth file of all units, some of them with their unit hidden.
ASSIGN = """
    SET session_replication_role = replica;
    WITH round AS (
        INSERT INTO cases.review_rounds (id, district_id, campaign_id, mode, state, hide_units, reviewers_per_file,
                                         legal_reviewers, created_by, created_at, version)
        VALUES (gen_random_uuid(), '{district}', gen_random_uuid(), 'self', 'reviewing', false, 1, 0, '{account}', now(), 1)
        RETURNING id)
    INSERT INTO cases.review_assignments (id, district_id, unit_id, round_id, mode, case_file_id, account_id, reason, hide_unit,
                                          state, created_at, saves, version)
    SELECT gen_random_uuid(), f.district_id, f.unit_id, round.id, 'self', f.id, '{account}', 'solved', n.sequence % 12 = 0,
           'assigned', now(), 0, 1
    FROM cases.case_files f JOIN cases.case_numbers n ON n.id = f.case_number_id CROSS JOIN round WHERE n.sequence % 6 = 0;
    SET session_replication_role = origin;
"""
# A leader is asked everything, the others in turn.
ROLES = [(Role.UNIT_MANAGER,), (Role.UNIT_MEMBER,), (Role.REVIEWER, Role.UNIT_MEMBER), (Role.BUREAU,), (Role.REVIEWER,)]


@pytest.fixture(scope="module")
def sought(cases_world: World) -> World:
    """Files of fifteen years in four units, one of another district."""
    place = cases_world.place
    units = [place.town.id, place.town_branch.id, place.other_town.id, place.foreign_town.id]
    vault: Vault = cases_world.services.runtime("cases_api").extras["vault"]
    cases_world.connection.execute(ADD, {"count": COUNT, "units": units, "signs": name_signs(vault, "林演示")})
    return cases_world


def somebody(unit: Unit, *roles: Role) -> Principal:
    caller = Principal(ids.new_id(), "演示", frozenset(roles), unit.id, unit.path).admitted(access.CASE_FILES_READ.grants)
    assert caller is not None
    return caller


async def pages(world: World, listing: reads.Listing, who: Principal, asked: dict[str, Any], limit: int) -> list[list[str]]:
    """Every page, to the last."""
    wanted = CaseFileFilter(limit=limit, **asked)
    runtime = world.services.runtime("cases_api")
    given, places = words.given(wanted, name_digests(runtime.extras["vault"]))
    search = CaseFileSearch.model_construct(**given)
    start: pagination.Start | None = None
    found: list[list[str]] = []
    async with runtime.database.reading() as read:
        while start is not None or not found:
            page = await listing.page(read, who, search, start, **places)
            found.append(page.items)
            start = None if page.next_start is None else [pagination.plain(value) for value in page.next_start]
    return found


@pytest.mark.parametrize("roles", ROLES)
async def test_the_parts_find_what_the_plain_statement_finds(
    sought: World, monkeypatch: pytest.MonkeyPatch, roles: tuple[Role, ...]
) -> None:
    place = sought.place
    who = somebody(place.bureau if Role.BUREAU in roles else place.town, *roles)
    if Role.REVIEWER in roles:
        sought.connection.execute(ASSIGN.format(district=place.district.id, account=who.account_id).encode())
    made = replace(lists.FILES, body=CaseFile.case_no + "")
    plain, parted = (replace(made, seek=seek, _shapes={}) for seek in (lambda sought: None, seeking.ids_of))
    draw = random.Random(str(roles))
    unit_ids = [None, place.town.id, place.other_town.id]
    for asked in ASKED[ROLES.index(roles) % 2 :: 2] if roles != ROLES[0] else ASKED:
        unit_id = draw.choice(unit_ids)
        wanted = asked | {"sort": draw.choice(["-filed_on", "filed_on"])} | ({} if unit_id is None else {"unit_id": unit_id})
        monkeypatch.setattr(seeking, "NEAREST", draw.choice([1, 4, 40, 1_000]))
        parted._shapes.clear()
        limit = draw.choice([7, 30, 200])
        expected = await pages(sought, plain, who, wanted, limit)
        assert await pages(sought, parted, who, wanted, limit) == expected, (wanted, seeking.NEAREST, limit)
        if asked in ({}, {"q": "占道"}) and unit_id != place.other_town.id and roles != (Role.REVIEWER,):
            assert sum(map(len, expected)) >= 50, wanted
