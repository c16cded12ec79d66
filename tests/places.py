"""Made-up districts and units that the tests work in, and addresses of databases. All names are synthetic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import psycopg

from admin.local import keys
from services.kit import ids
from tests import tokens


def in_database(url: str, name: str) -> str:
    """The same server, another database."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{name}"))


def personal_keys() -> str:
    """Fresh keys for personal data, as the starter would make them."""
    return keys.personal_keys().decode()


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the test world."""

    id: UUID
    path: tuple[UUID, ...]
    code: str


@dataclass(frozen=True, slots=True)
class Place:
    """A district with a bureau, two towns, a branch below the first town, and another district with one town."""

    district: Unit
    bureau: Unit
    town: Unit
    town_branch: Unit
    other_town: Unit
    foreign_district: Unit
    foreign_town: Unit


def build(connection: psycopg.Connection) -> Place:
    """Writes the two districts; codes are of invented places (359xxx is no division)."""

    def unit(unit_id: UUID, parent: Unit | None, code: str, name: str, kind: str, *, enforcement: bool = False) -> Unit:
        path = (*(parent.path if parent else ()), unit_id)
        connection.execute(
            "INSERT INTO directory.units (id, district_id, parent_id, path, code, name, short_name, kind, enforcement, granting,"
            " vertical, assumed, version, created_at) VALUES (%s,%s,%s,%s,%s,%s,%s,%s,%s,false,false,false,1,%s)",
            [
                unit_id, path[0], parent.id if parent else None, list(path), code, name, name, kind, enforcement,
                datetime(2024, 1, 1, tzinfo=UTC),
            ],
        )  # fmt: skip
        return Unit(unit_id, path, code)

    district = unit(tokens.DISTRICT, None, "359111", "示例区", "government")
    foreign = unit(ids.new_id(), None, "359222", "另一示例区", "government")
    town = unit(tokens.UNIT, district, "359111101", "示例甲镇", "town", enforcement=True)
    return Place(
        district=district,
        bureau=unit(ids.new_id(), district, "359111-sifa", "示例区司法局", "department", enforcement=True),
        town=town,
        town_branch=unit(ids.new_id(), town, "359111101-zhongdui", "示例甲镇中队", "office"),
        other_town=unit(ids.new_id(), district, "359111102", "示例乙镇", "town", enforcement=True),
        foreign_district=foreign,
        foreign_town=unit(ids.new_id(), foreign, "359222101", "另区示例镇", "town", enforcement=True),
    )
