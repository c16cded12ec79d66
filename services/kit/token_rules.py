"""What an access token must look like, its signature apart. Pure: text in, claims out, else `Refused` or `BadJson`.

The reader is closed: one spelling of base64url, one reading of JSON, exactly the header and the claims of the
contract. Whatever is not named here is refused, so that two readers can never see two different tokens.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from unicodedata import category
from uuid import UUID

from services.kit import strict_json
from services.kit.principal import Principal, Role, roles_conflict

MAX_TOKEN: Final = 4096  # characters
MAX_NAME: Final = 200  # characters
MAX_PATH: Final = 12  # units from the district down
LIFE: Final = 900  # seconds between iat and exp
AHEAD: Final = 30  # seconds the issuer's clock may run before ours
ALGORITHM: Final = "ES256"
HEADER_TYPE: Final = "at+jwt"
CLAIM_TYPE: Final = "access"

# Roles that may belong to no unit; every other role's scope is meaningless without one.
UNITLESS: Final = frozenset({Role.SYSTEM_ADMIN, Role.AUDITOR, Role.PLATFORM})


class Refused(ValueError):
    """The token breaks a rule; the text names the part, for tests and for the signer, never for a caller."""


class Opened(NamedTuple):
    """A token taken apart: JSON of header and claims, the bytes that were signed, the signature."""

    header: bytes
    claims: bytes
    signed: bytes
    signature: bytes


class Chosen(NamedTuple):
    """What the header may choose: one key, together with its one algorithm."""

    algorithm: str
    kid: str


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims of an accepted token; times in seconds since 1970 (UTC)."""

    account_id: UUID
    name: str
    roles: frozenset[Role]
    unit_id: UUID | None
    unit_path: tuple[UUID, ...]
    jti: UUID
    iat: int
    exp: int

    def to_principal(self) -> Principal:
        """The caller this token stands for, before any right is looked up."""
        return Principal(self.account_id, self.name, self.roles, self.unit_id, self.unit_path)


def demand(holds: bool, part: str) -> None:
    """Refuses, naming the part, unless the rule holds."""
    if not holds:
        raise Refused(part)


def opened(token: str) -> Opened:
    """Takes a token apart. Refuses all but ASCII text of at most 4096 characters in three canonical parts."""
    demand(isinstance(token, str) and len(token) <= MAX_TOKEN and token.isascii(), "shape")
    parts = token.encode("ascii").split(b".")
    demand(len(parts) == 3 and all(parts), "shape")
    header, claims, signature = map(decoded, parts)
    return Opened(header, claims, parts[0] + b"." + parts[1], signature)


def decoded(part: bytes) -> bytes:
    """Base64url without padding (RFC 7515, section 2), refusing every spelling but the canonical one."""
    raw = base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4))
    demand(base64.urlsafe_b64encode(raw).rstrip(b"=") == part, "spelling")
    return raw


def chosen_by(header: bytes) -> Chosen:
    """Algorithm and key the header names. It is exactly `alg`, `kid`, `typ`, all text, of type `at+jwt`."""
    found = strict_json.read(header)
    demand(found.keys() == {"alg", "kid", "typ"}, "header")
    demand(all(isinstance(value, str) for value in found.values()), "header")
    demand(found["typ"] == HEADER_TYPE, "header type")
    return Chosen(found["alg"], found["kid"])


def is_name(value: object) -> bool:
    """Whether a display name can travel in a token: 1 to 200 characters, no control character, no half surrogate."""
    return isinstance(value, str) and 0 < len(value) <= MAX_NAME and not any(category(c) in {"Cc", "Cs"} for c in value)


def _is_id(value: object) -> bool:
    return isinstance(value, str) and len(value) == 36 and str(UUID(value)) == value


def _is_time(value: object) -> bool:
    return type(value) is int  # a boolean is an int to isinstance


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _are_roles(value: object) -> bool:
    if not isinstance(value, list) or not value or not all(isinstance(role, str) for role in value):
        return False
    return len(set(value)) == len(value) and not roles_conflict(frozenset(Role(role) for role in value))


def _is_path(value: object) -> bool:
    return isinstance(value, list) and len(value) <= MAX_PATH and all(map(_is_id, value)) and len(set(value)) == len(value)


CLAIMS: Final[Mapping[str, Callable[[object], bool]]] = {
    "iss": _is_text,
    "aud": _is_text,
    "typ": _is_text,
    "sub": _is_id,
    "jti": _is_id,
    "iat": _is_time,
    "exp": _is_time,
    "name": is_name,
    "roles": _are_roles,
    "unit_id": lambda value: value is None or _is_id(value),
    "unit_path": _is_path,
}


def claims_in(data: bytes, issuer: str, audience: str, now: int) -> Claims:
    """The claims of a token meant for us at this second: the closed set, each typed, alive, at most 15 minutes long."""
    found = strict_json.read(data)
    demand(found.keys() == CLAIMS.keys(), "claims")
    for name, fits in CLAIMS.items():
        demand(fits(found[name]), name)
    demand((found["iss"], found["aud"], found["typ"]) == (issuer, audience, CLAIM_TYPE), "addressee")
    demand(found["iat"] <= now + AHEAD and 0 < found["exp"] - found["iat"] <= LIFE and found["exp"] > now, "time")
    claims = _typed(found)
    demand(_belongs_right(claims), "unit")
    return claims


def _typed(found: Mapping[str, Any]) -> Claims:
    return Claims(
        account_id=UUID(found["sub"]),
        name=found["name"],
        roles=frozenset(map(Role, found["roles"])),
        unit_id=UUID(found["unit_id"]) if found["unit_id"] is not None else None,
        unit_path=tuple(map(UUID, found["unit_path"])),
        jti=UUID(found["jti"]),
        iat=found["iat"],
        exp=found["exp"],
    )


def _belongs_right(claims: Claims) -> bool:
    """The path ends at the caller's unit; only some roles do without a unit, and then without a path."""
    if claims.unit_id is None:
        return not claims.unit_path and claims.roles <= UNITLESS
    return claims.unit_path[-1:] == (claims.unit_id,)
