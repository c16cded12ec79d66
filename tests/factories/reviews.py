"""Makers for tests of case-file review: rubrics, closed files, reviewers' accounts, and a round ready to be reviewed."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import psycopg
from httpx import Response

from services.kit import ids
from services.kit.principal import Role
from tests.client import Caller, Services
from tests.places import Place, Unit

# Small enough to reckon by hand: 60 + 40 points, every veto level, one item that may be left out.
RUBRIC: dict[str, Any] = {
    "title": "测试用评查标准",
    "assumed": True,
    "kinds": ["penalty"],
    "blocks": [
        {
            "key": "facts",
            "title": "事实",
            "points": 60,
            "items": [
                {
                    "key": "clear",
                    "text": "事实清楚",
                    "points": 40,
                    "deductions": [{"key": "vague", "text": "时间或地点不清", "points": 5}],
                },
                {"key": "proven", "text": "证据充分", "points": 20},
            ],
        },
        {
            "key": "form",
            "title": "文书",
            "points": 40,
            "items": [
                {"key": "elements", "text": "要素齐全", "points": 30},
                {"key": "heard", "text": "听证合规", "points": 20, "may_not_apply": True, "procedures": ["ordinary"]},
            ],
        },
    ],
    "vetoes": [
        {"key": "no_power", "text": "没有处罚权", "level": "zero"},
        {"key": "not_delivered", "text": "没有送达", "level": "fail"},
        {"key": "basic", "text": "基本要素缺失", "level": "no_excellent"},
    ],
    "grades": [
        {"key": "excellent", "title": "优秀", "threshold": 90},
        {"key": "good", "title": "良好", "threshold": 80},
        {"key": "pass", "title": "合格", "threshold": 60},
        {"key": "fail", "title": "不合格", "threshold": 0},
    ],
}


def rubric(title: str, **changes: Any) -> dict[str, Any]:
    """A body for a new rubric; its title makes its content the only one of its kind."""
    return copy.deepcopy(RUBRIC) | {"title": title} | changes


def publish_accounts(connection: psycopg.Connection) -> None:
    """Stands in for the directory: accounts as its published view gives them to other services, in this database alone."""
    connection.execute("DROP VIEW IF EXISTS published.accounts CASCADE")
    connection.execute(
        "CREATE TABLE published.accounts (id uuid PRIMARY KEY, unit_id uuid, display_name text, roles text[], active boolean)"
    )
    connection.execute("GRANT SELECT ON published.accounts TO zhifa_cases")


def account(connection: psycopg.Connection, unit: Unit, *roles: Role, active: bool = True) -> UUID:
    """An account of this unit; a reviewer if no role is given."""
    account_id = ids.new_id()
    named = [role.value for role in roles or (Role.UNIT_MEMBER, Role.REVIEWER)]
    row = [account_id, unit.id, "演示人员", named, active]
    connection.execute("INSERT INTO published.accounts VALUES (%s, %s, %s, %s, %s)", row)
    return account_id


def case_file(
    connection: psycopg.Connection, unit: Unit, *, state: str = "closed", kind: str = "penalty", procedure: str = "ordinary"
) -> UUID:
    """A case file of this unit, as far as reviewing looks at it; the party is synthetic."""
    file_id, number_id, now = ids.new_id(), ids.new_id(), datetime(2025, 3, 1, tzinfo=UTC)
    number = f"{unit.code}-2025-{number_id}"
    connection.execute(
        "INSERT INTO cases.case_numbers (id, district_id, unit_id, kind, year, sequence, number, state, created_by, created_at,"
        " version) SELECT %s, %s, %s, %s, 2025, count(*) + 1, %s, 'used', %s, %s, 1 FROM cases.case_numbers",
        [number_id, unit.path[0], unit.id, kind, number, ids.new_id(), now],
    )
    ended = date(2025, 2, 20) if state in {"closed", "archived"} else None
    row = {
        "id": file_id, "district_id": unit.path[0], "unit_id": unit.id, "case_number_id": number_id, "case_no": number,
        "kind": kind, "procedure": procedure, "state": state, "item": "占道经营（演示）", "legal_bases": ["示例条例第1条"],
        "officers": [ids.new_id(), ids.new_id()], "party_kind": "legal", "party_name_shown": "示例公司（虚构）",
        "party_digest": b"synthetic", "filed_on": date(2025, 1, 10), "decided_on": date(2025, 2, 10), "closed_on": ended,
        "archived_on": ended if state == "archived" else None, "created_by": ids.new_id(), "created_at": now, "updated_at": now,
        "version": 1,
    }  # fmt: skip
    places = ", ".join(["%s"] * len(row))
    connection.execute(f"INSERT INTO cases.case_files ({', '.join(row)}) VALUES ({places})", list(row.values()))
    return file_id


@dataclass
class World:
    """The people of a review, and the owner's connection to make what other services would bring."""

    services: Services
    place: Place
    connection: psycopg.Connection
    titles: int = 0

    def caller(self, *roles: Role, unit: Unit, account_id: UUID | None = None) -> Caller:
        """Somebody with these roles in this unit."""
        return Caller(self.services.client("cases_api"), *roles, unit=unit, account_id=account_id)

    @property
    def bureau(self) -> Caller:
        """The justice bureau."""
        return self.caller(Role.BUREAU, unit=self.place.bureau)

    def manager(self, unit: Unit | None = None) -> Caller:
        """The leader of a unit, of the first town if none is named."""
        return self.caller(Role.UNIT_MANAGER, unit=unit or self.place.town)

    def reviewer(self, account_id: UUID, unit: Unit | None = None) -> Caller:
        """A unit's member who reviews case files."""
        return self.caller(Role.UNIT_MEMBER, Role.REVIEWER, unit=unit or self.place.town, account_id=account_id)

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the database holds, seen by its owner."""
        return self.connection.execute(statement, values).fetchall()

    async def rubric(self, **changes: Any) -> dict[str, Any]:
        """A published rubric."""
        self.titles += 1
        draft = good(await self.bureau.post("/v1/rubrics", json=rubric(f"测试标准{self.titles}", **changes)))
        return good(await self.bureau.post(f"/v1/rubrics/{draft['id']}/publish", version=1))

    async def campaign(self, rubric_id: str | None = None) -> dict[str, Any]:
        """An open campaign, under a rubric of its own if none is named."""
        chosen = rubric_id or (await self.rubric())["id"]
        wanted = {"title": "2025年案卷评查", "year": 2025, "rubric_id": chosen}
        made = good(await self.bureau.post("/v1/review-campaigns", json=wanted))
        return good(await self.bureau.post(f"/v1/review-campaigns/{made['id']}/open", version=1))

    async def round(self, unit: Unit | None = None, campaign_id: str | None = None) -> dict[str, Any]:
        """A draft round of self-review of a unit, the first town if none is named."""
        chosen = campaign_id or (await self.campaign())["id"]
        wanted = {"campaign_id": chosen, "mode": "self", "unit_id": str((unit or self.place.town).id)}
        return good(await self.bureau.post("/v1/review-rounds", json=wanted))

    async def review(self, **file: Any) -> tuple[Caller, dict[str, Any]]:
        """A review given to a reviewer of the first town, not yet opened, and the reviewer."""
        account_id = account(self.connection, self.place.town)
        file_id = case_file(self.connection, self.place.town, **file)
        found = await self.round()
        wanted = {"case_file_ids": [str(file_id)], "account_ids": [str(account_id)]}
        good(await self.bureau.post(f"/v1/review-rounds/{found['id']}/assign", json=wanted, version=1))
        reviewer = self.reviewer(account_id)
        return reviewer, good(await reviewer.get("/v1/reviews"))["items"][0]


def good(answer: Response) -> dict[str, Any]:
    """The body of an answer that must be a success."""
    assert answer.is_success, answer.text
    body: dict[str, Any] = answer.json()
    return body
