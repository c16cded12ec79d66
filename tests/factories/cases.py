"""Makers for tests of case files: officers, bodies, files in any state. All people and firms in them are made up."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import psycopg
from httpx import Response
from stdnum.cn import ric, uscc

from services.kit import ids
from services.kit.principal import Role
from tests.client import Caller, Services
from tests.places import Place, Unit

# Area 350111 is known to the check; the rest of the number is made up.
RESIDENT = "35011119900307" + "002"
RESIDENT_ID = RESIDENT + ric.calc_check_digit(RESIDENT + "0")
# Registrar and division as usual; organisation code made up, with its own check sign (GB 11714).
FIRM = "91350111" + "MA00000X7"
CREDIT_CODE = FIRM + uscc.calc_check_digit(FIRM + "0")
PERSON: Mapping[str, Any] = {
    "kind": "natural",
    "name": "林演示",
    "id_number": RESIDENT_ID,
    "phone": "13800001234",
    "address": "示例区虚构路1号",
}
COMPANY: Mapping[str, Any] = {"kind": "legal", "name": "示例商贸有限公司（虚构）", "id_number": CREDIT_CODE}
FILED = date(2025, 3, 3)


def officer(
    connection: psycopg.Connection,
    unit: Unit,
    *,
    kind: str = "officer",
    hired_on: date = date(2000, 1, 1),
    left_on: date | None = None,
    certified: tuple[date, date] | None = (date(2000, 1, 1), date(2099, 12, 31)),
) -> UUID:
    """An officer of this unit with a certificate, as the training service would hold one; auxiliaries have none."""
    officer_id = ids.new_id()
    row = {
        "id": officer_id, "district_id": unit.path[0], "unit_id": unit.id, "name": "演示人员", "id_type": "other",
        "id_number": b"synthetic", "id_index": officer_id.bytes, "id_number_masked": "****", "kind": kind, "posts": [],
        "hired_on": hired_on, "left_on": left_on, "version": 1, "created_at": datetime(2024, 1, 1, tzinfo=UTC),
    }  # fmt: skip
    places = ", ".join(["%s"] * len(row))
    connection.execute(f"INSERT INTO training.officers ({', '.join(row)}) VALUES ({places})", list(row.values()))
    if certified is not None and kind == "officer":
        connection.execute(
            "INSERT INTO training.certificates (id, district_id, unit_id, officer_id, number, state, applied_on, valid_from,"
            " valid_to, version, created_at) VALUES (%s, %s, %s, %s, %s, 'valid', %s, %s, %s, 1, now())",
            [ids.new_id(), unit.path[0], unit.id, officer_id, str(officer_id.int)[-11:], certified[0], *certified],
        )
    return officer_id


def body(unit: Unit, serving: list[UUID], /, **changes: Any) -> dict[str, Any]:
    """A body for a new case file of this unit."""
    wanted: dict[str, Any] = {
        "unit_id": unit.id,
        "kind": "penalty",
        "party": dict(PERSON),
        "officers": serving,
        "item": "占用公共场地经营（演示）",
        "legal_bases": ["《示例条例》第一条"],
        "filed_on": FILED,
    }
    made: dict[str, Any] = plain(wanted | changes)
    return made


def plain(value: Any) -> Any:
    """Ids and days as JSON writes them."""
    if isinstance(value, Mapping):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return str(value) if isinstance(value, UUID | date) else value


async def insistently(caller: Caller, path: str, wanted: Any) -> Response:
    """A POST by a client that heeds 503: sent again under the same key until the service is free."""
    headers = {"Idempotency-Key": str(ids.new_id())}
    answer = await caller.post(path, json=wanted, headers=headers)
    while answer.status_code == 503:
        await asyncio.sleep(0.1)
        answer = await caller.post(path, json=wanted, headers=headers)
    return answer


class World:
    """A district with officers in its units, and callers of the service."""

    def __init__(self, services: Services, place: Place, connection: psycopg.Connection) -> None:
        self.services, self.place, self.connection = services, place, connection
        self.officers = {
            unit.id: [officer(connection, unit), officer(connection, unit)]
            for unit in (place.bureau, place.town, place.town_branch, place.other_town, place.foreign_town)
        }
        self.member = self.caller(Role.UNIT_MEMBER, unit=place.town)
        self.manager = self.caller(Role.UNIT_MANAGER, unit=place.town)
        self.bureau = self.caller(Role.BUREAU, unit=place.bureau)
        self.platform = self.caller(Role.PLATFORM, unit=place.district)

    def caller(self, *roles: Role, unit: Unit | None = None, account_id: UUID | None = None) -> Caller:
        """Somebody of this unit."""
        return Caller(self.services.client("cases_api"), *roles, unit=unit, account_id=account_id)

    def body(self, unit: Unit | None = None, **changes: Any) -> dict[str, Any]:
        """A body for a new case file, of the town if no unit is given."""
        chosen = unit or self.place.town
        return body(chosen, self.officers[chosen.id], **changes)

    async def file(self, unit: Unit | None = None, **changes: Any) -> dict[str, Any]:
        """A case file as entered by its unit's leader; with `closed_on` it is closed."""
        leader = self.caller(Role.UNIT_MANAGER, unit=unit or self.place.town)
        made = await leader.post("/v1/case-files", json=self.body(unit, **changes))
        assert made.status_code == 201, made.text
        found: dict[str, Any] = made.json()
        return found

    def rows(self, statement: str, *values: Any) -> list[Any]:
        """What the owner of the database sees."""
        return list(self.connection.execute(statement, values).fetchall())


def legal_reviewer(world: World, unit: Unit, officer_id: Any, qualification: str = "none") -> Any:
    """A member of the pool of legal reviewers, as the training service would hold one."""
    known = world.rows("SELECT id FROM training.legal_reviewers WHERE officer_id = %s", officer_id)
    if known:
        return known[0][0]
    row = {
        "id": ids.new_id(), "district_id": unit.path[0], "unit_id": unit.id, "officer_id": officer_id, "name": "演示人员",
        "qualification": qualification, "areas": ["general"], "state": "listed", "admitted_on": "2024-01-01",
        "proposed_by": ids.new_id(), "version": 1, "created_at": "2024-01-01T00:00:00Z",
    }  # fmt: skip
    marks = ", ".join(["%s"] * len(row))
    world.connection.execute(f"INSERT INTO training.legal_reviewers ({', '.join(row)}) VALUES ({marks})", list(row.values()))
    return row["id"]
