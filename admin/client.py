"""Client of the REST interface: tokens, retries with the same Idempotency-Key, pages by cursor, problems as errors."""

from __future__ import annotations

import json
import secrets
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import httpx

PATIENCE_SECONDS = 10.0
LONGEST_WAIT_SECONDS = 5.0
TIMEOUT = httpx.Timeout(60.0, connect=5.0)
PAGE = 200
# Nothing was done, or with the same Idempotency-Key nothing will be done twice.
WORTH_ANOTHER_TRY = frozenset({429, 502, 503, 504})
IN_FLIGHT = "idempotency.in_flight"

Json = dict[str, Any]
Files = Mapping[str, tuple[str, bytes, str]]


class Refused(Exception):
    """The server said no: the problem+json it answered with."""

    def __init__(self, status: int, problem: Json) -> None:
        super().__init__(f"{status} {problem.get('code', '')} {problem.get('detail', '')}".strip())
        self.status, self.problem = status, problem

    @property
    def code(self) -> str:
        """The stable code of the problem."""
        return str(self.problem.get("code", ""))


class Unreachable(Exception):
    """No answer within the time allowed for all attempts."""


class Credentials(Protocol):
    """Where a caller's token comes from."""

    def token(self) -> str | None:
        """The access token to send, or None for none."""

    def renew(self, client: Client) -> bool:
        """Gets a new one after a 401; False when that is not possible."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A token given from outside."""

    value: str | None

    def token(self) -> str | None:
        """The given token."""
        return self.value

    def renew(self, client: Client) -> bool:
        """Never."""
        return False


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: Json
    headers: httpx.Headers

    @property
    def etag(self) -> str:
        """The ETag, to be sent back as If-Match."""
        return str(self.headers.get("etag", ""))

    @property
    def is_replayed(self) -> bool:
        """Whether this is the kept answer of an earlier request with the same Idempotency-Key."""
        return bool(self.headers.get("idempotency-replayed") == "true")


