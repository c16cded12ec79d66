"""Evidence files over HTTP: upload, hostile files and names, one store, download by the right of what a file proves."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from email.message import Message
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import httpx
import psycopg
import pytest

from services.directory_api import main
from services.directory_api.attachments import schemas
from services.kit import audit, clock, evidence, ids, rights
from services.kit.principal import Principal, Role, Scope
from tests.client import Caller, Services
from tests.places import Place, Unit
from tests.services.directory_api.attachments import corpus

PATH = "/v1/attachments"
MOST = 1_000_000


@pytest.fixture(scope="module")
async def services(settings: Any, place: Place) -> AsyncIterator[Services]:
    """The services with a small limit for uploads."""
    running = Services(settings.model_copy(update={"max_upload_bytes": MOST}))
    yield running
    await running.close()
    await asyncio.sleep(0)


@pytest.fixture
def member(services: Services, place: Place) -> Caller:
    return person(services, place.town, Role.UNIT_MEMBER)


def person(services: Services, unit: Unit | None, *roles: Role, account_id: UUID | None = None) -> Caller:
    return Caller(services.client("directory_api"), *roles, unit=unit, account_id=account_id)


async def upload(caller: Caller, content: bytes, name: str = "证明.pdf", **options: Any) -> httpx.Response:
    return await caller.post(PATH, files={"file": (name, content, "application/octet-stream")}, **options)


def store(services: Services) -> Path:
    folder: Path = services.runtime("directory_api").extras["store"]
    return folder


def kept(services: Services) -> set[str]:
    return {path.name for path in store(services).glob("??/*")}


def as_multipart(head: bytes, content: bytes = corpus.PDF) -> dict[str, Any]:
    body = b"--b\r\nContent-Disposition: " + head + b"\r\n\r\n" + content + b"\r\n--b--\r\n"
    return {"content": body, "headers": {"Content-Type": "multipart/form-data; boundary=b"}}


async def test_a_file_is_stored_described_and_given_back_byte_for_byte(
    member: Caller, services: Services, owner: psycopg.Connection
) -> None:
    made = await upload(member, corpus.PDF, "执法培训签到表.pdf")
    assert made.status_code == 201, made.text
    shown = schemas.AttachmentOut.model_validate_json(made.content)
    digest = hashlib.sha256(corpus.PDF).hexdigest()
    assert (shown.sha256, shown.size, shown.media_type) == (digest, len(corpus.PDF), "application/pdf")
    assert made.headers["Location"] == f"{PATH}/{shown.id}"
    assert (await member.get(f"{PATH}/{shown.id}")).json() == made.json()
    sent = await member.get(f"{PATH}/{shown.id}/content")
    assert (sent.status_code, sent.content) == (200, corpus.PDF)
    assert sent.headers["Content-Type"] == "application/pdf"
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in sent.headers["Content-Security-Policy"].split("; ")
    assert (await member.get(f"{PATH}/{shown.id}/content", headers={"If-None-Match": f'"{digest}"'})).status_code == 304
    for table, column in (("audit_events", "action"), ("outbox", "kind")):
        rows = owner.execute(f"SELECT {column} FROM kit.{table} WHERE object_id = %s", [shown.id]).fetchall()
        assert rows == [("attachment.uploaded",)]


async def test_equal_contents_are_stored_once_under_as_many_names_as_wanted(member: Caller, services: Services) -> None:
    content = corpus.docx(**{"word/media/one.bin": b"stored once"})
    answers = await asyncio.gather(*(upload(member, content, f"第{number}份.docx") for number in range(5)))
    assert {answer.json()["file_name"] for answer in answers} == {f"第{number}份.docx" for number in range(5)}
    digest = hashlib.sha256(content).hexdigest()
    assert [path.read_bytes() for path in store(services).glob(f"??/{digest}")] == [content]
    assert len((await member.get(PATH, params={"sha256": digest})).json()["items"]) == 5


async def test_a_key_makes_an_upload_happen_once_whatever_the_boundary(member: Caller, owner: psycopg.Connection) -> None:
    headers = {"Idempotency-Key": "one upload"}
    first, again = [await upload(member, corpus.png(), "图.png", headers=headers) for _ in range(2)]
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    assert again.json() == first.json()
    other = await upload(member, corpus.JPEG, "图.png", headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency.key_reused")


@pytest.mark.parametrize("name", corpus.BAD)
async def test_hostile_files_are_refused_and_leave_nothing(member: Caller, services: Services, name: str) -> None:
    before = kept(services)
    answer = await upload(member, corpus.BAD[name], "evidence.pdf")
    if len(corpus.BAD[name]) > MOST:
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    else:
        assert (answer.status_code, answer.json()["code"]) == (415, "attachment.kind_not_allowed"), answer.text
    assert kept(services) == before


@pytest.mark.parametrize("name", corpus.GOOD)
async def test_what_is_taken_is_served_so_that_nothing_in_it_runs(member: Caller, name: str) -> None:
    content, media_type = corpus.GOOD[name]
    made = (await upload(member, content, "evidence.html")).json()
    sent = await member.get(f"{PATH}/{made['id']}/content")
    assert sent.content == content
    assert sent.headers["Content-Type"].split(";")[0] == media_type
    assert sent.headers["Content-Disposition"].startswith("attachment;")
    assert sent.headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
    assert not made["file_name"].endswith(".html")


async def test_an_empty_file_and_a_file_above_the_limit_are_refused(member: Caller, services: Services) -> None:
    before = kept(services)
    empty = await upload(member, b"")
    assert (empty.status_code, empty.json()["code"]) == (400, "attachment.empty")
    for size in (MOST, MOST + 1, 5 * MOST):
        large = await upload(member, corpus.PDF + b"x" * size)
        assert (large.status_code, large.json()["code"]) == (413, "too_large")
    # Announced as nothing at all (chunked): counted while it comes.
    whole = as_multipart(b'form-data; name="file"; filename="a.pdf"', corpus.PDF + b"x" * 2 * MOST)

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(whole["content"]), 65_536):
            yield whole["content"][start : start + 65_536]

    chunked = await member.post(PATH, content=pieces(), headers=whole["headers"])
    assert (chunked.status_code, chunked.json()["code"]) == (413, "too_large")
    assert kept(services) == before


@pytest.mark.parametrize("sent", corpus.NAMES)
async def test_a_file_name_is_kept_clean_and_given_back_in_any_script(member: Caller, services: Services, sent: str) -> None:
    disposition = f'form-data; name="file"; filename="{sent.replace(chr(34), "%22")}"'.encode()
    made = await member.post(PATH, **as_multipart(disposition))
    expected = corpus.NAMES[sent.replace('"', "%22")] if '"' not in sent else "quote%22.pdf"
    assert (made.status_code, made.json()["file_name"]) == (201, expected)
    header = (await member.get(f"{PATH}/{made.json()['id']}/content")).headers["Content-Disposition"]
    assert header.isascii()
    assert unquote(header.rpartition("filename*=UTF-8''")[2]) == expected
    # What an old client makes of it, and that nothing in a name ends the header's own text.
    parsed = Message()
    parsed["Content-Disposition"] = header
    assert set(parsed.get_filename() or "") <= set(expected) | set("_")


async def test_the_plain_name_counts_and_the_extended_one_is_no_name(member: Caller) -> None:
    # RFC 7578 forbids `filename*` in a form; two readers of one request must not see two names.
    extended = b"filename*=UTF-8''%E7%AD%BE%E5%88%B0%E8%A1%A8.pdf"
    both = await member.post(PATH, **as_multipart(b'form-data; name="file"; filename="x.pdf"; ' + extended))
    assert both.json()["file_name"] == "x.pdf"
    alone = await member.post(PATH, **as_multipart(b'form-data; name="file"; ' + extended))
    assert [fault["pointer"] for fault in alone.json()["errors"]] == ["/body/file"]


@pytest.mark.parametrize("charset", ["punycode", "utf-16", '"utf-7"', "nothing-known"])
async def test_a_form_speaks_utf_8_and_nothing_else(member: Caller, charset: str) -> None:
    bent = as_multipart(b'form-data; name="file"; filename="a.pdf"')
    bent["headers"]["Content-Type"] += f"; charset={charset}"
    assert (await member.post(PATH, **bent)).status_code == 415


@pytest.mark.parametrize(
    ("request_", "pointer"),
    [
        (as_multipart(b'form-data; name="file"; filename="a\0b.pdf"'), None),
        (as_multipart(b'form-data; name="other"; filename="a.pdf"'), "/body/other"),
        (as_multipart(b'form-data; name="file"'), "/body/file"),
        ({"content": b"--b\r\nno end", "headers": {"Content-Type": "multipart/form-data; boundary=b"}}, "/body"),
        ({"content": b"--b--\r\n", "headers": {"Content-Type": "multipart/form-data"}}, "/body"),
        ({"files": [("file", ("a.pdf", corpus.PDF)), ("file", ("b.pdf", corpus.PDF))]}, "/body/file"),
        ({"files": [("file", ("a.pdf", corpus.PDF)), ("more", ("b.pdf", corpus.PDF))]}, "/body/more"),
        ({"data": {"file": "not a file"}}, "/body/file"),
    ],
    ids=["NUL in the name", "other field", "no file name", "no end", "no boundary", "two files", "one more", "no file"],
)
async def test_a_bent_form_is_a_400_by_place(member: Caller, request_: dict[str, Any], pointer: str | None) -> None:
    answer = await member.post(PATH, **request_)
    if pointer is None and answer.status_code == 201:
        assert "\0" not in answer.json()["file_name"]
        return
    assert answer.status_code == 400, answer.text
    assert pointer is None or pointer in [fault["pointer"] for fault in answer.json()["errors"]], answer.text


async def test_json_is_no_upload(member: Caller) -> None:
    assert (await member.post(PATH, json={"file": "x"})).status_code == 415


PROOFS = rights.right(
    "proofs.read",
    {
        Role.BUREAU: Scope.DISTRICT,
        Role.UNIT_MANAGER: Scope.UNIT_AND_BELOW,
        Role.UNIT_MEMBER: Scope.UNIT,
        Role.REVIEWER: Scope.ASSIGNED,
    },
)
# Who (roles, unit) reaches a file uploaded by a member of the town: before it proves anything, and when it proves
# something of the branch below the town.
REACH: Sequence[tuple[str, tuple[Role, ...], str, bool, bool]] = (
    ("uploader", (Role.UNIT_MEMBER,), "town", True, True),
    ("colleague", (Role.UNIT_MEMBER,), "town", True, False),
    ("leader", (Role.UNIT_MANAGER,), "town", True, True),
    ("member of the branch", (Role.UNIT_MEMBER,), "town_branch", False, True),
    ("leader of the branch", (Role.UNIT_MANAGER,), "town_branch", False, True),
    ("other town's leader", (Role.UNIT_MANAGER,), "other_town", False, False),
    ("bureau", (Role.BUREAU,), "bureau", False, True),
    ("other district's bureau", (Role.BUREAU,), "foreign_district", False, False),
    ("government", (Role.GOVERNMENT,), "district", False, False),
    ("platform", (Role.PLATFORM,), "district", False, False),
    ("reviewer without assignment", (Role.REVIEWER,), "other_town", False, False),
)


@pytest.mark.parametrize(("name", "roles", "home", "before", "after"), REACH, ids=[row[0] for row in REACH])
async def test_a_file_is_downloaded_by_the_right_of_what_it_proves(
    services: Services, place: Place, name: str, roles: tuple[Role, ...], home: str, before: bool, after: bool
) -> None:
    uploader_id, content = ids.new_id(), corpus.PDF + name.encode()
    uploader = person(services, place.town, Role.UNIT_MEMBER, account_id=uploader_id)
    file_id = UUID((await upload(uploader, content)).json()["id"])
    caller = uploader if name == "uploader" else person(services, getattr(place, home), *roles)
    assert await reach(caller, file_id) == (before,) * 3
    await prove(services, place, uploader_id, file_id)
    assert await reach(caller, file_id) == (after,) * 3


async def reach(caller: Caller, file_id: UUID) -> tuple[bool, bool, bool]:
    """Whether the list, the description and the content are there: one filter, so always all three or none."""
    described = await caller.get(f"{PATH}/{file_id}")
    content = await caller.get(f"{PATH}/{file_id}/content")
    listed = str(file_id) in (await caller.get(PATH, params={"limit": 200})).text
    assert {described.status_code, content.status_code} <= {200, 404}
    return listed, described.status_code == 200, content.status_code == 200


async def prove(services: Services, place: Place, uploader_id: UUID, file_id: UUID) -> None:
    who = Principal(uploader_id, "演示人员", frozenset({Role.UNIT_MEMBER}), place.town.id, place.town.path)
    async with services.database("tasks_api").transaction() as session:
        session.info["circumstances"] = audit.Circumstances("tasks_api", clock.now(), "")
        branch = place.town_branch
        await evidence.attach(session, who, [file_id], "proof", ids.new_id(), PROOFS, branch.path[0], branch.id)


async def test_the_separated_roles_reach_no_file(services: Services, member: Caller) -> None:
    file_id = (await upload(member, corpus.PDF)).json()["id"]
    for role in (Role.SYSTEM_ADMIN, Role.AUDITOR):
        for path in ("", f"/{file_id}", f"/{file_id}/content"):
            assert (await person(services, None, role).get(PATH + path)).status_code == 403
        assert (await upload(person(services, None, role), corpus.PDF)).status_code == 403


async def test_a_content_lost_from_the_store_is_said_so_before_anything_is_sent(member: Caller, services: Services) -> None:
    made = (await upload(member, corpus.PDF + b"lost")).json()
    next(store(services).glob(f"??/{made['sha256']}")).unlink()
    answer = await member.get(f"{PATH}/{made['id']}/content")
    assert (answer.status_code, answer.json()["code"]) == (404, "attachment.content_missing")


async def test_contents_that_nothing_names_are_swept_after_a_day(member: Caller, services: Services) -> None:
    named = (await upload(member, corpus.PDF + b"named")).json()["sha256"]
    dry = corpus.PDF + b"dry run"
    shown = await upload(member, dry, params={"dry_run": "true"})
    assert shown.status_code == 201
    assert (await member.get(f"{PATH}/{shown.json()['id']}")).status_code == 404
    orphan = shown.json()["sha256"]
    process = services.runtime("directory_api")

    async def swept_on(day: int) -> set[str]:
        for minute in range(256):
            moment = clock.now() + timedelta(days=day, minutes=minute)
            await main.sweep_attachments(replace(process, clock=partial(lambda fixed: fixed, moment)))
        return kept(services)

    assert {named, orphan} <= await swept_on(0)
    left = await swept_on(2)
    assert (named in left, orphan in left) == (True, False)


async def test_a_content_asked_for_again_stays_young(member: Caller, services: Services) -> None:
    content = corpus.PDF + b"twice"
    digest = (await upload(member, content, params={"dry_run": "true"})).json()["sha256"]
    path = next(store(services).glob(f"??/{digest}"))
    os.utime(path, (0, 0))
    await upload(member, content, params={"dry_run": "true"})
    process = services.runtime("directory_api")
    for minute in range(256):
        moment = clock.now() + timedelta(minutes=minute)
        await main.sweep_attachments(replace(process, clock=partial(lambda fixed: fixed, moment)))
    assert path.exists()
