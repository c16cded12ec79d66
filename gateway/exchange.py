"""One request and its answer: reading heads, and the headers that every answer of the gateway carries."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from starlette.types import Receive, Scope, Send

from gateway import table
from services.kit import addresses, cors, envelope, errors, problems, request_head, security_headers, trace
from services.kit.settings import Settings

Headers = Sequence[tuple[bytes, bytes]]
# Characters of the path that a problem repeats.
MAX_INSTANCE = 2_000


def common_headers(settings: Settings) -> Headers:
    """What every answer carries, made once per process."""
    return [(b"api-version", envelope.API_VERSION.encode()), *security_headers.of(settings.public_url)]


class Exchange:
    """A request under way. `extra` headers are sent with whatever answer comes in the end.

    `peer` is who is connected; `address` is the caller, which is somebody else where a trusted proxy stands in front.
    """

    def __init__(self, scope: Scope, receive: Receive, send: Send, settings: Settings, common: Headers) -> None:
        self.receive = receive
        self.method: str = scope["method"]
        self.path: str = scope["raw_path"].decode("ascii")
        self.query: str = scope["query_string"].decode("ascii")
        self.headers: Headers = scope["headers"]
        self.peer: str = scope["client"][0] if scope.get("client") else ""
        said = [value.decode("latin-1") for value in request_head.values_of(self.headers, b"x-forwarded-for")]
        self.address = addresses.client_of(self.peer, said, settings.proxies)
        self.trace = trace.accept(self.headers)
        self.status = 0
        self.service = "gateway"
        self.route = "unmatched"
        self.extra: list[tuple[bytes, bytes]] = []
        self._send = send
        self._settings = settings
        self._common = common

    def header(self, name: bytes) -> str | None:
        """The value of a header given exactly once, else None."""
        values = request_head.values_of(self.headers, name)
        return values[0].decode("latin-1") if len(values) == 1 else None

    async def start(self, status: int, headers: Headers) -> None:
        """Begins the answer; what the headers leave open is filled in from the common ones."""
        given = {name for name, _ in headers}
        self.status = status
        fields = [
            *headers,
            *(field for field in self._common if field[0] not in given),
            *self.extra,
            *cors.answer_headers(self.headers, self._settings.origins),
            (b"x-request-id", self.trace.request_id.encode()),
            (b"traceparent", self.trace.traceparent.encode()),
        ]
        await self._send({"type": "http.response.start", "status": status, "headers": fields})

    async def pass_on(self, chunk: bytes, *, more: bool) -> None:
        """Sends a piece of the body."""
        await self._send({"type": "http.response.body", "body": chunk, "more_body": more})

    async def answer(self, status: int, headers: Headers, body: bytes = b"") -> None:
        """A whole answer at once; HEAD gets its head alone."""
        await self.start(status, [*headers, (b"content-length", str(len(body)).encode())])
        await self.pass_on(b"" if self.method == "HEAD" else body, more=False)

    async def answer_tagged(self, content_type: bytes, tag: bytes, body: Callable[[], bytes]) -> None:
        """200 with a strong ETag, or 304 when the caller has this version (If-None-Match)."""
        sent = {part.strip().removeprefix("W/") for part in (self.header(b"if-none-match") or "").split(",")}
        fields = [(b"etag", tag)]
        if tag.decode() in sent or "*" in sent:
            await self.start(304, fields)
            await self.pass_on(b"", more=False)
        else:
            await self.answer(200, [(b"content-type", content_type), *fields], body())

    async def refuse(self, error: errors.DomainError) -> None:
        """The error as problem+json in the caller's language."""
        language = problems.language_of(self.header(b"accept-language"))
        status, headers, body = problems.render(
            error, language=language, trace_id=self.trace.trace_id, instance=self.path[:MAX_INSTANCE]
        )
        headers = [field for field in headers if field[0] != b"content-length"]
        if isinstance(error, table.WrongMethod):
            headers.append((b"allow", error.allow.encode()))
        await self.answer(status, headers, body)
