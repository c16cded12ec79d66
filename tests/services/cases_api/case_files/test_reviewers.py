"""A reviewer reaches a case file and what is in it exactly while assigned: one filter for the file and for its documents."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from services.cases_api.case_files.actions import trail
from services.cases_api.case_files.tables import CaseFile
from services.kit import ids
from services.kit.principal import Principal, Role
from tests.client import Caller
from tests.factories import reviews
from tests.factories.reviews import World

PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
async def document(world: World) -> tuple[UUID, UUID]:
    """A closed case file of the town, and an uploaded file that lies in it."""
    file_id = reviews.case_file(world.connection, world.place.town)
    uploader = Caller(world.services.client("directory_api"), Role.UNIT_MEMBER, unit=world.place.town, account_id=ids.new_id())
    sent = await uploader.post("/v1/attachments", files={"file": ("决定书.pdf", PDF)})
    attachment_id = UUID(sent.json()["id"])
    town = world.place.town
    who = Principal(UUID(sent.json()["uploaded_by"]), "演示人员", frozenset({Role.UNIT_MEMBER}), town.id, town.path)
    async with world.services.database("cases_api").transaction() as session:
        file = await session.get(CaseFile, file_id)
        assert file is not None
        for _ in range(2):
            # Two documents of one case file may be the same upload.
            await trail.attach(session, who, file, attachment_id)
    return file_id, attachment_id


class Reviewer:
    """A reviewer of another town, who has no other way to the file than an assignment."""

    def __init__(self, world: World) -> None:
        self.account_id = reviews.account(world.connection, world.place.town)
        self.cases, self.directory = (
            Caller(world.services.client(name), Role.REVIEWER, unit=world.place.other_town, account_id=self.account_id)
            for name in ("cases_api", "directory_api")
        )

    async def reaches(self, document: tuple[UUID, UUID]) -> bool:
        """Whether file, documents, description, content and list are open; all or none."""
        file_id, attachment_id = document
        calls = [
            await self.cases.get(f"/v1/case-files/{file_id}"),
            await self.directory.get(f"/v1/attachments/{attachment_id}"),
            await self.directory.get(f"/v1/attachments/{attachment_id}/content"),
        ]
        listed = str(attachment_id) in (await self.directory.get("/v1/attachments")).text
        found = {call.status_code == 200 for call in calls} | {listed}
        assert {call.status_code for call in calls} <= {200, 404}
        assert len(found) == 1, "file and documents disagree"
        return found.pop()


async def assigned(world: World, reviewer: Reviewer, document: tuple[UUID, UUID]) -> dict[str, object]:
    """A round in which the reviewer got the file."""
    found = await world.round()
    wanted = {"case_file_ids": [str(document[0])], "account_ids": [str(reviewer.account_id)]}
    return reviews.good(await world.bureau.post(f"/v1/review-rounds/{found['id']}/assign", json=wanted, version=1))


async def test_a_reviewer_reaches_the_documents_while_assigned(world: World, document: tuple[UUID, UUID]) -> None:
    reviewer, colleague = Reviewer(world), Reviewer(world)
    assert not await reviewer.reaches(document)
    await assigned(world, reviewer, document)
    assert await reviewer.reaches(document)
    assert not await colleague.reaches(document)
    review = (await reviewer.cases.get("/v1/reviews")).json()["items"][0]
    voided = await world.bureau.post(
        f"/v1/reviews/{review['id']}/void", version=review["version"], headers={"X-Change-Reason": "withdrawn"}
    )
    assert voided.status_code == 200, voided.text
    assert not await reviewer.reaches(document)
    # Given out again in another round, while the withdrawn assignment stays on record.
    await assigned(world, reviewer, document)
    assert await reviewer.reaches(document)


async def test_the_end_of_a_round_ends_the_access(world: World, document: tuple[UUID, UUID]) -> None:
    reviewer = Reviewer(world)
    first, second = await assigned(world, reviewer, document), await assigned(world, reviewer, document)
    for state, expected in (("published", True), ("closed", True)):
        world.connection.execute(
            "UPDATE cases.review_rounds SET state = %s, published_at = %s WHERE id = %s",
            [state, datetime(2025, 4, 1, tzinfo=UTC), first["id"]],
        )
        assert await reviewer.reaches(document) is expected, "another round is still under way"
    voided = await world.bureau.post(
        f"/v1/review-rounds/{second['id']}/void", version=second["version"], headers={"X-Change-Reason": "mistaken"}
    )
    assert voided.status_code == 200, voided.text
    assert not await reviewer.reaches(document)


async def test_an_assignment_opens_nothing_to_another_role(world: World, document: tuple[UUID, UUID]) -> None:
    reviewer = Reviewer(world)
    await assigned(world, reviewer, document)
    for role in (Role.UNIT_MEMBER, Role.UNIT_MANAGER):
        caller = Caller(world.services.client("directory_api"), role, unit=world.place.other_town, account_id=reviewer.account_id)
        assert (await caller.get(f"/v1/attachments/{document[1]}/content")).status_code == 404
