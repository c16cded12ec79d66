"""Personal data at rest: sealed with named keys, found again by a keyed blind index, shown in masks.

A key names its suite: AES-256-GCM with HMAC-SHA-256, or SM4-GCM with HMAC-SM3 (GB/T 32907, GB/T 32905). Values begin with
the name of their key, so old and new keys serve side by side while everything is sealed anew (`services.kit.rotation`).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.kit import logs
from services.kit.settings import Settings

log = logs.logger(__name__)

NONCE = 12
TAG = 16
INDEX_KEY = 32


class UnreadablePersonalData(RuntimeError):
    """A stored value was made with a key this process does not have, or was changed."""


class Suite(StrEnum):
    """Cipher and digest of a key. The one place that names them: a certified module takes their place here."""

    AES = "aes-256-gcm-sha256"
    SM4 = "sm4-gcm-sm3"


LENGTHS: Final[Mapping[Suite, int]] = {Suite.AES: 32, Suite.SM4: 16}
DIGESTS: Final[Mapping[Suite, str]] = {Suite.AES: "sha256", Suite.SM4: "sm3"}


@dataclass(frozen=True, slots=True)
class Key:
    """A key with its name and suite."""

    name: str
    suite: Suite
    material: bytes

    @property
    def prefix(self) -> bytes:
        """What values made with this key begin with."""
        return self.name.encode() + b":"

    def encrypt(self, content: bytes, purpose: str) -> bytes:
        """Nonce, content and tag, bound to the purpose."""
        nonce = secrets.token_bytes(NONCE)
        if self.suite is Suite.AES:
            return nonce + AESGCM(self.material).encrypt(nonce, content, purpose.encode())
        sealing = Cipher(algorithms.SM4(self.material), modes.GCM(nonce)).encryptor()
        sealing.authenticate_additional_data(purpose.encode())
        return nonce + sealing.update(content) + sealing.finalize() + sealing.tag

    def decrypt(self, sealed: bytes, purpose: str) -> bytes:
        """What `encrypt` was given for the same purpose; InvalidTag otherwise."""
        nonce, rest = sealed[:NONCE], sealed[NONCE:]
        if self.suite is Suite.AES:
            return AESGCM(self.material).decrypt(nonce, rest, purpose.encode())
        if len(rest) < TAG:
            raise InvalidTag
        opening = Cipher(algorithms.SM4(self.material), modes.GCM(nonce, rest[-TAG:])).decryptor()
        opening.authenticate_additional_data(purpose.encode())
        return opening.update(rest[:-TAG]) + opening.finalize()

    def digest(self, text: str, purpose: str) -> bytes:
        """Keyed digest of a text, another one for each purpose."""
        return self.prefix + hmac.digest(self.material, purpose.encode() + b"\0" + text.encode(), DIGESTS[self.suite])


@dataclass(frozen=True, slots=True)
class Ring:
    """All keys of one kind: the active one makes new values, the others are for those that are there."""

    active: Key
    keys: Mapping[str, Key]


@dataclass(frozen=True, slots=True)
class Keys:
    """The content of the secret file; `mark` tells one content from another and nothing of the keys."""

    seals: Ring
    indexes: Ring
    mark: str


def read_keys(content: bytes, suite: Suite | None = None) -> Keys:
    """Keys from the secret file. RuntimeError when one is missing, short, of no suite, or the active one not of `suite`."""
    try:
        told = json.loads(content)
        indexes = told["index"] if isinstance(told["index"], dict) else {"active": "i1", "keys": {"i1": told["index"]}}
        keys = Keys(_ring(told, LENGTHS), _ring(indexes, dict.fromkeys(Suite, INDEX_KEY)), _mark(told))
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise RuntimeError("ZHIFA_PERSONAL_KEYS_FILE: not a file of keys") from error
    if suite is not None and {keys.seals.active.suite, keys.indexes.active.suite} != {suite}:
        raise RuntimeError(f"ZHIFA_PERSONAL_KEYS_FILE: the active keys are not of the suite {suite} that is demanded")
    return keys


def _ring(told: Mapping[str, Any], lengths: Mapping[Suite, int]) -> Ring:
    keys = {name: _key(name, value) for name, value in told["keys"].items()}
    wrong = [key.name for key in keys.values() if len(key.material) != lengths[key.suite] or not key.name.isalnum()]
    if wrong or told["active"] not in keys:
        raise RuntimeError("ZHIFA_PERSONAL_KEYS_FILE: needs an active key among its keys, each as long as its suite asks for")
    return Ring(keys[told["active"]], keys)


def _key(name: str, told: str | Mapping[str, str]) -> Key:
    if isinstance(told, str):
        return Key(name, Suite.AES, base64.b64decode(told, validate=True))
    return Key(name, Suite(told["suite"]), base64.b64decode(told["key"], validate=True))


def _mark(told: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


class Vault:
    """Seals, opens and finds personal data with the keys of the secret file, which may change while the process runs."""

    def __init__(self, keys: Keys, reread: Callable[[], Keys] | None = None) -> None:
        self.keys = keys
        self._reread = reread

    @classmethod
    def from_settings(cls, settings: Settings) -> Vault:
        """Reads the secret file; a missing, short or unknown key stops the start."""
        suite = Suite(settings.personal_suite) if settings.personal_suite else None

        def read() -> Keys:
            return read_keys(settings.secret(settings.personal_keys_file, "personal_keys_file"), suite)

        vault = cls(read(), read)
        # A build of OpenSSL without the cipher or digest must stop the start, not the first request.
        vault.open(vault.seal("", "start"), "start")
        vault.index("", "start")
        return vault

    def refresh(self) -> bool:
        """Takes up a changed secret file; True when there was one. A broken one is told in the log, and passed over."""
        if self._reread is None:
            return False
        try:
            keys = self._reread()
        except (OSError, RuntimeError) as error:
            log.error("personal_keys.unreadable", error=type(error).__name__)
            return False
        changed, self.keys = keys.mark != self.keys.mark, keys
        return changed

    def seal(self, text: str, purpose: str) -> bytes:
        """Encrypts for a purpose (table and column); a value moved to another column does not open."""
        return self.seal_bytes(text.encode(), purpose)

    def open(self, sealed: bytes, purpose: str) -> str:
        """Decrypts what `seal` made for the same purpose."""
        return self.open_bytes(sealed, purpose).decode()

    def seal_bytes(self, content: bytes, purpose: str) -> bytes:
        """Encrypts content that is no text, a piece of a file."""
        key = self.keys.seals.active
        return key.prefix + key.encrypt(content, purpose)

    def open_bytes(self, sealed: bytes, purpose: str) -> bytes:
        """Decrypts what `seal_bytes` made for the same purpose."""
        name, _, rest = bytes(sealed).partition(b":")
        key = self._key(name.decode("ascii", "replace"))
        if key is None:
            raise UnreadablePersonalData("unknown key")
        try:
            return key.decrypt(rest, purpose)
        except (InvalidTag, ValueError):
            raise UnreadablePersonalData("changed, or sealed for another purpose") from None

    def _key(self, name: str) -> Key | None:
        # Another process may have taken up a new key a moment earlier than this one.
        if name not in self.keys.seals.keys:
            self.refresh()
        return self.keys.seals.keys.get(name)

    def index(self, text: str, purpose: str) -> bytes:
        """Blind index: equal texts of one purpose give equal digests, and nothing else can be told."""
        return self.keys.indexes.active.digest(text, purpose)

    def indexes(self, text: str, purpose: str) -> list[bytes]:
        """Every blind index that a value at rest may carry; the one of new values first."""
        ring = self.keys.indexes
        return [ring.active.digest(text, purpose)] + [
            key.digest(text, purpose) for key in ring.keys.values() if key is not ring.active
        ]


def masked_name(name: str) -> str:
    """A person's name as shown to those who need not know it: the first sign only."""
    return name[:1] + "*" * max(len(name) - 1, 1)


def masked_phone(phone: str) -> str:
    """A telephone number as shown: its first three and last four signs."""
    return phone[:3] + "*" * (len(phone) - 7) + phone[-4:] if len(phone) > 7 else "*" * len(phone)
