"""Makers of key files and access tokens for tests. All people and units in them are made up.

`of(...)` gives a token any process started with `keys()` accepts; `crafted(...)` signs whatever it is told to.
"""

from __future__ import annotations

import atexit
import base64
import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from services.kit import auth, clock, ids, token_keys
from services.kit.principal import Role

ISSUER = "http://127.0.0.1:8000"
DISTRICT = UUID("01900000-0000-7000-8000-0000000000d1")
UNIT = UUID("01900000-0000-7000-8000-0000000000e1")
DISTRICT_ROLES = frozenset({Role.BUREAU, Role.GOVERNMENT})
UNITLESS = frozenset({Role.SYSTEM_ADMIN, Role.AUDITOR, Role.PLATFORM})


class KeyFiles(NamedTuple):
    """A key pair on disk: the private key (PEM) and the published set (JSON)."""

    signing_key_file: Path
    jwks_file: Path


def new_keys(folder: Path) -> KeyFiles:
    """A fresh key pair in this folder."""
    files = KeyFiles(folder / "signing.pem", folder / "jwks.json")
    token_keys.make_key_files(*files)
    return files


@cache
def keys() -> KeyFiles:
    """The key pair of this test run; its folder goes when the run ends."""
    folder = Path(tempfile.mkdtemp(prefix="zhifa-keys-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return new_keys(folder)


@cache
def ledger_keys() -> KeyFiles:
    """The key pair that signs heads of the ledger in this test run."""
    folder = Path(tempfile.mkdtemp(prefix="zhifa-ledger-keys-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return new_keys(folder)


@cache
def signer() -> auth.Signer:
    """The signer directory would have."""
    return auth.Signer.from_files(*keys(), issuer=ISSUER)


def verifier() -> auth.Verifier:
    """A fresh verifier, with nothing seen and nothing called back."""
    return auth.Verifier.from_jwks_file(keys().jwks_file, ISSUER)


def present() -> int:
    """This second."""
    return int(clock.now().timestamp())


def usual_path(roles: Sequence[Role], unit_id: UUID | None) -> tuple[UUID, ...]:
    """Where such a caller works when a test does not say: nowhere, in the district, or in a unit below it."""
    if unit_id in (None, DISTRICT) and (DISTRICT_ROLES & set(roles) or unit_id):
        return (DISTRICT,)
    if unit_id is None and set(roles) <= UNITLESS:
        return ()
    return (DISTRICT, unit_id or UNIT)


def of(
    *roles: Role,
    unit_id: UUID | None = None,
    unit_path: Sequence[UUID] | None = None,
    account_id: UUID | None = None,
    name: str = "演示人员",
    now: int | None = None,
    jti: UUID | None = None,
) -> str:
    """A good token for a caller with these roles; what is left out is filled in as usual for the roles."""
    path = tuple(unit_path) if unit_path is not None else usual_path(roles, unit_id)
    return signer().access_token(
        account_id or ids.new_id(),
        name,
        roles,
        unit_id or (path[-1] if path else None),
        path,
        present() if now is None else now,
        jti or ids.new_id(),
    )


def manager(unit_id: UUID = UNIT, **facts: Any) -> str:
    """A token of a unit's leader."""
    return of(Role.UNIT_MANAGER, unit_id=unit_id, **facts)


def reviewer(unit_id: UUID = UNIT, **facts: Any) -> str:
    """A token of a unit's member who also reviews case files."""
    return of(Role.UNIT_MEMBER, Role.REVIEWER, unit_id=unit_id, **facts)


def b64(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def kid() -> str:
    """The name of the run's key."""
    return next(iter(token_keys.public_keys(keys().jwks_file)))


def header(**changes: Any) -> dict[str, Any]:
    """The header of a good token, with changes."""
    return {"alg": "ES256", "kid": kid(), "typ": "at+jwt"} | changes


def claims(now: int, **changes: Any) -> dict[str, Any]:
    """The claims of a good token, with changes."""
    good = {
        "iss": ISSUER,
        "aud": auth.AUDIENCE,
        "sub": "01900000-0000-7000-8000-0000000000a1",
        "iat": now,
        "exp": now + 900,
        "jti": "01900000-0000-7000-8000-0000000000b1",
        "typ": "access",
        "roles": ["unit_member", "reviewer"],
        "unit_id": str(UNIT),
        "unit_path": [str(DISTRICT), str(UNIT)],
        "name": "演示人员",
    }
    return good | changes


def encoded(part: Mapping[str, Any] | str | bytes) -> str:
    """A part of a token: an object as JSON, text and bytes as they are; half surrogates stay escaped."""
    if isinstance(part, Mapping):
        part = json.dumps(part)
    return b64(part.encode() if isinstance(part, str) else part)


def private_key() -> ec.EllipticCurvePrivateKey:
    """The run's private key."""
    return token_keys.private_key(keys().signing_key_file)


def signature(signed: str, key: ec.EllipticCurvePrivateKey) -> bytes:
    """The ES256 signature: r and s, each as wide as the curve of the key."""
    width = (key.key_size + 7) // 8
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(width, "big") + s.to_bytes(width, "big")


def crafted(
    header: Mapping[str, Any] | str | bytes,
    claims: Mapping[str, Any] | str | bytes,
    key: ec.EllipticCurvePrivateKey | None = None,
) -> str:
    """A token with any header and claims, rightly signed by the run's key or by the one given."""
    signed = f"{encoded(header)}.{encoded(claims)}"
    return f"{signed}.{b64(signature(signed, key or private_key()))}"
