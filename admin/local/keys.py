"""Secrets of a home: each made once, at random, in a file of mode 0600."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from admin.local import files
from admin.local import home as homes

# Login roles of the services; the kit's migration makes them, the starter gives them login and password.
ROLES = ("zhifa_directory", "zhifa_tasks", "zhifa_cases", "zhifa_training")
OWNER = "zhifa_owner"


def make_missing(home: homes.Home) -> None:
    """Makes whatever secret the home does not have yet; the public keys follow from the private one."""
    pem = files.make_once(home.signing_key, _signing_key)
    files.make_once(home.jwks, lambda: public_keys(pem))
    files.make_once(home.cursor_key, lambda: secrets.token_bytes(32))
    files.make_once(home.personal_keys, _personal_keys)
    database_passwords(home)


def database_passwords(home: homes.Home) -> dict[str, str]:
    """Password of each database role of this home."""
    content = files.make_once(home.database_passwords, _database_passwords)
    return {str(role): str(password) for role, password in json.loads(content).items()}


def public_keys(pem: bytes) -> bytes:
    """The JSON Web Key Set (RFC 7517) that belongs to a private P-256 key; `kid` is a short hash of the public key."""
    private = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise TypeError("the signing key is not an elliptic curve key")
    point = private.public_key().public_numbers()
    x, y = (_base64url(number.to_bytes(32, "big")) for number in (point.x, point.y))
    kid = hashlib.sha256(f"{x}.{y}".encode()).hexdigest()[:16]
    key = {"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": kid, "x": x, "y": y}
    return json.dumps({"keys": [key]}, indent=2).encode()


def _signing_key() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _personal_keys() -> bytes:
    first, index = (base64.b64encode(secrets.token_bytes(32)).decode() for _ in range(2))
    return json.dumps({"active": "k1", "keys": {"k1": first}, "index": index}).encode()


def _database_passwords() -> bytes:
    return json.dumps({role: secrets.token_urlsafe(24) for role in (OWNER, *ROLES)}).encode()


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
