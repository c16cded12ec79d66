"""Checks an exported ledger against a head kept earlier: no server, no database, nothing of zhifa's services.

An export holds one JSON object a line: `sequence` (1, 2, …), `link` (entry or decision), `content` (an array), `entry_hash`,
`sealed_at`, `chain_hash`. The entry hash is the SHA-256 of the array written with `, ` between its elements, in UTF-8; the chain
hash that of the chain hash before (nothing for the first), the entry hash and `sealed_at` as written.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


class Broken(Exception):
    """The ledger is not the one that was kept: what does not hold, and at which place of the chain."""

    def __init__(self, what: str, sequence: int | None = None) -> None:
        super().__init__(what)
        self.what, self.sequence = what, sequence


@dataclass(frozen=True, slots=True)
class Proven:
    """What was found in order: links checked, those behind the head among them, and entries and decisions."""

    links: int
    beyond: int
    entries: int
    decisions: int


def check(lines: Iterable[str], head: Mapping[str, Any]) -> Proven:
    """Recomputes the whole chain and finds the head in it. Raises Broken, naming the first place that does not hold."""
    chain, place, entries, found = b"", 0, 0, head["sequence"] == 0
    for place, line in enumerate(lines, 1):
        link = _link(line, place)
        chain = _next(chain, link, place)
        entries += link["link"] == "entry"
        if place == head["sequence"]:
            if chain.hex() != head["chain_hash"]:
                raise Broken("the chain up to here is not the one that was kept", place)
            found = True
    if not found:
        raise Broken(f"the chain ends before the head that was kept ({head['sequence']})", place)
    return Proven(place, place - head["sequence"], entries, place - entries)


def _link(line: str, place: int) -> Json:
    try:
        link: Json = json.loads(line)
        if link["sequence"] != place:
            raise Broken("a link is missing, put in or moved", place)
        return link
    except (ValueError, KeyError, TypeError):
        raise Broken("not a line of an exported ledger", place) from None


def _next(chain: bytes, link: Json, place: int) -> bytes:
    """The chain hash of a link, recomputed from its content."""
    content = json.dumps(link["content"], ensure_ascii=False, separators=(", ", ": ")).encode()
    entry_hash = hashlib.sha256(content).digest()
    if entry_hash.hex() != link["entry_hash"]:
        raise Broken(f"{link['link']} {_id(link)} was changed", place)
    made = hashlib.sha256(chain + entry_hash + str(link["sealed_at"]).encode()).digest()
    if made.hex() != link["chain_hash"]:
        raise Broken("a link was changed, taken out, put in or moved", place)
    return made


def _id(link: Json) -> str:
    content = link["content"]
    return str(content[0]) if isinstance(content, list) and content else "?"


def check_signature(head: Mapping[str, Any], keys: Mapping[str, Any]) -> str:
    """Whether the head says what was signed, by one of the keys; answers the key's name. Raises Broken."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, utils

    try:
        header, payload, signature = str(head["signature"]).split(".")
        told, raw = json.loads(_decoded(header)), _decoded(signature)
        jwk = next(key for key in keys["keys"] if key["kid"] == told["kid"])
        x, y = (int.from_bytes(_decoded(jwk[axis]), "big") for axis in ("x", "y"))
        r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
        key = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
        key.verify(utils.encode_dss_signature(r, s), f"{header}.{payload}".encode(), ec.ECDSA(hashes.SHA256()))
    except StopIteration:
        raise Broken("the head is signed with a key that is not among those given") from None
    except (ValueError, KeyError, TypeError, InvalidSignature):
        raise Broken("the signature of the head does not hold") from None
    if json.loads(_decoded(payload)) != {name: value for name, value in head.items() if name != "signature"}:
        raise Broken("the head does not say what was signed")
    return str(told["kid"])


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
