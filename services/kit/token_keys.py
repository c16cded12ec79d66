"""The key pair behind the access tokens, as files: the private key for directory alone, the public set for everyone."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from services.kit import token_rules

PUBLIC_MEMBERS = {"kty", "crv", "alg", "use", "kid", "x", "y"}


class UnfitKey(RuntimeError):
    """A key file is missing something or holds the wrong kind of key; the process must not start."""


def public_keys(jwks_file: Path) -> dict[str, ec.EllipticCurvePublicKey]:
    """The published keys by `kid`. Each must be a public P-256 key for ES256 with a `kid` of its own, else `UnfitKey`."""
    entries = _entries(jwks_file)
    keys = {entry["kid"]: _public_key(entry, jwks_file) for entry in entries}
    if not keys or len(keys) != len(entries):
        raise UnfitKey(f"{jwks_file}: needs at least one key, and each kid once")
    return keys


def private_key(signing_key_file: Path) -> ec.EllipticCurvePrivateKey:
    """The signing key from its PEM file; anything but a P-256 private key is `UnfitKey`."""
    try:
        key = load_pem_private_key(signing_key_file.read_bytes(), password=None)
    except (ValueError, TypeError) as error:
        raise UnfitKey(f"{signing_key_file}: not a private key in PEM form") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise UnfitKey(f"{signing_key_file}: not a P-256 key")
    return key


def kid_of(key: ec.EllipticCurvePublicKey, published: Mapping[str, ec.EllipticCurvePublicKey]) -> str:
    """The `kid` under which this key is published; `UnfitKey` when it is not, for nobody could verify its tokens."""
    for kid, candidate in published.items():
        if candidate == key:
            return kid
    raise UnfitKey("the signing key is not among the published keys")


def make_key_files(signing_key_file: Path, jwks_file: Path) -> None:
    """Makes whichever of the two files is missing, each appearing whole or not at all.

    An existing private key is never replaced. Its public half is added to the published set when absent, so that
    moving the private file away and calling this again rotates the key while the old one stays published. Two
    callers at once, or a crash in between, end in a matching pair: the set always follows the private file.
    """
    if not signing_key_file.exists():
        _place_new(signing_key_file, _new_private_pem())
    entry = _entry_of(private_key(signing_key_file).public_key())
    entries = _entries(jwks_file) if jwks_file.exists() else []
    if entry["kid"] not in {known["kid"] for known in entries}:
        _replace(jwks_file, json.dumps({"keys": [*entries, entry]}, indent=2).encode())


def _entries(jwks_file: Path) -> list[dict[str, Any]]:
    try:
        entries = json.loads(jwks_file.read_bytes())["keys"]
        fit = all(_is_fit(entry) for entry in entries)
    except (ValueError, KeyError, TypeError) as error:
        raise UnfitKey(f"{jwks_file}: not a JSON set of keys") from error
    if not fit:
        raise UnfitKey(f"{jwks_file}: holds a key that is not a public P-256 key for ES256 with a kid")
    return list(entries)


def _is_fit(entry: object) -> bool:
    if not isinstance(entry, dict):
        return False
    kinds = (entry.get("kty"), entry.get("crv"), entry.get("alg"), entry.get("use", "sig"))
    texts = all(isinstance(value, str) and value for value in entry.values())
    return texts and "kid" in entry and kinds == ("EC", "P-256", token_rules.ALGORITHM, "sig") and entry.keys() <= PUBLIC_MEMBERS


def _public_key(entry: Mapping[str, str], jwks_file: Path) -> ec.EllipticCurvePublicKey:
    try:
        x, y = (int.from_bytes(token_rules.decoded(entry[axis].encode("ascii")), "big") for axis in ("x", "y"))
        return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    except (ValueError, KeyError) as error:
        raise UnfitKey(f"{jwks_file}: key {entry['kid']} is not a point of P-256") from error


def _entry_of(key: ec.EllipticCurvePublicKey) -> dict[str, str]:
    """The key as a JWK; its `kid` is its thumbprint (RFC 7638), so the same key always has the same name."""
    numbers = key.public_numbers()
    point = {"crv": "P-256", "kty": "EC", "x": _coordinate(numbers.x), "y": _coordinate(numbers.y)}
    thumbprint = hashlib.sha256(json.dumps(point, separators=(",", ":"), sort_keys=True).encode()).digest()
    return {**point, "alg": token_rules.ALGORITHM, "use": "sig", "kid": _base64url(thumbprint)}


def _coordinate(value: int) -> str:
    return _base64url(value.to_bytes(32, "big"))


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _new_private_pem() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _place_new(path: Path, data: bytes) -> None:
    """Gives the file its name in one step and only if nobody else did first; readable by its owner alone (0600)."""
    written = _written_beside(path, data)
    try:
        os.link(written, path)
    except FileExistsError:
        return
    finally:
        written.unlink()


def _replace(path: Path, data: bytes) -> None:
    written = _written_beside(path, data)
    written.chmod(0o644)
    written.replace(path)


def _written_beside(path: Path, data: bytes) -> Path:
    """The data on disk under a passing name in the same folder; mkstemp makes it 0600."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)
