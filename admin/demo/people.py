"""Accounts and officers of the demonstration. All of them are invented and marked so; no number belongs to anybody."""

from __future__ import annotations

import json
import secrets
from concurrent import futures
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from admin import client as rest
from admin.local import files

MARK = "（演示）"
FIXED = {"auditor": "auditor", "bureau": "bureau", "government": "government", "platform": "platform"}
REVIEWERS = 12
AT_ONCE = 4
# Weights and check signs of GB 11643.
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK = "10X98765432"
BUREAU, DISTRICT = "350111-sifa", "350111"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """An account the demonstration needs."""

    username: str
    roles: tuple[str, ...]
    unit: str | None
    name: str


def units_of_district(admin: rest.Client) -> dict[str, Json]:
    """The units of the plan's district by code; an installation may hold other districts too."""
    district = next(admin.items("/v1/units", code=DISTRICT))
    return {unit["code"]: unit for unit in admin.items("/v1/units") if unit["district_id"] == district["id"]}


def wanted(units: dict[str, Json]) -> list[Wanted]:
    """The fixed accounts, a leader and a member for each unit, and the reviewers."""
    found = [
        Wanted("auditor", ("auditor",), None, f"审计员{MARK}"),
        Wanted("bureau", ("bureau",), BUREAU, f"区司法局经办人{MARK}"),
        Wanted("bureau.leader", ("bureau",), BUREAU, f"区司法局负责人{MARK}"),
        Wanted("government", ("government",), DISTRICT, f"区政府经办人{MARK}"),
        Wanted("platform", ("platform",), DISTRICT, f"省平台{MARK}"),
    ]
    for code, unit in sorted(units.items()):
        found.append(Wanted(f"manager.{code}", ("unit_manager",), code, f"{unit['short_name']}负责人{MARK}"))
        found.append(Wanted(f"member.{code}", ("unit_member",), code, f"{unit['short_name']}工作人员{MARK}"))
    enforcing = sorted(code for code, unit in units.items() if unit["enforcement"])
    # The first reviewer belongs to the town of the story, the next to other towns: they review each other's files.
    enforcing.sort(key=lambda code: (code != "350111102", "-" in code))
    for number in range(1, REVIEWERS + 1):
        code = enforcing[(number - 1) % len(enforcing)]
        found.append(Wanted(f"reviewer.{number:02}", ("unit_member", "reviewer"), code, f"评查员{number:02}{MARK}"))
    return found


class Accounts:
    """Makes the accounts, keeps their random passwords in one file of the home, and signs them in."""

    def __init__(self, address: str, admin: rest.Client, store: Path, units: dict[str, Json]) -> None:
        self.address, self.admin, self.store, self.units = address, admin, store, units
        self._tokens: dict[str, str] = {}
        self.passwords: dict[str, str] = json.loads(store.read_text()) if store.exists() else {}
        self.there = {account["username"]: account for account in admin.items("/v1/accounts")}

    def make(self) -> int:
        """Makes what is missing, several at once; answers how many accounts that were."""
        missing = [each for each in wanted(self.units) if each.username not in self.there or each.username not in self.passwords]
        if not missing:
            return 0
        self.passwords |= {each.username: secrets.token_urlsafe(18) for each in missing}
        # Written first: an account whose password nobody knows would be of no use.
        files.replace(self.store, json.dumps(self.passwords, indent=2).encode())
        # Making a password's hash is meant to take long, and the server has more than one core.
        with futures.ThreadPoolExecutor(AT_ONCE) as pool:
            made = list(pool.map(self._make_all, (missing[place::AT_ONCE] for place in range(AT_ONCE))))
        self.there |= {account["username"]: account for share in made for account in share}
        return len(missing)

    def _make_all(self, share: list[Wanted]) -> list[Json]:
        with rest.Client(self.address, self.admin.credentials) as admin:
            return [self._made(admin, each) for each in share]

    def _made(self, admin: rest.Client, each: Wanted) -> Json:
        password = self.passwords[each.username]
        if each.username in self.there:
            return self._renewed(admin, self.there[each.username], password)
        body = {"username": each.username, "display_name": each.name, "roles": list(each.roles), "password": password}
        if each.unit is not None:
            body["unit_id"] = self.units[each.unit]["id"]
        return admin.post("/v1/accounts", body).body

    def _renewed(self, admin: rest.Client, account: Json, password: str) -> Json:
        """The account is older than this home's notes: it gets a password the home knows."""
        initial = admin.move(f"/v1/accounts/{account['id']}", "reset-password").body["initial_password"]
        body = {"username": account["username"], "current_password": initial, "new_password": password}
        admin.post("/auth/password", body)
        return account

    def sign_in(self, username: str) -> rest.Client:
        """A client of this account, signed in as people do; a token lives longer than the story."""
        if username not in self._tokens:
            form = {"grant_type": "password", "username": username, "password": self.passwords[username]}
            with rest.Client(self.address, rest.Fixed(None)) as anyone:
                self._tokens[username] = anyone.post("/auth/token", form=form).body["access_token"]
        return rest.Client(self.address, rest.Fixed(self._tokens[username]))

    def id_of(self, username: str) -> str:
        """Id of the account."""
        return str(self.there[username]["id"])


def id_number(serial: int) -> str:
    """An identity number with a right check sign that belongs to nobody: born on a day of 1900, when none was given out."""
    digits = f"350111190001{1 + serial // 1000 % 28:02}{serial % 1000:03}"
    return digits + CHECK[sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True)) % 11]
