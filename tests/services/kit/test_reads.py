"""Hot reads: no value of one caller may stand in the text that another caller runs."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import ColumnElement, literal, true

from services.directory_api.units.schemas import UnitFilter
from services.directory_api.units.tables import Unit
from services.kit import answers, ids, pagination, reads, visibility
from services.kit.principal import Principal, Role, Scope
from tests.client import Services
from tests.places import Place

BODY = answers.json_object({"code": Unit.code})
ORDERS = {"code": pagination.Order((Unit.code, Unit.id), descending=False)}


def person(unit_id: UUID, *path: UUID) -> Principal:
    return Principal(ids.new_id(), "示例", frozenset({Role.BUREAU}), unit_id, (*path, unit_id), frozenset({Scope.DISTRICT}))


def listing(visible_to: reads.Visible) -> reads.Listing:
    return reads.Listing(body=BODY, visible_to=visible_to, orders=ORDERS)


@pytest.mark.parametrize(
    "leak",
    [
        lambda who: Unit.district_id == who.district_id,
        lambda who: literal(who.account_id) == who.account_id,
        lambda who: Unit.id.in_(who.unit_path),
    ],
    ids=["column", "literal", "list"],
)
async def test_a_filter_that_bakes_its_caller_in_is_refused(services: Services, place: Place, leak: reads.Visible) -> None:
    async with services.database().reading() as read:
        with pytest.raises(RuntimeError, match="bakes its caller"):
            await listing(leak).page(read, person(place.town.id, place.district.id), UnitFilter(), None)


async def test_callers_of_one_shape_share_the_text_and_not_the_rows(services: Services, place: Place) -> None:
    def mine(who: Principal) -> ColumnElement[bool]:
        return visibility.within(who, district=Unit.district_id)

    hot = listing(mine)
    async with services.database().reading() as read:
        here = await hot.page(read, person(place.town.id, place.district.id), UnitFilter(limit=200), None)
        there = await hot.page(read, person(place.foreign_town.id, place.foreign_district.id), UnitFilter(limit=200), None)
    assert len(hot._shapes) == 1
    assert place.foreign_town.code in "".join(there.items)
    assert place.foreign_town.code not in "".join(here.items)
    assert not set(here.items) & set(there.items)


async def test_filters_are_values_never_text(services: Services, place: Place) -> None:
    hot = reads.Listing(
        body=BODY,
        visible_to=lambda who: true(),
        orders=ORDERS,
        filters={"code": reads.equals(Unit.code)},
    )
    async with services.database().reading() as read:
        for code, expected in ((place.town.code, 1), ("x-or-true", 0)):
            page = await hot.page(read, person(place.town.id, place.district.id), UnitFilter(code=code), None)
            assert len(page.items) == expected
    assert len(hot._shapes) == 1
