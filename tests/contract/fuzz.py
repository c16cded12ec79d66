"""Every operation asked with made-up input, right and wrong: no 5xx, no undeclared status, no answer beside its schema.

The short form runs in the suite (`test_fuzz.py`): a few requests to every n-th operation. The long form asks all operations of
all services and takes minutes; run it by hand after adding routes or fields:

    .venv/bin/python -m tests.contract.fuzz --full [--service cases] [--examples 30] [--only /v1/reviews] [--seed 0]

It brings a database of its own (that of the tests), calls the applications in this process with a token that holds the
operation's right, and tells each kind of failure once, with the request that showed it. Ids of what was made or listed on the
way are used where a path asks for one, so that requests come further than 404.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import seed as seeded
from hypothesis import settings as hypothesis_settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case as AnyCase
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from gateway import openapi as merged
from services.kit import openapi, rights
from services.kit.principal import Role
from tests.client import ROLES, Caller, Services
from tests.places import Place, Unit

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
HOMES = {Role.BUREAU: "bureau", Role.GOVERNMENT: "district", Role.PLATFORM: "district"}
UNITLESS = frozenset({Role.SYSTEM_ADMIN, Role.AUDITOR})
Case = AnyCase[Any]
# Set by the one who calls, or of no use to a test of contents.
SET_APART = frozenset({"authorization", "idempotency-key", "if-none-match", "if-match"})


@dataclass
class Report:
    """What was asked and what did not hold; each kind of failure once."""

    statuses: Counter[int] = field(default_factory=Counter)
    failures: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def asked(self) -> int:
        """How many requests."""
        return self.statuses.total()


class Explorer:
    """Asks one service, and remembers the ids it came across by the path of their list."""

    def __init__(
        self, services: Services, place: Place, service: str, report: Report, *, seed: int = 0, every: int = 1, only: str = ""
    ) -> None:
        self.services = services
        self.place = place
        self.service = service
        self.seed = seed
        self.report = report
        self.chance = random.Random(seed)
        self.known: dict[str, list[dict[str, Any]]] = {"/v1/units": [{"id": str(place.town.id), "version": 1}]}
        app = services.app(service)
        self.rights = {
            (method, route.path_format): rights.right_of(route.dependant)
            for route in openapi.routes_of(app)
            for method in route.methods or ()
        }
        document = schemathesis.openapi.from_dict(_thinned(service, every, only))
        found: list[Any] = list(document.get_all_operations())
        self.operations = sorted((each.ok() for each in found), key=lambda each: _order(each.method, each.path))

    async def explore(self, examples: int) -> None:
        """Asks each operation so often with input as documented, and half as often with input that breaks its document."""
        for operation in self.operations:
            for mode, count in ((GenerationMode.POSITIVE, examples), (GenerationMode.NEGATIVE, examples // 2)):
                for case in self._cases(operation, mode, count):
                    await self._ask(case)

    def _cases(self, operation: Any, mode: GenerationMode, count: int) -> list[Case]:
        cases: list[Case] = []
        if not count:
            return cases

        @seeded(self.seed)
        @hypothesis_settings(
            max_examples=count, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck), deadline=None
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def collect(case: Case) -> None:
            cases.append(case)

        with contextlib.suppress(Unsatisfiable):  # nothing can be wrong about an operation that takes no input
            collect()
        return cases[:count]

    async def _ask(self, case: Case) -> None:
        path, version = self._path(case)
        sent = case.as_transport_kwargs(base_url="http://127.0.0.1:8000")
        given_headers = {name: value for name, value in sent.get("headers", {}).items() if name.lower() not in SET_APART}
        options = {name: sent[name] for name in ("params", "json", "data", "files", "content") if sent.get(name) is not None}
        if isinstance(options.get("data"), bytes | str):
            options["content"] = options.pop("data")
        caller = self._caller(case)
        try:
            answer = await caller.request(case.method.upper(), path, version, headers=given_headers, **options)
            await answer.request.aread()  # the checks look at what was sent
        except (httpx.InvalidURL, UnicodeError, ValueError, TypeError):
            return  # no client can send this
        self.report.statuses[answer.status_code] += 1
        if answer.status_code == 503:
            return  # a busy machine, answered as promised
        self._remember(case.path, answer)
        self._check(case, answer)

    def _path(self, case: Case) -> tuple[str, int | None]:
        """The path with ids that are known, three times out of four; and the version to match."""
        path, version = case.formatted_path, None
        parts, shown = case.path.split("/"), path.split("/")
        for place, part in enumerate(parts):
            found = self.known.get("/".join(shown[:place]))
            if part.startswith("{") and found and self.chance.random() < 0.75 and len(shown) == len(parts):
                chosen = self.chance.choice(found[-20:])
                shown[place], version = chosen["id"], chosen["version"]
        if version is None or self.chance.random() < 0.1:
            version = self.chance.choice([None, 1, 2])
        return "/".join(shown), version

    def _caller(self, case: Case) -> Caller:
        client = self.services.client(self.service)
        right = self.rights.get((case.method.upper(), case.path))
        roles = sorted(right.grants) if right else [Role.BUREAU]
        role = self.chance.choice(roles)
        unit: Unit | None = None if role in UNITLESS else getattr(self.place, HOMES.get(role, "town"))
        return Caller(client, role, unit=unit)

    def _remember(self, path: str, answer: httpx.Response) -> None:
        if not answer.is_success or "{" in path or "json" not in answer.headers.get("content-type", ""):
            return
        body = answer.json()
        items = body.get("items", [body]) if isinstance(body, dict) else []
        known = self.known.setdefault(path, [])
        known += [{"id": item["id"], "version": item.get("version")} for item in items if isinstance(item, dict) and "id" in item]

    def _check(self, case: Case, answer: httpx.Response) -> None:
        name = f"{case.method.upper()} {case.path}"
        if answer.status_code >= 400 and answer.headers.get("content-type") != "application/problem+json":
            self.report.failures[name, "problem"] = f"{answer.status_code} is no problem+json"
        try:
            case.validate_response(answer, checks=CHECKS)
        except (Failure, FailureGroup) as failure:
            each = failure.exceptions if isinstance(failure, FailureGroup) else [failure]
            for one in each:
                told = f"{type(one).__name__} {answer.status_code}"
                text = f"{one}\n  query {dict(case.query or {})}\n  body {str(case.body)[:600]}\n  answer {answer.text[:400]}"
                self.report.failures.setdefault((name, told), text)


def _order(method: str, path: str) -> tuple[int, int, str, str]:
    """Lists and makers first, what takes an id later, deletions last: so ids are known when they are asked for."""
    return int(method.lower() == "delete"), path.count("{"), path, method


def _thinned(service: str, every: int, only: str) -> dict[str, Any]:
    """The service's document with some of its operations: reading a whole one takes seconds. It is the kept one, which
    another test compares with the code."""
    name = f"{service.removesuffix('_api')}.json"
    document: dict[str, Any] = json.loads((merged.SINGLE / name).read_bytes())
    names = [(method, path) for path, methods in document["paths"].items() for method in methods if path.startswith(only)]
    chosen = sorted(names, key=lambda each: _order(*each))[::every]
    paths: dict[str, Any] = {}
    for method, path in chosen:
        paths.setdefault(path, {})[method] = document["paths"][path][method]
    return {**document, "paths": paths}


def main() -> None:
    """The long form as a program: runs `test_fuzz.py` with its own options, because the database is the tests'."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", required=True, help="all operations")
    parser.add_argument("--service", choices=[name.removesuffix("_api") for name in ROLES], help="one service only")
    parser.add_argument("--examples", type=int, default=20, help="requests as documented for each operation")
    parser.add_argument("--only", default="", help="only paths that begin so")
    parser.add_argument("--seed", type=int, default=0)
    given_ = parser.parse_args()
    chosen = f"{given_.examples},{given_.seed},{given_.only}"
    command = [sys.executable, "-m", "pytest", "-q", "-s", "--full", "tests/contract/test_fuzz.py"]
    environment = os.environ | {"ZHIFA_TEST_FUZZ": chosen}
    names = ["-k", f"full and {given_.service}_api"] if given_.service else ["-k", "full"]
    raise SystemExit(subprocess.run([*command, *names], env=environment, check=False).returncode)


if __name__ == "__main__":
    main()
