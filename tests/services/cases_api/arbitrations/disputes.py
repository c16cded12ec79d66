"""A round of one file whose two reviews disagree, and a third person who is qualified to decide."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tests.client import Caller
from tests.factories import reviews
from tests.factories.reviews import World, good
from tests.services.cases_api.assignment_runs.rounds import Turn, drawn, outsider, reviewer

FINDING = {"item_key": "clear", "deduction": 4, "reason": "时间表述不清"}
VETO = {"key": "not_delivered", "reason": "无送达回证"}
REASON = {"X-Change-Reason": "needed"}
DECIDED: dict[str, Any] = {
    "items": [FINDING],
    "vetoes": [],
    "decisions": [
        {"about": "item", "key": "clear", "reason": "时间确有一处不清"},
        {"about": "veto", "key": "not_delivered", "reason": "回证在卷第12页"},
    ],
}


@dataclass(slots=True)
class Dispute:
    """A round, its two reviewers with their assignments, and those qualified to arbitrate."""

    turn: Turn
    pair: list[tuple[Caller, dict[str, Any]]]
    qualified: list[UUID] = field(default_factory=list)

    @property
    def case_file_id(self) -> str:
        """The file of the round."""
        found: str = self.pair[0][1]["case_file_id"]
        return found

    async def submit(self, which: int, *items: Any, vetoes: Any = ()) -> dict[str, Any]:
        """Hands in the review of one of the two."""
        who, one = self.pair[which]
        body = {"items": list(items), "vetoes": list(vetoes)}
        return good(await who.post(f"/v1/reviews/{one['id']}/submit", json=body, version=1))

    async def disagree(self) -> dict[str, Any]:
        """Both hand in, one with a deduction, the other with a veto; the arbitration that is opened."""
        await self.submit(0, FINDING)
        await self.submit(1, vetoes=[VETO])
        return await self.arbitration()

    async def arbitration(self) -> dict[str, Any]:
        """The newest arbitration of the file, as the bureau reads it."""
        listed = good(await self.turn.world.bureau.get("/v1/arbitrations", params={"case_file_id": self.case_file_id}))
        found: dict[str, Any] = listed["items"][0]
        return found

    def arbitrator(self, found: dict[str, Any]) -> Caller:
        """Who decides."""
        return reviewer(self.turn.world, UUID(found["account_id"]))


async def qualify(world: World, account_id: UUID) -> None:
    """Enters an account into the pool as qualified for legal review."""
    good(await world.bureau.post("/v1/reviewers", json={"account_id": str(account_id), "legal_review": True}))


async def dispute(world: World, qualified: int = 2, **wanted: Any) -> Dispute:
    """A round of one file with two reviewers, before anything is handed in."""
    people = [outsider(world) for _ in range(2)]
    third = [outsider(world) for _ in range(qualified)]
    turn = await drawn(world, legal_reviewers=0, **wanted)
    assert (await turn.assign(account_ids=[str(each) for each in people]))["state"] == "succeeded"
    for each in third:
        await qualify(world, each)
    found = sorted(await turn.assignments(), key=lambda each: str(each["id"]))
    return Dispute(turn, [(reviewer(world, UUID(each["account_id"])), each) for each in found], third)


def town_file(world: World) -> UUID:
    """A closed file of the first town."""
    return reviews.case_file(world.connection, world.place.town)
