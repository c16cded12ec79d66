"""Documents of a file: versions, uploaded files, and who may add them."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from services.cases_api.case_documents import schemas
from services.kit import ids
from services.kit.principal import Role
from tests.factories.cases import World
from tests.places import Unit

DECISION = {"type": "penalty_decision", "title": "行政处罚决定书", "number": "榕晋岳执罚决〔2025〕1号"}


def uploaded(world: World, unit: Unit, by: UUID | None = None) -> UUID:
    """A file as the directory would hold it."""
    attachment_id = ids.new_id()
    row = {
        "id": attachment_id, "district_id": unit.path[0], "unit_id": unit.id, "uploaded_by": by or ids.new_id(),
        "file_name": "决定书.pdf", "media_type": "application/pdf", "size": 10, "sha256": "0" * 64, "version": 1,
        "created_at": datetime(2025, 1, 1, tzinfo=UTC),
    }  # fmt: skip
    marks = ", ".join(["%s"] * len(row))
    world.connection.execute(f"INSERT INTO directory.attachments ({', '.join(row)}) VALUES ({marks})", list(row.values()))
    return attachment_id


async def test_a_newer_version_stands_beside_the_older(cases_world: World) -> None:
    path = f"/v1/case-files/{(await cases_world.file())['id']}/documents"
    first = await cases_world.member.post(path, json=DECISION)
    second = await cases_world.member.post(path, json=DECISION)
    other = await cases_world.member.post(path, json=DECISION | {"title": "行政处罚决定书（副本）"})
    made = [schemas.CaseDocumentOut.model_validate_json(answer.content) for answer in (first, second, other)]
    assert [document.version for document in made] == [1, 2, 1]
    await cases_world.member.post(path, json={"type": "evidence", "title": "现场照片"})
    listed = schemas.CaseDocumentPage.model_validate_json(
        (await cases_world.bureau.get(path, params={"type": "penalty_decision"})).content
    )
    assert listed.items == made


async def test_an_uploaded_file_is_opened_to_those_who_may_read_the_case(cases_world: World) -> None:
    file = await cases_world.file()
    attachment_id = uploaded(cases_world, cases_world.place.town)
    path = f"/v1/case-files/{file['id']}/documents"
    made = await cases_world.member.post(path, json=DECISION | {"attachment_id": str(attachment_id)})
    assert made.status_code == 201, made.text
    (link,) = cases_world.rows(
        "SELECT object_id, unit_id, audience FROM kit.attachment_links WHERE attachment_id = %s", attachment_id
    )
    assert link[:2] == (UUID(file["id"]), cases_world.place.town.id)
    assert link[2] == {
        "bureau": "district",
        "platform": "district",
        "reviewer": "assigned",
        "unit_manager": "unit_and_below",
        "unit_member": "unit",
    }


async def test_somebody_elses_upload_is_as_good_as_none(cases_world: World) -> None:
    path = f"/v1/case-files/{(await cases_world.file())['id']}/documents"
    others = uploaded(cases_world, cases_world.place.other_town)
    for attachment_id in (others, ids.new_id()):
        refused = await cases_world.member.post(path, json=DECISION | {"attachment_id": str(attachment_id)})
        assert refused.status_code == 400
        assert [(fault["pointer"], fault["code"]) for fault in refused.json()["errors"]] == [("/body/attachment_id", "not_found")]
    account_id = ids.new_id()
    own = uploaded(cases_world, cases_world.place.other_town, by=account_id)
    uploader = cases_world.caller(Role.UNIT_MEMBER, unit=cases_world.place.town, account_id=account_id)
    assert (await uploader.post(path, json=DECISION | {"attachment_id": str(own)})).status_code == 201
