"""The only reader and signer of access tokens, and the only importer of python-jose.

The library is asked for two things, a signature and its verification with a key object made at the start; all
parsing is ours (`token_rules`), because its own accepts much that must be refused. Keys are chosen by `kid` from
the published set alone, never from a token.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from jose import jwk, jws

from services.kit import errors, token_keys, token_rules
from services.kit.principal import Principal, Role
from services.kit.token_rules import Claims

AUDIENCE: Final = "zhifa"
CACHE_SIZE: Final = 10_000


class Key(Protocol):
    """A key object of python-jose."""

    def verify(self, msg: bytes, sig: bytes) -> bool:
        """Whether the signature (r and s, 64 bytes) belongs to the message."""


class Barred(NamedTuple):
    """Of this account all tokens issued before the given second are void (disabled, roles changed, all sessions ended).

    Times in tokens are whole seconds: to catch a token of the very second of the change, bar before the second
    after it, and issue the account's next token with `now` no earlier than that.
    """

    account_id: UUID
    issued_before: int


class Ended(NamedTuple):
    """One token that was signed out; the row is of no use once the token has expired."""

    jti: UUID


class Revocations:
    """What was called back, held in memory and reread from the database every two seconds by `replace`."""

    def __init__(self) -> None:
        self._barred: Mapping[UUID, int] = {}
        self._ended: frozenset[UUID] = frozenset()

    def replace(self, rows: Iterable[Barred | Ended]) -> None:
        """Takes these rows for the whole truth; of several bars on one account the latest counts."""
        barred: dict[UUID, int] = {}
        ended: set[UUID] = set()
        for row in rows:
            if isinstance(row, Ended):
                ended.add(row.jti)
            else:
                barred[row.account_id] = max(row.issued_before, barred.get(row.account_id, row.issued_before))
        self._barred, self._ended = barred, frozenset(ended)

    def refuses(self, claims: Claims) -> bool:
        """Whether this token was called back, alone (`jti`, not the raw text, which can be respelt) or with its account's."""
        return claims.jti in self._ended or claims.iat < self._barred.get(claims.account_id, claims.iat)


class SeenTokens:
    """Claims of tokens already verified, by the SHA-256 of the token, until they expire; the longest unused goes first."""

    def __init__(self, size: int = CACHE_SIZE) -> None:
        self._size = size
        self._claims: OrderedDict[bytes, Claims] = OrderedDict()

    def __len__(self) -> int:
        return len(self._claims)

    def get(self, digest: bytes, now: int) -> Claims | None:
        """The claims kept under this digest, unless expired at `now`."""
        claims = self._claims.get(digest)
        if claims is None:
            return None
        if claims.exp <= now:
            del self._claims[digest]
            return None
        self._claims.move_to_end(digest)
        return claims

    def put(self, digest: bytes, claims: Claims) -> None:
        """Keeps the claims, dropping the longest unused when full."""
        self._claims[digest] = claims
        if len(self._claims) > self._size:
            self._claims.popitem(last=False)


class Verifier:
    """Reads tokens of one issuer for one audience. Belongs to one event loop; `now` is in seconds since 1970.

    `revocations` is public: whoever rereads the database calls `verifier.revocations.replace(rows)`.
    """

    def __init__(self, keys: Mapping[str, Key], issuer: str, audience: str = AUDIENCE, cache_size: int = CACHE_SIZE) -> None:
        self.revocations = Revocations()
        self._keys = {token_rules.Chosen(token_rules.ALGORITHM, kid): key for kid, key in keys.items()}
        self._issuer = issuer
        self._audience = audience
        self._seen = SeenTokens(cache_size)

    @classmethod
    def from_jwks_file(cls, path: Path, issuer: str, audience: str = AUDIENCE) -> Verifier:
        """A verifier with the published keys; `UnfitKey` when one of them is not fit, before anything is served."""
        published = token_keys.public_keys(path)
        return cls({kid: _key_object(key) for kid, key in published.items()}, issuer, audience)

    def verify(self, token: str, now: int) -> Claims:
        """The claims of a token whose every part is in order and which was not called back; else `Unauthorized`."""
        return self._admitted(self._read, token, now)

    def claims_of(self, token: str, now: int) -> Claims:
        """Like `verify`, but a token seen before is not read again. Revocations count all the same."""
        return self._admitted(self._recalled, token, now)

    def principal_of(self, token: str, now: int) -> Principal:
        """The caller a token stands for, through the cache; else `Unauthorized`."""
        return self.claims_of(token, now).to_principal()

    def _admitted(self, read: Callable[[str, int], Claims], token: str, now: int) -> Claims:
        try:
            claims = read(token, now)
        except Exception:  # the caller made every byte of this text: whatever it breaks in us is one refusal, never a 500
            raise errors.Unauthorized from None
        if self.revocations.refuses(claims):
            raise errors.Unauthorized
        return claims

    def _recalled(self, token: str, now: int) -> Claims:
        digest = hashlib.sha256(token.encode("ascii")).digest()
        claims = self._seen.get(digest, now)
        if claims is None:
            claims = self._read(token, now)
            self._seen.put(digest, claims)
        return claims

    def _read(self, token: str, now: int) -> Claims:
        """The signature is checked before the claims are parsed: a stranger's claims never reach the JSON reader."""
        parts = token_rules.opened(token)
        key = self._keys[token_rules.chosen_by(parts.header)]
        token_rules.demand(key.verify(parts.signed, parts.signature), "signature")
        return token_rules.claims_in(parts.claims, self._issuer, self._audience, now)


class Signer:
    """Signs access tokens; only directory has one."""

    def __init__(self, key: Any, kid: str, issuer: str, audience: str = AUDIENCE) -> None:
        self._key = key
        self._header = {"typ": token_rules.HEADER_TYPE, "kid": kid}
        self._issuer = issuer
        self._audience = audience

    @classmethod
    def from_files(cls, signing_key_file: Path, jwks_file: Path, issuer: str, audience: str = AUDIENCE) -> Signer:
        """A signer with the private key; `UnfitKey` when it is not P-256 or its public half is not published."""
        key = token_keys.private_key(signing_key_file)
        kid = token_keys.kid_of(key.public_key(), token_keys.public_keys(jwks_file))
        return cls(_key_object(key), kid, issuer, audience)

    def access_token(
        self,
        account_id: UUID,
        name: str,
        roles: Iterable[Role],
        unit_id: UUID | None,
        unit_path: Iterable[UUID],
        now: int,
        jti: UUID,
    ) -> str:
        """A token of 15 minutes from `now`. `token_rules.Refused` (a ValueError) for claims no verifier would take."""
        claims = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": str(account_id),
            "iat": now,
            "exp": now + token_rules.LIFE,
            "jti": str(jti),
            "typ": token_rules.CLAIM_TYPE,
            "roles": sorted(roles),
            "unit_id": None if unit_id is None else str(unit_id),
            "unit_path": [str(unit) for unit in unit_path],
            "name": name,
        }
        data = json.dumps(claims, ensure_ascii=False, separators=(",", ":")).encode()
        token_rules.claims_in(data, self._issuer, self._audience, now)
        return str(jws.sign(data, self._key, self._header, token_rules.ALGORITHM))


def _key_object(key: ec.EllipticCurvePublicKey | ec.EllipticCurvePrivateKey) -> Any:
    """The library's key object, made once: it verifies faster than from text. Its pure-Python backend leaks by timing."""
    made = jwk.construct(key, token_rules.ALGORITHM)
    if type(made).__module__ != "jose.backends.cryptography_backend":
        raise token_keys.UnfitKey("python-jose does not use the cryptography package")
    return made
