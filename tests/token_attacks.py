"""Tokens that must be refused, and how to bend a good one at random.

Each attack names the wall that alone stands between it and a good answer: `shape`, `header`, `signature`, `claims`.
`many` marks those that several walls stop. With one wall taken away, its attacks get through: that proves them sharp.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import random
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from services.kit import token_rules
from services.kit.principal import Role
from tests import tokens

BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of the group of P-256 (FIPS 186-5)
OTHER_ID = "01900000-0000-7000-8000-0000000000ff"


class Attack(NamedTuple):
    """A token to refuse; most are text, some are not even that."""

    name: str
    wall: str
    token: Any


def corpus(now: int) -> list[Attack]:
    """Every attack, against a verifier whose clock shows this second."""
    makers = (_shapes, _spellings, _headers, _header_texts, _keys, _signatures, _missing, _mistyped, _values, _claim_texts)
    return [attack for maker in makers for attack in maker(now)]


def _good(now: int) -> str:
    return tokens.crafted(tokens.header(), tokens.claims(now))


def _shapes(now: int) -> Iterator[Attack]:
    good = _good(now)
    head, body, seal = good.split(".")
    shapes: dict[str, Any] = {
        "None": None,
        "number": 7,
        "list": [good],
        "bytes": good.encode(),
        "empty": "",
        "space": " ",
        "one dot": ".",
        "two dots": "..",
        "three dots": "...",
        "no dot": head + body + seal,
        "one part": head,
        "two parts": f"{head}.{body}",
        "four parts": f"{good}.{seal}",
        "five parts as in JWE": f"{head}.{body}.{seal}.{body}.{seal}",
        "empty header": f".{body}.{seal}",
        "empty claims": f"{head}..{seal}",
        "empty signature": f"{head}.{body}.",
        "leading space": f" {good}",
        "trailing space": f"{good} ",
        "trailing newline": f"{good}\n",
        "tab inside": f"{head}.\t{body}.{seal}",
        "space inside the claims": f"{head}.{body[:9]} {body[9:]}.{seal}",
        "NUL at the end": f"{good}\0",
        "Bearer kept": f"Bearer {good}",
        "quoted": f'"{good}"',
        "twice with a comma": f"{good},{good}",
        "Chinese": "令牌.令牌.令牌",
        "full-width dots": good.replace(".", "．"),
        "full-width letter": chr(ord(good[0]) + 0xFEE0) + good[1:],
        "lone surrogate": f"{good}\ud800",
        "lone surrogate inside": f"{head}.{body}\udfff.{seal}",
        "oversize JWE": ".".join([head, "", "A" * 16, "A" * 250_000, "A" * 22]),
        "oversize claims": f"{head}.{'A' * 1_000_000}.{seal}",
        "one character over 4096": f"{head}.{'A' * (token_rules.MAX_TOKEN + 1 - len(head) - len(seal) - 2)}.{seal}",
    }
    yield from (Attack(f"shape: {name}", "many", token) for name, token in shapes.items())


def _spellings(now: int) -> Iterator[Attack]:
    """Other texts a lenient decoder reads as the very same bytes. The signature covers header and claims as spelt."""
    head, body, seal = _good(now).split(".")
    last = BASE64URL.index(seal[-1])
    for bits in range(1, 16):
        yield Attack(f"spelling: last bits {bits}", "shape", f"{head}.{body}.{seal[:-1]}{BASE64URL[last ^ bits]}")
    for pad in ("=", "==", "==="):
        yield Attack(f"spelling: signature padded {pad}", "shape", f"{head}.{body}.{seal}{pad}")
    for name, odd in {"newline": "\n", "tilde": "~", "space": " ", "colon": ":"}.items():
        yield Attack(f"spelling: {name} in the signature", "shape", f"{head}.{body}.{seal[:7]}{odd}{seal[7:]}")
    yield Attack("spelling: header padded", "many", f"{head}=.{body}.{seal}")
    yield Attack("spelling: plain base64", "shape", _in_plain_base64(now))
    yield from _signed_spellings()


def _in_plain_base64(now: int) -> str:
    """A token whose signature spelt with + or / differs from base64url (ECDSA is random, so a few tries are needed)."""
    while True:
        head, body, seal = _good(now).split(".")
        if "-" in seal or "_" in seal:
            return f"{head}.{body}.{seal.replace('-', '+').replace('_', '/')}"


def _signed_spellings() -> Iterator[Attack]:
    """Odd spellings with a signature over exactly that spelling."""
    for name, head in {
        "padded header": tokens.encoded(json.dumps(tokens.header()) + " ") + "==",
        "newline in the header": tokens.encoded(tokens.header()) + "\n",
        "header cut short": tokens.encoded(tokens.header())[:-1],
    }.items():
        signed = f"{head}.{tokens.encoded('{}')}"
        yield Attack(
            f"spelling: {name}, signed", "many", f"{signed}.{tokens.b64(tokens.signature(signed, tokens.private_key()))}"
        )


def _headers(now: int) -> Iterator[Attack]:
    """Header members, each in a rightly signed token."""
    x5c = ["MIIBszCCAVmgAwIBAgIUQ"]
    changes: dict[str, dict[str, Any]] = {
        "crit unknown": {"crit": ["zhifa"]},
        "crit empty": {"crit": []},
        "b64 false": {"b64": False},
        "b64 false and crit": {"b64": False, "crit": ["b64"]},
        "jwk": {"jwk": _jwk(_foreign())},
        "jku": {"jku": "http://127.0.0.1:9/keys"},
        "x5u": {"x5u": "http://127.0.0.1:9/chain"},
        "x5c": {"x5c": x5c},
        "x5t": {"x5t": "AAAA"},
        "cty": {"cty": "JWT"},
        "zip": {"zip": "DEF"},
        "enc": {"enc": "A128GCM"},
        "unknown member": {"x": "y"},
        "alg none": {"alg": "none"},
        "alg None": {"alg": "None"},
        "alg empty": {"alg": ""},
        "alg lower case": {"alg": "es256"},
        "alg ES384": {"alg": "ES384"},
        "alg RS256": {"alg": "RS256"},
        "alg HS256": {"alg": "HS256"},
        "alg EdDSA": {"alg": "EdDSA"},
        "alg dir": {"alg": "dir"},
        "alg list": {"alg": ["ES256"]},
        "alg object": {"alg": {"ES256": 1}},
        "alg null": {"alg": None},
        "alg number": {"alg": 256},
        "alg true": {"alg": True},
        "kid other": {"kid": "other"},
        "kid empty": {"kid": ""},
        "kid null": {"kid": None},
        "kid list": {"kid": [tokens.kid()]},
        "kid number": {"kid": 1},
        "kid path": {"kid": "../../../dev/null"},
        "kid SQL": {"kid": "' OR 1=1 --"},
        "kid lone surrogate": {"kid": "\ud800"},
        "kid with a space": {"kid": f"{tokens.kid()} "},
        "typ JWT": {"typ": "JWT"},
        "typ upper case": {"typ": "AT+JWT"},
        "typ long form": {"typ": "application/at+jwt"},
        "typ refresh": {"typ": "rt+jwt"},
        "typ null": {"typ": None},
        "typ list": {"typ": ["at+jwt"]},
    }
    for name, change in changes.items():
        yield Attack(f"header: {name}", "header", tokens.crafted(tokens.header(**change), tokens.claims(now)))
    for name in ("alg", "kid", "typ"):
        rest = {key: value for key, value in tokens.header().items() if key != name}
        yield Attack(f"header: without {name}", "header", tokens.crafted(rest, tokens.claims(now)))


def _header_texts(now: int) -> Iterator[Attack]:
    """Headers that are no plain JSON object, rightly signed."""
    good = json.dumps(tokens.header())
    texts: dict[str, str | bytes] = {
        "empty object": "{}",
        "list": f"[{good}]",
        "text": '"ES256"',
        "null": "null",
        "number": "1",
        "not JSON": "ES256",
        "unfinished": good[:-1],
        "something behind": good + "{}",
        "single quotes": good.replace('"', "'"),
        "comment": good[:-1] + "/**/}",
        "trailing comma": good[:-1] + ",}",
        "byte order mark": b"\xef\xbb\xbf" + good.encode(),
        "UTF-16": good.encode("utf-16"),
        "not UTF-8": good[:-1].encode() + b',"x":"\xff"}',
        "alg twice": '{"alg":"none",' + good[1:],
        "kid twice": '{"kid":"other",' + good[1:],
        "typ twice, once escaped": '{"\\u0074yp":"JWT",' + good[1:],
        "NaN": good[:-1] + ',"x":NaN}',
        "Infinity": good[:-1] + ',"x":-Infinity}',
        "huge fraction": good[:-1] + ',"x":1e400}',
        "NUL in a text": good[:-1] + ',"x":"\\u0000"}',
        "500 nested brackets": '{"alg":' + "[" * 500 + "]" * 500 + "}",
    }
    for name, text in texts.items():
        yield Attack(f"header text: {name}", "header", tokens.crafted(text, tokens.claims(now)))
    for name, text in {
        "brackets": "[" * 100_000,
        "objects": '{"a":' * 100_000,
        "digits": '{"alg":' + "9" * 100_000 + "}",
    }.items():
        yield Attack(f"header text: 100,000 {name}", "many", tokens.crafted(text, tokens.claims(now)))


def _keys(now: int) -> Iterator[Attack]:
    """Tokens sealed with something other than the published key."""
    public = tokens.private_key().public_key()
    spki = PublicFormat.SubjectPublicKeyInfo
    secrets = {
        "PEM": public.public_bytes(Encoding.PEM, spki),
        "PEM without the last newline": public.public_bytes(Encoding.PEM, spki).rstrip(b"\n"),
        "DER": public.public_bytes(Encoding.DER, spki),
        "point": public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint),
        "JWK": json.dumps(_jwk(tokens.private_key())).encode(),
        "key file": tokens.keys().jwks_file.read_bytes(),
        "empty": b"",
        "one byte": b"\0",
    }
    digests: dict[str, Callable[[], Any]] = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}
    for name, secret in secrets.items():
        for algorithm, digest in digests.items():
            yield Attack(f"key: {algorithm}, secret {name}", "many", _sealed_by_hmac(now, algorithm, secret, digest))
    yield Attack("key: ES256 named, HMAC made", "signature", _sealed_by_hmac(now, "ES256", secrets["PEM"], hashlib.sha256))
    yield Attack("key: foreign", "signature", tokens.crafted(tokens.header(), tokens.claims(now), _foreign()))
    foreign_kid = tokens.header(kid=_jwk(_foreign())["x"])
    yield Attack("key: foreign with its own kid", "many", tokens.crafted(foreign_kid, tokens.claims(now), _foreign()))
    with_jwk = tokens.header(jwk=_jwk(_foreign()))
    yield Attack("key: foreign, brought in the header", "many", tokens.crafted(with_jwk, tokens.claims(now), _foreign()))
    longer = ec.generate_private_key(ec.SECP384R1())
    yield Attack("key: P-384", "signature", tokens.crafted(tokens.header(), tokens.claims(now), longer))
    yield Attack("key: P-384 and ES384", "many", tokens.crafted(tokens.header(alg="ES384"), tokens.claims(now), longer))
    yield Attack("key: RSA and RS256", "many", _sealed_by_rsa(now))


def _sealed_by_hmac(now: int, algorithm: str, secret: bytes, digest: Callable[[], Any]) -> str:
    signed = f"{tokens.encoded(tokens.header(alg=algorithm))}.{tokens.encoded(tokens.claims(now))}"
    return f"{signed}.{tokens.b64(hmac.new(secret, signed.encode(), digest).digest())}"


def _sealed_by_rsa(now: int) -> str:
    signed = f"{tokens.encoded(tokens.header(alg='RS256'))}.{tokens.encoded(tokens.claims(now))}"
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return f"{signed}.{tokens.b64(key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def _foreign() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _jwk(key: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    numbers = key.public_key().public_numbers()
    x, y = (tokens.b64(value.to_bytes(32, "big")) for value in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def _signatures(now: int) -> Iterator[Attack]:
    good = _good(now)
    signed, seal = good.rsplit(".", 1)
    other = tokens.crafted(tokens.header(), tokens.claims(now, roles=["system_admin"], unit_id=None, unit_path=[]))
    raw = token_rules.decoded(seal.encode())
    seals: dict[str, bytes] = {
        "all zero": bytes(64),
        "r zero": bytes(32) + raw[32:],
        "s zero": raw[:32] + bytes(32),
        "r and s one": (1).to_bytes(32, "big") * 2,
        "r and s the order": ORDER.to_bytes(32, "big") * 2,
        "all ones": b"\xff" * 64,
        "r and s swapped": raw[32:] + raw[:32],
        "one byte short": raw[:-1],
        "one byte long": raw + b"\0",
        "one byte": b"\0",
        "half": raw[:32],
        "doubled": raw * 2,
        "first bit": bytes([raw[0] ^ 128]) + raw[1:],
        "last bit": raw[:-1] + bytes([raw[-1] ^ 1]),
        "DER form": tokens.private_key().sign(signed.encode(), ec.ECDSA(hashes.SHA256())),
        "over SHA-384": _sealed_over_sha384(signed),
        "over the claims alone": tokens.signature(signed.split(".")[1], tokens.private_key()),
        "over the decoded text": tokens.signature(json.dumps(tokens.claims(now)), tokens.private_key()),
    }
    for name, sealed in seals.items():
        yield Attack(f"signature: {name}", "signature", f"{signed}.{tokens.b64(sealed)}")
    yield Attack("signature: of another token", "signature", f"{signed}.{other.rsplit('.', 1)[1]}")
    yield Attack("signature: claims of another token", "signature", f"{other.rsplit('.', 1)[0]}.{seal}")
    for name in ("none", "None", "NONE", "nOnE"):
        head = tokens.encoded(tokens.header(alg=name))
        yield Attack(f"signature: alg {name}, empty", "many", f"{head}.{signed.split('.')[1]}.")


def _sealed_over_sha384(signed: str) -> bytes:
    der = tokens.private_key().sign(signed.encode(), ec.ECDSA(hashes.SHA384()))
    r, s = decode_dss_signature(der)
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def _missing(now: int) -> Iterator[Attack]:
    for name in tokens.claims(now):
        rest = {key: value for key, value in tokens.claims(now).items() if key != name}
        yield Attack(f"claims: without {name}", "claims", tokens.crafted(tokens.header(), rest))
    yield Attack("claims: none", "claims", tokens.crafted(tokens.header(), {}))


def _mistyped(now: int) -> Iterator[Attack]:
    """Each claim in each JSON type it must not have."""
    values: dict[str, Any] = {
        "null": None,
        "true": True,
        "number": 1,
        "fraction": 1.5,
        "text": "x",
        "list": [1],
        "object": {"a": 1},
    }
    for claim in tokens.claims(now):
        for kind, value in values.items():
            if (claim, kind) not in {("name", "text"), ("unit_id", "null")}:
                yield Attack(
                    f"claims: {claim} as {kind}", "claims", tokens.crafted(tokens.header(), tokens.claims(now, **{claim: value}))
                )


def _values(now: int) -> Iterator[Attack]:
    """Claims of the right type and the wrong value."""
    good = tokens.claims(now)
    upper = good["sub"].upper()
    changes: dict[str, dict[str, Any]] = {
        "iss other": {"iss": "http://127.0.0.1:8001"},
        "iss with a slash": {"iss": tokens.ISSUER + "/"},
        "iss empty": {"iss": ""},
        "aud other": {"aud": "other"},
        "aud list": {"aud": ["zhifa"]},
        "aud list of two": {"aud": ["zhifa", "other"]},
        "aud upper case": {"aud": "ZHIFA"},
        "typ refresh": {"typ": "refresh"},
        "typ at+jwt": {"typ": "at+jwt"},
        "sub upper case": {"sub": upper},
        "sub in braces": {"sub": "{" + good["sub"] + "}"},
        "sub without hyphens": {"sub": good["sub"].replace("-", "")},
        "sub as urn": {"sub": "urn:uuid:" + good["sub"]},
        "sub padded": {"sub": good["sub"] + " "},
        "sub full-width": {"sub": good["sub"][:-1] + "１"},
        "sub SQL": {"sub": "' OR 1=1 --"},
        "sub lone surrogate": {"sub": "\ud800"},
        "jti upper case": {"jti": good["jti"].upper()},
        "jti empty": {"jti": ""},
        "iat 31 s ahead": {"iat": now + 31, "exp": now + 600},
        "iat as digits in text": {"iat": str(now)},
        "iat as whole fraction": {"iat": float(now)},
        "exp as digits in text": {"exp": str(now + 900)},
        "exp with a half second": {"exp": now + 0.5},
        "exp as whole fraction": {"exp": float(now + 900)},
        "exp in 100 years": {"exp": now + 3_155_760_000},
        "life 901 s": {"exp": now + 901},
        "life 0": {"iat": now + 10, "exp": now + 10},
        "life negative": {"iat": now + 20, "exp": now + 10},
        "expired this second": {"iat": now - 900, "exp": now},
        "expired long ago": {"iat": 1, "exp": 900},
        "exp negative": {"iat": -900, "exp": -1},
        "iat very old": {"iat": 0, "exp": now + 900},
        "exp in milliseconds": {"exp": (now + 900) * 1000},
        "roles empty": {"roles": []},
        "roles unknown": {"roles": ["superuser"]},
        "roles upper case": {"roles": ["BUREAU"]},
        "roles text": {"roles": "bureau"},
        "roles joined": {"roles": ["unit_member reviewer"]},
        "roles twice": {"roles": ["bureau", "bureau"]},
        "roles null inside": {"roles": ["bureau", None]},
        "roles nested": {"roles": [["bureau"]]},
        "roles object": {"roles": {"bureau": True}},
        "roles admin and auditor": {"roles": ["system_admin", "auditor"]},
        "roles admin and member": {"roles": ["system_admin", "unit_member"]},
        "roles auditor and bureau": {"roles": ["auditor", "bureau"]},
        "roles all": {"roles": [str(role) for role in Role]},
        "unit_id empty": {"unit_id": ""},
        "unit_id upper case": {"unit_id": str(tokens.UNIT).upper()},
        "unit_id null with a path": {"unit_id": None},
        "unit_id null for a member": {"unit_id": None, "unit_path": []},
        "unit_id null for the bureau": {"roles": ["bureau"], "unit_id": None, "unit_path": []},
        "unit_id foreign": {"unit_id": OTHER_ID},
        "unit_path empty": {"unit_path": []},
        "unit_path upside down": {"unit_path": good["unit_path"][::-1]},
        "unit_path with a unit twice": {"unit_path": [str(tokens.UNIT), str(tokens.UNIT)]},
        "unit_path with null": {"unit_path": [None, str(tokens.UNIT)]},
        "unit_path text": {"unit_path": str(tokens.UNIT)},
        "unit_path too long": {"unit_path": [f"01900000-0000-7000-8000-{n:012x}" for n in range(12)] + [str(tokens.UNIT)]},
        "name empty": {"name": ""},
        "name too long": {"name": "a" * 201},
        "name with NUL": {"name": "a\0b"},
        "name with a newline": {"name": "a\nb"},
        "name lone surrogate": {"name": "\ud800"},
        "unknown claim": {"admin": True},
        "scope": {"scope": "all"},
        "nbf": {"nbf": now},
        "act": {"act": {"sub": OTHER_ID}},
        "cnf": {"cnf": {"jwk": {}}},
        "empty name of a claim": {"": 1},
    }
    for name, change in changes.items():
        yield Attack(f"claims: {name}", "claims", tokens.crafted(tokens.header(), good | change))


def _claim_texts(now: int) -> Iterator[Attack]:
    """Claims that no strict reader takes, rightly signed."""
    good = json.dumps(tokens.claims(now))
    texts: dict[str, str | bytes] = {
        **{f"{name} twice": f'{{"{name}":{json.dumps(value)},{good[1:]}' for name, value in tokens.claims(now).items()},
        "sub twice, once escaped": f'{{"\\u0073ub":"{OTHER_ID}",{good[1:]}',
        "exp 1e400": good.replace(f'"exp": {now + 900}', '"exp": 1e400'),
        "exp NaN": good.replace(f'"exp": {now + 900}', '"exp": NaN'),
        "exp Infinity": good.replace(f'"exp": {now + 900}', '"exp": Infinity'),
        "exp of 2,000 digits": good.replace(f'"exp": {now + 900}', '"exp": ' + "9" * 2_000),
        "exp with a plus": good.replace(f'"exp": {now + 900}', f'"exp": +{now + 900}'),
        "exp octal": good.replace(f'"exp": {now + 900}', f'"exp": 0{now + 900}'),
        "list": f"[{good}]",
        "text": '"claims"',
        "null": "null",
        "number": "1",
        "not JSON": "claims",
        "unfinished": good[:-1],
        "two objects": good + good,
        "trailing comma": good[:-1] + ",}",
        "comment": good[:-1] + "/**/}",
        "byte order mark": b"\xef\xbb\xbf" + good.encode(),
        "UTF-16": good.encode("utf-16"),
        "not UTF-8": good.encode().replace(b'"name": "', b'"name": "\xff'),
        "raw surrogate bytes": good.encode().replace(b'"name": "', b'"name": "\xed\xa0\x80'),
        "raw control character": good.replace('"name": "', '"name": "\x01'),
        "1,000 nested brackets": good[:-1] + ',"x":' + "[" * 1_000 + "]" * 1_000 + "}",
        "compressed": b"\x78\x9c" + good.encode()[:200],
    }
    for name, text in texts.items():
        yield Attack(f"claims text: {name}", "claims", tokens.crafted(tokens.header(), text))


def mutants(originals: tuple[str, str], seed: int, count: int) -> Iterator[str]:
    """Bent forms of two good tokens, never equal to one of them; the same seed gives the same ones."""
    chance = random.Random(seed)
    while count:
        mutant = chance.choice(originals)
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            mutant = chance.choice(BENDS)(chance, mutant, chance.choice(originals))
        if mutant not in originals:
            count -= 1
            yield mutant


def _flip(chance: random.Random, token: str, _: str) -> str:
    place = chance.randrange(len(token) or 1)
    return token[:place] + chance.choice(BASE64URL) + token[place + 1 :]


def _insert(chance: random.Random, token: str, _: str) -> str:
    place = chance.randrange(len(token) + 1)
    return token[:place] + chr(chance.choice((0, 9, 10, 32, 43, 46, 47, 61, 65, 127, 233, 0x4EE4, 0xD800))) + token[place:]


def _cut(chance: random.Random, token: str, _: str) -> str:
    place = chance.randrange(len(token) + 1)
    return token[:place] + token[place + chance.randint(1, 9) :]


def _repeat(chance: random.Random, token: str, _: str) -> str:
    place = chance.randrange(len(token) + 1)
    return token[:place] + token[max(0, place - chance.randint(1, 40)) :]


def _swap_case(chance: random.Random, token: str, _: str) -> str:
    place = chance.randrange(len(token) + 1)
    return token[:place] + token[place : place + 3].swapcase() + token[place + 3 :]


def _splice(chance: random.Random, token: str, other: str) -> str:
    parts = token.split(".")
    place = chance.randrange(len(parts))
    parts[place] = chance.choice(other.split("."))
    return ".".join(parts)


def _shuffle(chance: random.Random, token: str, _: str) -> str:
    parts = token.split(".")
    chance.shuffle(parts)
    return ".".join(parts)


def _bend_bytes(chance: random.Random, token: str, _: str) -> str:
    """Changes a byte inside a part and spells the part canonically again."""
    parts = token.split(".")
    place = chance.randrange(len(parts))
    try:
        raw = bytearray(token_rules.decoded(parts[place].encode()))
    except ValueError:
        return token
    if raw:
        raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    parts[place] = tokens.b64(bytes(raw))
    return ".".join(parts)


Bend = Callable[[random.Random, str, str], str]
BENDS: tuple[Bend, ...] = (_flip, _insert, _cut, _repeat, _swap_case, _splice, _shuffle, _bend_bytes)
