"""Idempotency-Key on every POST (IETF draft): the key lives and dies with the request's own transaction.

The key is claimed by an advisory lock before the action runs, and the answer is stored in the same commit as the
change. So a key never exists without its effect, a crash leaves neither, and a second caller in flight is told so at once.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fastapi import Response
from sqlalchemy import text

from services.kit import db, errors
from services.kit.db import Kept, Session

KEPT_HEADERS = ("content-type", "etag", "location", "content-disposition")
CLAIM = "SELECT free, request_hash, status, headers::text, body FROM kit.claim_key($1, $2, $3)"
FORGET = text("DELETE FROM kit.idempotency_keys WHERE created_at < :limit")


class InFlight(errors.Conflict):
    code = "idempotency.in_flight"
    zh, en = "使用同一 Idempotency-Key 的请求正在处理。", "A request with this Idempotency-Key is in progress."


@dataclass(frozen=True, slots=True)
class Key:
    """A caller's key for one route, with the hash of the request it stands for."""

    subject: UUID
    route: str
    name: str
    request_hash: bytes


def checked_name(sent: str) -> str:
    """The key as sent: 1 to 255 printable ASCII characters; BadInput otherwise."""
    if not (1 <= len(sent) <= 255 and sent.isascii() and sent.isprintable()):
        raise errors.BadInput(errors.Fault("/header/idempotency-key", "wrong_format"))
    return sent


def hash_of(method: str, path: str, query: str, body: bytes) -> bytes:
    """What makes two requests the same; a multipart body is hashed by its parts, never raw."""
    digest = hashlib.sha256(f"{method} {path}?{query}\n".encode())
    digest.update(body)
    return digest.digest()


async def claim(session: Session, key: Key) -> Response | None:
    """The kept answer to replay, or None when the action shall run. Raises InFlight and KeyReused."""
    (row,) = await db.fetch(session, CLAIM, [key.subject, key.route, key.name])
    if not row["free"]:
        raise InFlight(retry_after=1)
    if row["request_hash"] is None:
        return None
    if row["request_hash"] != key.request_hash:
        raise errors.KeyReused
    replay = Response(row["body"], status_code=row["status"])
    for name, value in json.loads(row["headers"]).items():
        replay.headers[name] = value
    replay.headers["Idempotency-Replayed"] = "true"
    return replay


def kept(key: Key, answer: Response, created_at: datetime) -> Kept:
    """What `db.finish` stores beside the change, in the same statement as the audit rows; only successes are kept."""
    headers = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}
    return Kept(
        key.subject,
        key.route,
        key.name,
        key.request_hash,
        answer.status_code,
        json.dumps(headers),
        bytes(answer.body),
        created_at,
    )
