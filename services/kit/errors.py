"""One tree of domain errors. Each names its HTTP status, a stable code, and its text in two languages. Pure.

A feature subclasses the status class and sets `code`, `zh` and `en`; texts may hold `{names}` filled from
`params`. Texts never contain what the caller sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of the input: where (JSON pointer beginning with the part of the request) and which (code)."""

    pointer: str
    code: str
    params: dict[str, str | int] = field(default_factory=dict)


class DomainError(Exception):
    """A refusal that reaches the caller as problem+json."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"
    zh: ClassVar[str] = "服务器内部错误。"
    en: ClassVar[str] = "Internal server error."
    # True where the refusal itself is a fact to keep (a failed sign-in): the transaction is committed.
    keeps_changes: ClassVar[bool] = False

    def __init__(self, *faults: Fault, retry_after: int | None = None, **params: str | int) -> None:
        super().__init__(self.code)
        self.faults: Sequence[Fault] = faults
        self.retry_after = retry_after
        self.params = params


class BadInput(DomainError):
    status, code = 400, "invalid_input"
    zh, en = "请求内容不符合要求，见 errors 各项。", "The request is not valid; see errors."


class MalformedRequest(DomainError):
    status, code = 400, "malformed_request"
    zh, en = "请求不符合 HTTP 规范，连接已关闭。", "The request breaks the rules of HTTP; the connection is closed."


class UnknownHost(DomainError):
    status, code = 400, "unknown_host"
    zh, en = "请求的主机名不在本系统允许之列。", "The host named in the request is not one of this system's."


class Unauthorized(DomainError):
    status, code = 401, "unauthorized"
    zh, en = "未登录，或登录凭证无效。", "Sign-in is missing or not valid."


class Forbidden(DomainError):
    status, code = 403, "forbidden"
    zh, en = "无权进行此操作。", "This operation is not allowed for you."


class NotFound(DomainError):
    status, code = 404, "not_found"
    zh, en = "未找到。", "Not found."


class MethodNotAllowed(DomainError):
    status, code = 405, "method_not_allowed"
    zh, en = "此地址不支持该方法。", "This address does not support the method."


class RequestTimeout(DomainError):
    status, code = 408, "request_timeout"
    zh, en = "请求发送过慢，连接已关闭。", "The request arrived too slowly; the connection is closed."


class Conflict(DomainError):
    status, code = 409, "conflict"
    zh, en = "当前状态不允许此操作。", "Not possible in this state."


class Stale(DomainError):
    status, code = 412, "stale"
    zh, en = "内容已被他人修改，请刷新后再试。", "Changed by someone else meanwhile; reload and try again."


class TooLarge(DomainError):
    status, code = 413, "too_large"
    zh, en = "请求内容过大。", "The request is too large."


class UnsupportedMediaType(DomainError):
    status, code = 415, "unsupported_media_type"
    zh, en = "不支持此内容类型。", "This content type is not supported."


class KeyReused(DomainError):
    status, code = 422, "idempotency.key_reused"
    zh, en = "此 Idempotency-Key 已用于另一请求。", "This Idempotency-Key was used for another request."


class PreconditionRequired(DomainError):
    status, code = 428, "precondition_required"
    zh, en = "修改时须带 If-Match。", "A change needs If-Match."


class TooManyRequests(DomainError):
    status, code = 429, "too_many_requests"
    zh, en = "请求过于频繁，请稍后再试。", "Too many requests; try again later."


class HeaderTooLarge(DomainError):
    status, code = 431, "header_too_large"
    zh, en = "请求头过大或过多。", "The request's header fields are too large or too many."


class BadGateway(DomainError):
    status, code = 502, "bad_gateway"
    zh, en = "后端服务未能正常应答，请稍后再试。", "The service behind did not answer properly; try again later."


class Unavailable(DomainError):
    status, code = 503, "unavailable"
    zh, en = "服务暂时不可用，请稍后再试。", "Temporarily unavailable; try again later."


class GatewayTimeout(DomainError):
    status, code = 504, "gateway_timeout"
    zh, en = "后端服务未在时限内应答，请稍后再试。", "The service behind did not answer in time; try again later."


def raise_if(error: DomainError | None) -> None:
    """Raises what a `why_not_*` rule answered; None passes."""
    if error is not None:
        raise error
