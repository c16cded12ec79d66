"""Savepoints around work that the driver does alone: what is refused or tried leaves nothing, whatever ran before it."""

from __future__ import annotations

from uuid import UUID

from services.kit import batches, db, errors
from services.kit.db import Session
from tests.client import Services

COUNT = "SELECT count(*) AS rows FROM made"
NOBODY = UUID(int=0)


async def begun(session: Session) -> None:
    """The driver alone has spoken already, as it does for an Idempotency-Key, so that it is known from then on."""
    await db.fetch(session, "CREATE TEMP TABLE made (item integer) ON COMMIT DROP", [])


async def test_a_refused_item_leaves_nothing_that_the_driver_wrote(services: Services) -> None:
    async with services.database("training_api").session() as session:
        await begun(session)

        async def act(item: int) -> batches.Done:
            await db.fetch(session, "INSERT INTO made VALUES ($1)", [item])
            if item % 2:
                raise errors.NotFound
            return 201, NOBODY

        told = await batches.run(session, [1, 2, 3, 4, 5], act, atomic=False, language="zh-CN")
        assert [outcome.status for outcome in told.items] == [404, 201, 404, 201, 404]
        kept = await db.fetch(session, "SELECT item FROM made ORDER BY item", [])
        assert [row["item"] for row in kept] == [2, 4]


async def test_what_is_tried_leaves_nothing_that_the_driver_wrote(services: Services) -> None:
    async with services.database("training_api").session() as session:
        await begun(session)
        async with db.tried(session):
            await db.fetch(session, "INSERT INTO made VALUES (1)", [])
            assert (await db.fetch(session, COUNT, []))[0]["rows"] == 1
        assert (await db.fetch(session, COUNT, []))[0]["rows"] == 0