class Client:
    """One caller at one address. Not for use by several threads at once."""

    def __init__(
        self,
        address: str,
        credentials: Credentials,
        *,
        patience: float = PATIENCE_SECONDS,
        language: str = "zh-CN",
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.address = address.rstrip("/")
        self.credentials = credentials
        self.patience = patience
        self._sleep = sleep
        self._http = httpx.Client(
            base_url=self.address,
            timeout=TIMEOUT,
            transport=transport,
            headers={"Accept-Language": language},
            trust_env=False,
            verify=trust(self.address),
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes its connections."""
        self._http.close()

    def get(self, path: str, **parameters: Any) -> Answer:
        """One resource or one page."""
        return self._ask("GET", path, params=sent(parameters))

    def save(self, path: str, file: Path) -> int:
        """Streams an answer into a file, which appears whole or not at all; answers how many bytes."""
        beside, count = file.with_name(f".{file.name}.part"), 0
        headers = {"Authorization": f"Bearer {token}"} if (token := self.credentials.token()) else {}
        try:
            with self._http.stream("GET", path, headers=headers) as answer, beside.open("wb") as out:
                if answer.is_error:
                    answer.read()
                    raise Refused(answer.status_code, problem_of(answer))
                for block in answer.iter_bytes():
                    count += out.write(block)
            beside.replace(file)
        except httpx.TransportError as error:
            raise Unreachable(f"{self.address} broke off ({type(error).__name__}).") from None
        finally:
            beside.unlink(missing_ok=True)
        return count

    def post(
        self,
        path: str,
        body: Json | None = None,
        *,
        match: str | None = None,
        dry_run: bool = False,
        key: str | None = None,
        reason: str | None = None,
        files: Files | None = None,
        form: Mapping[str, str] | None = None,
    ) -> Answer:
        """A POST under an Idempotency-Key, its own unless one is given; `match` is the ETag the move is based on."""
        headers = {"Idempotency-Key": key or secrets.token_urlsafe(18), **change_headers(match, reason)}
        options: Json = {"headers": headers, "params": {"dry_run": "true"} if dry_run else None}
        return self._ask("POST", path, json=body, files=files, data=form, **options)

    def change(self, method: str, path: str, body: Json | None, match: str, *, dry_run: bool = False) -> Answer:
        """A PATCH, PUT or DELETE based on the ETag `match`."""
        parameters = {"dry_run": "true"} if dry_run else None
        return self._ask(method, path, json=body, headers=change_headers(match, None), params=parameters)

    def put_new(self, path: str, body: Json) -> Answer:
        """A PUT of something that is not there yet; refused (428) when it is."""
        return self._ask("PUT", path, json=body)

    def move(self, path: str, verb: str, body: Json | None = None, *, dry_run: bool = False, reason: str | None = None) -> Answer:
        """A transition of the resource at `path`, based on its state as it is now."""
        match = self.get(path).etag
        return self.post(f"{path}/{verb}", body, match=match, dry_run=dry_run, reason=reason)

    def cancel(self, location: str) -> Answer:
        """Asks long work to stop at its next step; it moves while we look, so a stale look is taken again."""
        for _ in range(20):
            try:
                return self.change("DELETE", location, None, self.get(location).etag)
            except Refused as refusal:
                if refusal.status != 412:
                    raise
        raise Unreachable(f"{self.address} does not take the cancellation.")

    def items(self, path: str, *, most: int | None = None, **parameters: Any) -> Iterator[Json]:
        """All items of a list, page after page; at most `most`."""
        cursor, count = None, 0
        while True:
            page = self.get(path, limit=min(PAGE, most or PAGE), cursor=cursor, **parameters).body
            for item in page["items"]:
                if most is not None and count >= most:
                    return
                yield item
                count += 1
            cursor = page.get("next_cursor")
            if cursor is None:
                return

    def operation(self, location: str, watch: Callable[[Json], None] = lambda state: None) -> Json:
        """Waits for long work to end; answers the operation. Refused with its problem when it failed or was cancelled."""
        while True:
            state = self.get(location).body
            watch(state)
            if state["state"] == "succeeded":
                return state
            if state["state"] in {"failed", "cancelled"}:
                raise Refused(409, state.get("problem") or {"code": f"operation.{state['state']}"})
            self._sleep(0.3)

    def _ask(self, method: str, path: str, **options: Any) -> Answer:
        answer = self._try(method, path, options)
        if answer.status_code == 401 and self.credentials.renew(self):
            answer = self._try(method, path, options)
        if answer.is_error:
            raise Refused(answer.status_code, problem_of(answer))
        return Answer(answer.status_code, body_of(answer), answer.headers)

    def _try(self, method: str, path: str, options: Json) -> httpx.Response:
        """Tries until there is an answer worth having, or patience ends; every attempt is the same request."""
        deadline, wait = time.monotonic() + self.patience, 0.1
        while True:
            answer, failure = self._send(method, path, options)
            if answer is not None and not is_worth_another_try(answer):
                return answer
            pause = min(asked_to_wait(answer) or wait, LONGEST_WAIT_SECONDS)
            if time.monotonic() + pause > deadline:
                return told_last(answer, failure, self.address)
            self._sleep(pause)
            wait *= 2

    def _send(self, method: str, path: str, options: Json) -> tuple[httpx.Response | None, str]:
        headers = dict(options.get("headers") or {})
        token = self.credentials.token()
        if token:
            headers["Authorization"] = f"Bearer {token}"
        try:
            return self._http.request(method, path, **(options | {"headers": headers})), ""
        except httpx.TransportError as error:
            return None, type(error).__name__


def trust(address: str) -> ssl.SSLContext:
    """Whom TLS believes. Reading the list of authorities takes longer than most calls, and plain http never asks it: there
    nobody is believed.
    """
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if address.startswith("http://") else httpx.create_ssl_context(trust_env=False)


def sent(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Query parameters as text; None is left out."""
    known = {name: value for name, value in parameters.items() if value is not None}
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in known.items()}


def change_headers(match: str | None, reason: str | None) -> dict[str, str]:
    """If-Match, and the reason percent-encoded, because header values are ASCII."""
    headers = {"If-Match": match} if match else {}
    return headers | ({"X-Change-Reason": quote(reason)} if reason else {})


def is_worth_another_try(answer: httpx.Response) -> bool:
    """Overload, a service that is away, or the same key still at work elsewhere."""
    return answer.status_code in WORTH_ANOTHER_TRY or (answer.status_code == 409 and problem_of(answer).get("code") == IN_FLIGHT)


def asked_to_wait(answer: httpx.Response | None) -> float | None:
    """Seconds of Retry-After, where the answer has it as a number."""
    after = answer.headers.get("retry-after", "") if answer is not None else ""
    return float(after) if after.isdecimal() else None


def told_last(answer: httpx.Response | None, failure: str, address: str) -> httpx.Response:
    """The last answer, or Unreachable when nobody answered or only the gateway did."""
    if answer is None:
        raise Unreachable(f"{address} does not answer ({failure}).")
    if answer.status_code in {502, 503, 504}:
        raise Unreachable(f"{address} answers {answer.status_code}: {problem_of(answer).get('detail', '')}")
    return answer


def body_of(answer: httpx.Response) -> Json:
    """The JSON object of an answer; empty for none."""
    if not answer.content or "json" not in answer.headers.get("content-type", ""):
        return {}
    body: Any = answer.json()
    return body if isinstance(body, dict) else {"value": body}


def problem_of(answer: httpx.Response) -> Json:
    """The problem of an error answer, also of one that is no problem+json."""
    try:
        body = body_of(answer)
    except json.JSONDecodeError:
        body = {}
    return body if "code" in body else {"code": f"http_{answer.status_code}", "detail": answer.reason_phrase}
