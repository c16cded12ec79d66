"""Signing facts for outsiders: compact JWS (RFC 7515) with ES256, by a key that signs no tokens.

Token keys and these keys are published apart, so that neither can stand in for the other.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from services.kit import errors, strict_json, token_keys, token_rules

Facts = Mapping[str, Any]
WIDTH = 32


class Seal:
    """Signs facts of one kind (`typ`), and knows its own and earlier signatures by the published keys."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, published: Mapping[str, ec.EllipticCurvePublicKey], kind: str) -> None:
        self._key = key
        self._published = published
        self.header = {"alg": token_rules.ALGORITHM, "kid": token_keys.kid_of(key.public_key(), published), "typ": kind}

    @classmethod
    def from_files(cls, key_file: Path, jwks_file: Path, kind: str) -> Seal:
        """The seal of a process; `UnfitKey` when the key is no P-256 key or its public half is not published."""
        return cls(token_keys.private_key(key_file), token_keys.public_keys(jwks_file), kind)

    def sign(self, facts: Facts) -> str:
        """The facts with their signature, as one text of three parts."""
        signed = f"{_encoded(self.header)}.{_encoded(facts)}"
        r, s = decode_dss_signature(self._key.sign(signed.encode("ascii"), ec.ECDSA(hashes.SHA256())))
        return f"{signed}.{_base64url(r.to_bytes(WIDTH, 'big') + s.to_bytes(WIDTH, 'big'))}"

    def opened(self, text: str) -> Facts | None:
        """The facts under a signature of one of the published keys; None when anything about it is wrong."""
        try:
            parts = token_rules.opened(text)
            header, facts = strict_json.read(parts.header), strict_json.read(parts.claims)
            key = self._published[header["kid"]]
            if header != self.header | {"kid": header["kid"]} or len(parts.signature) != 2 * WIDTH:
                return None
            r, s = (int.from_bytes(part, "big") for part in (parts.signature[:WIDTH], parts.signature[WIDTH:]))
            key.verify(encode_dss_signature(r, s), parts.signed, ec.ECDSA(hashes.SHA256()))
        except (ValueError, KeyError, TypeError, InvalidSignature, errors.BadInput):
            return None
        return facts


def _encoded(facts: Facts) -> str:
    return _base64url(json.dumps(facts, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode())


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
