"""Searching case files: words in Chinese, names for those who may see them, nothing beyond what the caller may read."""

from __future__ import annotations

from typing import Any

import pytest

from services.cases_api.case_files.rules import searching
from services.cases_api.case_files.schemas import lists
from services.kit import errors
from services.kit.principal import Role
from tests.client import Caller
from tests.factories import reviews
from tests.factories.cases import RESIDENT_ID, World
from tests.factories.reviews import World as ReviewWorld

PATH = "/v1/case-files"


async def found(caller: Caller, words: str, **params: Any) -> set[str]:
    answer = await caller.get(PATH, params={"q": words, "limit": 200} | params)
    assert answer.status_code == 200, answer.text
    return {str(file.id) for file in lists.CaseFilePage.model_validate_json(answer.content).items}


async def test_words_are_found_in_item_number_and_names_of_organisations(cases_world: World) -> None:
    party = {"kind": "legal", "name": "虚构星海餐饮店ＡＢ"}
    file = await cases_world.file(item="擅自倾倒建筑垃圾（演示）", party=party, filed_on="2019-03-03")
    mine = {file["id"]}
    for words in ("建筑垃圾", "倾倒", "垃圾 擅自", "星海餐饮", "店ab 倾倒", file["case_no"], file["case_no"].lower()):
        assert await found(cases_world.bureau, words) == mine, words
    exact = {"unit_id": file["unit_id"], "kind": "penalty", "filed_on__gte": "2019-01-01", "filed_on__lte": "2019-12-31"}
    assert await found(cases_world.bureau, "倾倒", **exact) == mine
    counted = await cases_world.bureau.get(PATH, params=exact | {"q": "倾倒", "count": "exact", "state__in": "open,decided"})
    assert (counted.json()["count"], len(counted.json()["items"])) == (1, 1)
    # Pairs that stand apart, another year, another unit: no find.
    assert await found(cases_world.bureau, "垃圾筑垃") == set()
    assert await found(cases_world.bureau, "倾倒", **exact | {"filed_on__lte": "2019-03-02"}) == set()
    assert await found(cases_world.bureau, "倾倒", unit_id=str(cases_world.place.other_town.id)) == set()
    changed = {"item": "焚烧落叶（演示）"}
    await cases_world.manager.patch(f"{PATH}/{file['id']}", json=changed, headers={"If-Match": '"v1"'})
    assert await found(cases_world.bureau, "倾倒") == set()
    assert await found(cases_world.bureau, "焚烧落叶") == mine


async def test_names_are_found_by_those_alone_who_may_see_them_and_the_search_is_on_record(cases_world: World) -> None:
    party = {"kind": "natural", "name": "欧阳虚构"}
    file = await cases_world.file(party=party)
    other = await cases_world.file(cases_world.place.other_town, party=party)
    for words in ("欧阳虚构", "欧阳", "阳虚"):
        assert await found(cases_world.manager, words) == {file["id"]}, words
    # Whoever sees names masked learns nothing by asking; nor does a leader of files in another unit.
    for role, unit in (
        (Role.UNIT_MEMBER, cases_world.place.town),
        (Role.BUREAU, cases_world.place.bureau),
        (Role.PLATFORM, cases_world.place.district),
    ):
        assert await found(cases_world.caller(role, unit=unit), "欧阳虚构") == set(), role
    assert await found(cases_world.caller(Role.UNIT_MANAGER, unit=cases_world.place.other_town), "欧阳虚构") == {other["id"]}
    assert await found(cases_world.caller(Role.UNIT_MANAGER, Role.BUREAU, unit=cases_world.place.town), "欧阳") == {file["id"]}
    events = cases_world.rows(
        "SELECT object_id, after FROM kit.audit_events WHERE action = 'case_file.names_searched' ORDER BY recorded_at"
    )
    assert len(events) == 5
    assert all(set(row[1]) == {"found"} for row in events)
    stored = cases_world.rows("SELECT c::text FROM cases.case_files c WHERE id = %s", file["id"])
    assert "欧阳" not in stored[0][0].replace("欧***", "")


async def test_a_reviewer_finds_in_the_assigned_files_only(world: ReviewWorld) -> None:
    held = [reviews.case_file(world.connection, world.place.town) for _ in range(2)]
    account_id = reviews.account(world.connection, world.place.town)
    reviewer = world.caller(Role.REVIEWER, unit=world.place.other_town, account_id=account_id)
    assert await found(reviewer, "占道经营") == set()
    opened = await world.round()
    wanted = {"case_file_ids": [str(held[0])], "account_ids": [str(account_id)]}
    reviews.good(await world.bureau.post(f"/v1/review-rounds/{opened['id']}/assign", json=wanted, version=1))
    assert await found(reviewer, "占道经营") == {str(held[0])}


@pytest.mark.parametrize("words", ["占", "占 道路", "a b c d", RESIDENT_ID, "  ", "占道 路边 经营 摆摊"])
async def test_too_little_too_much_and_numbers_of_persons_are_refused(cases_world: World, words: str) -> None:
    assert (await cases_world.bureau.get(PATH, params={"q": words})).status_code == 400


def test_words_have_one_form() -> None:
    assert searching.words_of("ＡＢ　占道") == ["ab", "占道"]
    with pytest.raises(errors.BadInput):
        searching.words_of(" ".join(RESIDENT_ID))
