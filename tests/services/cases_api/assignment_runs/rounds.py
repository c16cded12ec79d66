"""A drawn round with people enough to review it, for tests of assigning and of reviewing blind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.cases_api.assignment_runs import jobs
from services.kit import ids
from services.kit import jobs as kit_jobs
from services.kit.principal import Role
from tests.client import Caller
from tests.factories import reviews
from tests.factories.reviews import World, good
from tests.places import Unit

SOURCE = "公开掷骰（演示）"


@dataclass(slots=True)
class Turn:
    """A round as it goes along."""

    world: World
    path: str

    async def now(self) -> dict[str, Any]:
        """The round as the bureau reads it."""
        return good(await self.world.bureau.get(self.path))

    async def act(self, verb: str, body: Any = None, **options: Any) -> dict[str, Any]:
        """A transition by the bureau, based on the round as it is."""
        version = (await self.now())["version"]
        return good(await self.world.bureau.post(f"{self.path}/{verb}", json=body, version=version, **options))

    async def assign(self, **wanted: Any) -> dict[str, Any]:
        """Assigns by rule, and runs the job; answers the operation as it ended."""
        version = (await self.now())["version"]
        answer = await self.world.bureau.post(f"{self.path}/assign", json=wanted, version=version)
        assert answer.status_code == 202, answer.text
        operation_id = UUID(answer.json()["id"])
        assert answer.headers["location"] == f"/v1/operations/{operation_id}"
        await kit_jobs.run(self.world.services.runtime("cases_api"), jobs.TASK, operation_id)
        columns = "state, result_url, problem"
        (row,) = self.world.rows(f"SELECT {columns} FROM kit.operations WHERE id = %s", operation_id)
        return dict(zip(columns.split(", "), row, strict=True))

    async def assignments(self, **wanted: Any) -> list[dict[str, Any]]:
        """The assignments that are not void."""
        listed = good(await self.world.bureau.get(f"{self.path}/assignments", params={"limit": 200, **wanted}))["items"]
        return [each for each in listed if each["state"] != "void"]


def outsider(world: World, unit: Unit | None = None) -> UUID:
    """A reviewer of the bureau, or of the unit named."""
    return reviews.account(world.connection, unit or world.place.bureau)


def reviewer(world: World, account_id: UUID, unit: Unit | None = None) -> Caller:
    """This reviewer, who has no other role and so sees what is assigned and nothing else."""
    return world.caller(Role.REVIEWER, unit=unit or world.place.bureau, account_id=account_id)


async def drawn(world: World, unit: Unit | None = None, **wanted: Any) -> Turn:
    """A drawn round of all closed files of a unit, the first town if none is named."""
    campaign = await world.campaign()
    town = unit or world.place.town
    body = {
        "campaign_id": campaign["id"],
        "mode": "sample",
        "unit_id": str(town.id),
        "quota": {"share_per_10000": 10_000, "min": 0},
        **wanted,
    }
    made = good(await world.bureau.post("/v1/review-rounds", json=body))
    turn = Turn(world, f"/v1/review-rounds/{made['id']}")
    await turn.act("freeze")
    await turn.act("seed", {"seed": str(ids.new_id()), "source": SOURCE})
    await turn.act("draw")
    return turn
