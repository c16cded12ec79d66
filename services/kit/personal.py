"""Personal data at rest: AES-256-GCM with named keys, a keyed blind index for equality search, and masks for reading."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.kit.settings import Settings

NONCE = 12


class UnreadablePersonalData(RuntimeError):
    """A stored value was made with a key this process does not have, or was changed."""


@dataclass(frozen=True, slots=True)
class Vault:
    """Keys for personal data. New values use the active key; old ones stay readable while their key is listed."""

    active: str
    keys: Mapping[str, bytes]
    index_key: bytes

    @classmethod
    def from_settings(cls, settings: Settings) -> Vault:
        """Reads the secret file; a missing, short or unknown key stops the start."""
        content = json.loads(settings.secret(settings.personal_keys_file, "personal_keys_file"))
        keys = {name: base64.b64decode(value) for name, value in content["keys"].items()}
        vault = cls(content["active"], keys, base64.b64decode(content["index"]))
        if vault.active not in keys or any(len(key) != 32 for key in [*keys.values(), vault.index_key]):
            raise RuntimeError("ZHIFA_PERSONAL_KEYS_FILE: needs an active key among its keys, each 32 bytes, and an index key")
        return vault

    def seal(self, text: str, purpose: str) -> bytes:
        """Encrypts for a purpose (table and column); a value moved to another column does not open."""
        return self.seal_bytes(text.encode(), purpose)

    def open(self, sealed: bytes, purpose: str) -> str:
        """Decrypts what `seal` made for the same purpose."""
        return self.open_bytes(sealed, purpose).decode()

    def seal_bytes(self, content: bytes, purpose: str) -> bytes:
        """Encrypts content that is no text, a piece of a file."""
        nonce = secrets.token_bytes(NONCE)
        sealed = AESGCM(self.keys[self.active]).encrypt(nonce, content, purpose.encode())
        return self.active.encode() + b":" + nonce + sealed

    def open_bytes(self, sealed: bytes, purpose: str) -> bytes:
        """Decrypts what `seal_bytes` made for the same purpose."""
        name, _, rest = bytes(sealed).partition(b":")
        key = self.keys.get(name.decode("ascii", "replace"))
        if key is None:
            raise UnreadablePersonalData("unknown key")
        try:
            return AESGCM(key).decrypt(rest[:NONCE], rest[NONCE:], purpose.encode())
        except InvalidTag:
            raise UnreadablePersonalData("changed, or sealed for another purpose") from None

    def index(self, text: str, purpose: str) -> bytes:
        """Blind index: equal texts of one purpose give equal digests, and nothing else can be told."""
        return hmac.digest(self.index_key, purpose.encode() + b"\0" + text.encode(), hashlib.sha256)

    def indexes(self, text: str, purpose: str) -> list[bytes]:
        """Every blind index that a value at rest may carry; the one of new values first."""
        return [self.index(text, purpose)]


def masked_id_number(number: str) -> str:
    """An identity number as shown: division code and last four signs."""
    return number[:6] + "*" * max(len(number) - 10, 0) + number[-4:] if len(number) > 10 else "*" * len(number)


def masked_name(name: str) -> str:
    """A person's name as shown to those who need not know it: the first sign only."""
    return name[:1] + "*" * max(len(name) - 1, 1)
