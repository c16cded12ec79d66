"""The whole directory in one table: each role × each operation × own unit, other unit, other district.

Writes are tried as dry runs, so no cell depends on another. What is asked for always belongs to the town of the test
world; the callers differ. A route that has no row here fails the last test.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
import psycopg
import pytest

from services.kit import ids, openapi
from services.kit.principal import Role
from tests.client import Caller, Services
from tests.places import Place
from tests.services.directory_api.attachments import corpus

SUBJECT, STRANGER = ids.new_id(), ids.new_id()
# Callers: roles, unit, account. `owner` is the person whose session, file and operation the table asks for.
CALLERS: Mapping[str, tuple[Role, str, Any]] = {
    "admin": (Role.SYSTEM_ADMIN, "", STRANGER),
    "auditor": (Role.AUDITOR, "", STRANGER),
    "bureau": (Role.BUREAU, "bureau", STRANGER),
    "bureau elsewhere": (Role.BUREAU, "foreign_district", STRANGER),
    "government": (Role.GOVERNMENT, "district", STRANGER),
    "manager": (Role.UNIT_MANAGER, "town", STRANGER),
    "manager below": (Role.UNIT_MANAGER, "town_branch", STRANGER),
    "manager beside": (Role.UNIT_MANAGER, "other_town", STRANGER),
    "manager elsewhere": (Role.UNIT_MANAGER, "foreign_town", STRANGER),
    "owner": (Role.UNIT_MEMBER, "town", SUBJECT),
    "member": (Role.UNIT_MEMBER, "town", STRANGER),
    "member beside": (Role.UNIT_MEMBER, "other_town", STRANGER),
    "member elsewhere": (Role.UNIT_MEMBER, "foreign_town", STRANGER),
    "reviewer": (Role.REVIEWER, "other_town", STRANGER),
    "platform": (Role.PLATFORM, "district", STRANGER),
    "platform elsewhere": (Role.PLATFORM, "foreign_district", STRANGER),
    "platform nowhere": (Role.PLATFORM, "", STRANGER),
}
ELSEWHERE = frozenset({"bureau elsewhere", "manager elsewhere", "member elsewhere", "platform elsewhere", "platform nowhere"})
SEPARATED = frozenset({"admin", "auditor"})
BUSINESS = frozenset(CALLERS) - SEPARATED
DISTRICT = BUSINESS - ELSEWHERE

# What a set of callers gets, and the rest: 403 without the right, 404 beyond its reach.
Answers = Mapping[str, int]


def answers(good: int, who: frozenset[str], unseen: frozenset[str] = frozenset()) -> Answers:
    return {name: good if name in who else 404 if name in unseen else 403 for name in CALLERS}


ADMIN = frozenset({"admin"})
AUDITOR = frozenset({"auditor"})
ALL = frozenset(CALLERS)
# Endpoints belong to a machine client: here one whose account is the town's `owner`, so no platform caller's own.
KEEPERS = frozenset({"admin", "bureau"})
NOT_THEIRS = frozenset({"bureau elsewhere", "platform", "platform elsewhere", "platform nowhere"})
OWN_FILE = frozenset({"owner", "member", "manager"})
CALENDAR: dict[str, Any] = {"source": "示例通知（演示）", "holidays": [], "make_up_days": []}
ACCOUNT: dict[str, Any] = {"display_name": "示例（演示）", "roles": ["unit_member"], "password": "correct-horse-battery-staple"}
SINCE = {"since": "2025-01-01T00:00:00Z"}
HOOK: dict[str, Any] = {"url": "https://receiver.example.cn/"}
UNIT: dict[str, Any] = {"code": "359999", "name": "示例戊区", "short_name": "戊区", "kind": "government"}

# operation → method, path, body (or files), version of the object, answers
TABLE: list[tuple[str, str, Any, int | None, Answers]] = [
    ("GET", "/v1/units", None, None, answers(200, BUSINESS | ADMIN)),
    ("GET", "/v1/units/{town}", None, None, answers(200, DISTRICT | ADMIN, ELSEWHERE)),
    ("POST", "/v1/units", UNIT, None, answers(201, ADMIN)),
    ("PATCH", "/v1/units/{town}", {"granting": True}, 1, answers(200, ADMIN)),
    ("GET", "/v1/unit-groups", None, None, answers(200, BUSINESS | ADMIN)),
    ("GET", "/v1/unit-groups/{group}", None, None, answers(200, DISTRICT | ADMIN, ELSEWHERE)),
    ("POST", "/v1/unit-groups", {"district_id": "{district}", "key": "others", "name": "其他"}, None, answers(201, ADMIN)),
    ("PATCH", "/v1/unit-groups/{group}", {"members": []}, 1, answers(200, ADMIN)),
    ("GET", "/v1/me", None, None, answers(200, ALL)),
    ("GET", "/v1/accounts", None, None, answers(200, ADMIN)),
    ("GET", "/v1/accounts/{account}", None, None, answers(200, ADMIN)),
    ("POST", "/v1/accounts", ACCOUNT | {"username": "new.one", "unit_id": "{town}"}, None, answers(201, ADMIN)),
    ("PATCH", "/v1/accounts/{account}", {"display_name": "别名（演示）"}, 1, answers(200, ADMIN)),
    ("POST", "/v1/accounts/{account}/disable", None, 1, answers(200, ADMIN)),
    ("POST", "/v1/accounts/{account}/enable", None, 1, answers(409, ADMIN)),
    ("POST", "/v1/accounts/{account}/reset-password", None, 1, answers(200, ADMIN)),
    ("GET", "/v1/clients", None, None, answers(200, ADMIN)),
    ("GET", "/v1/clients/{client}", None, None, answers(200, ADMIN)),
    ("POST", "/v1/clients", {"client_id": "new-one", "name": "示例", "roles": ["platform"]}, None, answers(201, ADMIN)),
    ("POST", "/v1/clients/{client}/rotate-secret", None, 1, answers(200, ADMIN)),
    ("POST", "/v1/clients/{client}/disable", None, 1, answers(200, ADMIN)),
    ("POST", "/v1/clients/{client}/enable", None, 1, answers(409, ADMIN)),
    ("GET", "/v1/sessions", None, None, answers(200, ALL)),
    ("GET", "/v1/sessions/{session}", None, None, answers(200, frozenset({"admin", "owner"}), ALL)),
    ("DELETE", "/v1/sessions/{session}", None, 1, answers(200, frozenset({"admin", "owner"}), ALL)),
    ("GET", "/v1/working-days?year=2024", None, None, answers(200, BUSINESS | ADMIN)),
    ("GET", "/v1/working-days/check?on=2024-03-01", None, None, answers(200, BUSINESS | ADMIN)),
    ("GET", "/v1/working-days/add?from=2024-03-01&days=3", None, None, answers(200, BUSINESS | ADMIN)),
    ("PUT", "/v1/working-days/2031", CALENDAR, None, answers(200, frozenset({"admin", "bureau", "bureau elsewhere"}))),
    ("GET", "/v1/attachments", None, None, answers(200, BUSINESS)),
    ("POST", "/v1/attachments", "file", None, answers(201, BUSINESS)),
    ("GET", "/v1/attachments/{file}", None, None, answers(200, OWN_FILE, BUSINESS)),
    ("GET", "/v1/attachments/{file}/content", None, None, answers(200, OWN_FILE, BUSINESS)),
    ("GET", "/v1/audit-events", None, None, answers(200, AUDITOR)),
    ("GET", "/v1/audit-events/{event}", None, None, answers(200, AUDITOR)),
    ("GET", "/v1/audit-events/verification", None, None, answers(200, AUDITOR)),
    ("GET", "/v1/audit-events/head", None, None, answers(200, AUDITOR)),
    ("GET", "/v1/changes", None, None, answers(200, BUSINESS)),
    ("GET", "/v1/webhook-endpoints", None, None, answers(200, KEEPERS | NOT_THEIRS)),
    ("GET", "/v1/webhook-endpoints/{endpoint}", None, None, answers(200, KEEPERS, NOT_THEIRS)),
    ("POST", "/v1/webhook-endpoints", HOOK, None, {**answers(201, KEEPERS | NOT_THEIRS), "admin": 400}),
    ("PATCH", "/v1/webhook-endpoints/{endpoint}", {"description": "示例"}, 1, answers(200, KEEPERS, NOT_THEIRS)),
    ("DELETE", "/v1/webhook-endpoints/{endpoint}", None, 1, answers(204, KEEPERS, NOT_THEIRS)),
    ("POST", "/v1/webhook-endpoints/{endpoint}/rotate-secret", None, 1, answers(200, KEEPERS, NOT_THEIRS)),
    ("POST", "/v1/webhook-endpoints/{endpoint}/disable", None, 1, answers(200, KEEPERS, NOT_THEIRS)),
    ("POST", "/v1/webhook-endpoints/{endpoint}/enable", None, 1, answers(409, KEEPERS, NOT_THEIRS)),
    ("POST", "/v1/webhook-endpoints/{endpoint}/test", None, None, answers(202, KEEPERS, NOT_THEIRS)),
    ("POST", "/v1/webhook-endpoints/{endpoint}/redeliver-failed", SINCE, None, answers(200, KEEPERS, NOT_THEIRS)),
    ("GET", "/v1/webhook-deliveries", None, None, answers(200, KEEPERS | NOT_THEIRS)),
    ("GET", "/v1/webhook-deliveries/{delivery}", None, None, answers(200, KEEPERS, NOT_THEIRS)),
    ("POST", "/v1/webhook-deliveries/{delivery}/redeliver", None, 1, answers(200, KEEPERS, NOT_THEIRS)),
    ("GET", "/v1/operations", None, None, answers(200, ALL)),
    ("GET", "/v1/operations/{operation}", None, None, answers(200, frozenset({"owner"}), ALL)),
    ("DELETE", "/v1/operations/{operation}", None, 1, answers(202, frozenset({"owner"}), ALL)),
]
# What a list shows of the world's objects to those who may ask for it.
LISTS: list[tuple[str, str, frozenset[str]]] = [
    ("/v1/units", "town", DISTRICT | ADMIN),
    ("/v1/units", "foreign_town", frozenset({"admin"}) | (ELSEWHERE - {"platform nowhere"})),
    ("/v1/unit-groups", "group", DISTRICT | ADMIN),
    ("/v1/accounts", "account", ADMIN),
    ("/v1/clients", "client", ADMIN),
    ("/v1/sessions", "session", frozenset({"admin", "owner"})),
    ("/v1/attachments", "file", OWN_FILE),
    ("/v1/audit-events", "event", AUDITOR),
    ("/v1/operations", "operation", frozenset({"owner"})),
    ("/v1/webhook-endpoints", "endpoint", KEEPERS),
    ("/v1/webhook-deliveries", "delivery", KEEPERS),
    ("/v1/changes?after=0", "group", DISTRICT),
]
# Open by name: who may call them has no token yet.
OPEN = {"/auth/token", "/auth/logout", "/auth/password", "/.well-known/jwks.json", "/v1/audit-events/keys"}


@pytest.fixture(scope="module")
async def world(services: Services, place: Place, database_url: str) -> Mapping[str, str]:
    """One object of each kind, of the town where it has a unit; their ids by name."""
    client = services.client("directory_api")
    admin = Caller(client, Role.SYSTEM_ADMIN)
    owner = Caller(client, Role.UNIT_MEMBER, unit=place.town, account_id=SUBJECT)
    town = str(place.town.id)
    group = {"district_id": str(place.district.id), "key": "townships", "name": "各乡镇"}
    made = {
        "group": await admin.post("/v1/unit-groups", json=group | {"members": [{"unit_id": town, "valid_from": "2024-01-01"}]}),
        "account": await admin.post("/v1/accounts", json=ACCOUNT | {"username": "member.one", "unit_id": town}),
        "client": await admin.post(
            "/v1/clients", json={"client_id": "example", "name": "示例", "roles": ["platform"], "unit_id": str(place.district.id)}
        ),
        "file": await owner.post("/v1/attachments", files={"file": ("证明.pdf", corpus.PDF)}),
    }
    client_id = made["client"].json()["id"]
    made["endpoint"] = await admin.post("/v1/webhook-endpoints", json=HOOK | {"client_id": client_id})
    made["delivery"] = await admin.post(f"/v1/webhook-endpoints/{made['endpoint'].json()['id']}/test")
    assert (await admin.put("/v1/working-days/2024", json=CALENDAR)).status_code == 200
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SELECT kit.number_outbox(), kit.seal_audit()")
        rows = {
            "session": _session(connection),
            "operation": _operation(connection),
            "event": connection.execute("SELECT id FROM kit.audit_events LIMIT 1").fetchone()[0],  # type: ignore[index]  # there is one
        }
    places = {"town": town, "district": str(place.district.id), "foreign_town": str(place.foreign_town.id)}
    return places | {name: str(answer.json()["id"]) for name, answer in made.items()} | {k: str(v) for k, v in rows.items()}


def _session(connection: psycopg.Connection) -> Any:
    """A session of the owner, whose account is put beside it."""
    session_id = ids.new_id()
    connection.execute(
        "INSERT INTO directory.accounts SELECT %s, 'owner.one', display_name, roles, unit_id, state, password_hash,"
        " must_change_password, barred_before, version, created_at FROM directory.accounts LIMIT 1",
        [SUBJECT],
    )
    connection.execute(
        "INSERT INTO directory.sessions (id, account_id, created_at, used_at, ends_at, access_jti, version)"
        " VALUES (%s, %s, now(), now(), now() + interval '1 hour', %s, 1)",
        [session_id, SUBJECT, ids.new_id()],
    )
    return session_id


def _operation(connection: psycopg.Connection) -> Any:
    operation_id = ids.new_id()
    connection.execute(
        "INSERT INTO kit.operations (id, service, kind, state, created_by, created_at)"
        " VALUES (%s, 'tasks_api', 'plan_import', 'queued', %s, now())",
        [operation_id, SUBJECT],
    )
    return operation_id


def person(services: Services, place: Place, name: str) -> Caller:
    role, home, account_id = CALLERS[name]
    unit = getattr(place, home) if home else None
    return Caller(services.client("directory_api"), role, unit=unit, account_id=account_id)


def filled(value: Any, world: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: filled(inner, world) for name, inner in value.items()}
    return value.format_map(world) if isinstance(value, str) else value


async def attempted(caller: Caller, method: str, path: str, body: Any, version: int | None) -> httpx.Response:
    options: dict[str, Any] = {}
    if body == "file":
        options["files"] = {"file": ("证明.pdf", corpus.PDF)}
    elif body is not None:
        options["json"] = body
    if method != "GET":
        options["params"] = {"dry_run": "true"}
    return await caller.request(method, path, version=version, **options)


@pytest.mark.parametrize("name", CALLERS)
async def test_each_role_may_do_what_the_table_says(
    services: Services, place: Place, world: Mapping[str, str], name: str
) -> None:
    caller = person(services, place, name)
    found, expected = {}, {}
    for method, path, body, version, wanted in TABLE:
        answer = await attempted(caller, method, filled(path, world), filled(body, world), version)
        found[f"{method} {path}"], expected[f"{method} {path}"] = answer.status_code, wanted[name]
    assert found == expected


@pytest.mark.parametrize("name", CALLERS)
async def test_each_list_shows_what_the_table_says(services: Services, place: Place, world: Mapping[str, str], name: str) -> None:
    caller = person(services, place, name)
    found, expected = {}, {}
    for path, thing, who in LISTS:
        answer = await caller.get(path, params={"limit": "200"} | dict(httpx.URL(path).params))
        found[path, thing] = world[thing] in answer.text
        expected[path, thing] = name in who
    assert found == expected


async def test_without_a_token_nothing_is_done(services: Services, world: Mapping[str, str]) -> None:
    client = services.client("directory_api")
    for method, path, _, _, _ in TABLE:
        answer = await client.request(method, filled(path, world))
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized"), path


async def test_the_unseen_and_the_absent_are_one_answer(services: Services, place: Place, world: Mapping[str, str]) -> None:
    for name in ("manager elsewhere", "platform nowhere", "member beside"):
        caller = person(services, place, name)
        for method, path, body, version, wanted in TABLE:
            if wanted[name] == 404:
                absent = dict.fromkeys(world, str(ids.new_id()))
                there = await attempted(caller, method, filled(path, world), filled(body, world), version)
                nowhere = await attempted(caller, method, filled(path, absent), filled(body, world), version)
                plain = [{**answer.json(), "instance": "", "trace_id": ""} for answer in (there, nowhere)]
                assert plain[0] == plain[1], path


def test_each_operation_of_the_directory_has_its_row(services: Services) -> None:
    def nameless(path: str) -> str:
        parts = path.partition("?")[0].split("/")
        return "/".join("{}" if part.startswith("{") or part.isdecimal() else part for part in parts)

    rows = {(method, nameless(path)) for method, path, _, _, _ in TABLE}
    routes = {
        (method, nameless(route.path))
        for route in openapi.routes_of(services.app("directory_api"))
        if route.include_in_schema and route.path not in OPEN
        for method in route.methods or ()
    }
    assert routes - rows == set()
    assert rows - routes == set()
