"""Tokens: what is accepted, what is refused, that refusal is always the same, and that each test would notice a fault.

The corpus is in `tests/token_attacks.py`. Sharpness is proved twice: with a whole wall of the wrapper taken away, every
attack that only this wall stops gets through; with a single rule taken away, at least one attack does.
"""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jose import jwk

from services.kit import auth, errors, ids, strict_json, token_keys, token_rules
from services.kit.principal import Principal, Role
from tests import token_attacks, tokens

NOW = 1_800_000_000
SEED = 20261124
CORPUS = token_attacks.corpus(NOW)
ACCOUNT = UUID("01900000-0000-7000-8000-0000000000a1")


def admits(verifier: auth.Verifier, token: Any) -> bool:
    """Whether a token gets through; anything but acceptance or `Unauthorized` is an error of the test."""
    try:
        verifier.verify(token, NOW)
    except errors.Unauthorized:
        return False
    return True


def test_corpus_is_large_and_its_names_are_unique() -> None:
    assert len(CORPUS) >= 146
    assert len({attack.name for attack in CORPUS}) == len(CORPUS)


@pytest.mark.parametrize("attack", CORPUS, ids=[attack.name for attack in CORPUS])
def test_attack_is_refused(attack: token_attacks.Attack) -> None:
    verifier = tokens.verifier()
    for read in (verifier.verify, verifier.claims_of, verifier.principal_of):
        with pytest.raises(errors.Unauthorized) as refusal:
            read(attack.token, NOW)
        assert type(refusal.value) is errors.Unauthorized
        assert (refusal.value.params, list(refusal.value.faults), refusal.value.__suppress_context__) == ({}, [], True)


def test_the_unbent_token_of_the_corpus_is_accepted() -> None:
    assert admits(tokens.verifier(), tokens.crafted(tokens.header(), tokens.claims(NOW)))


WALLS: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "shape": (token_rules, "decoded", lambda part: base64.urlsafe_b64decode(part + b"===")),
    "header": (token_rules, "chosen_by", lambda header: token_rules.Chosen("ES256", tokens.kid())),
    "signature": (jwk.ECKey, "verify", lambda self, msg, sig: True),
    "claims": (
        token_rules,
        "claims_in",
        lambda *_: token_rules.Claims(ACCOUNT, "x", frozenset(), None, (), ACCOUNT, NOW, NOW + 900),
    ),
}


@pytest.mark.parametrize("wall", WALLS)
def test_without_a_wall_its_attacks_get_through(wall: str, monkeypatch: pytest.MonkeyPatch) -> None:
    attacks = [attack for attack in CORPUS if attack.wall == wall]
    monkeypatch.setattr(*WALLS[wall])
    stopped = [attack.name for attack in attacks if not admits(tokens.verifier(), attack.token)]
    assert len(attacks) >= 15
    assert stopped == []


def _lax_claim(name: str) -> tuple[Any, str, Any]:
    return (token_rules, "CLAIMS", {**token_rules.CLAIMS, name: lambda value: True})


RULES: dict[str, tuple[Any, str, Any]] = {
    **{f"type of {name}": _lax_claim(name) for name in ("sub", "jti", "iat", "exp", "name", "roles", "unit_id", "unit_path")},
    "strict JSON": (strict_json, "read", json.loads),
    "separation of duties": (token_rules, "roles_conflict", lambda roles: False),
    "unit": (token_rules, "_belongs_right", lambda claims: True),
    "life": (token_rules, "LIFE", 10**10),
    "clock ahead": (token_rules, "AHEAD", 31),
    "header type": (token_rules, "HEADER_TYPE", "JWT"),
    "claim type": (token_rules, "CLAIM_TYPE", "refresh"),
    "length of a name": (token_rules, "MAX_NAME", 201),
    "length of a path": (token_rules, "MAX_PATH", 13),
}


@pytest.mark.parametrize("rule", RULES)
def test_without_a_rule_some_attack_gets_through(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*RULES[rule])
    assert any(admits(tokens.verifier(), attack.token) for attack in CORPUS if attack.wall in {"header", "claims"})


def _refuse_mutants(count: int) -> None:
    originals = (tokens.of(Role.BUREAU, now=NOW), tokens.manager(now=NOW))
    verifier = tokens.verifier()
    assert all(admits(verifier, token) for token in originals)
    accepted = [mutant for mutant in token_attacks.mutants(originals, SEED, count) if admits(verifier, mutant)]
    assert accepted == [], f"seed {SEED}"


def test_mutants_are_refused() -> None:
    _refuse_mutants(2_000)


@pytest.mark.full
def test_very_many_mutants_are_refused() -> None:
    _refuse_mutants(200_000)


def test_mutants_find_a_planted_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*WALLS["shape"])
    with pytest.raises(AssertionError, match=f"seed {SEED}"):
        _refuse_mutants(2_000)


def test_claims_bent_before_signing_are_read_or_refused_but_never_break_the_reader() -> None:
    good = json.dumps(tokens.claims(NOW), ensure_ascii=False).encode()
    chance = random.Random(SEED)
    verifier = tokens.verifier()
    outcomes = set()
    for _ in range(500):
        bent = bytearray(good)
        bent[chance.randrange(len(bent))] = chance.randrange(256)
        outcomes.add(admits(verifier, tokens.crafted(tokens.header(), bytes(bent))))
    assert outcomes == {True, False}


@pytest.mark.parametrize("failure", [RecursionError, MemoryError, KeyError, TypeError, OverflowError, UnicodeError])
def test_whatever_breaks_inside_is_one_refusal(failure: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(token: str) -> None:
        raise failure("inside")

    token = tokens.of(Role.BUREAU, now=NOW)
    monkeypatch.setattr(token_rules, "opened", breaks)
    assert not admits(tokens.verifier(), token)


@pytest.mark.parametrize("role", Role)
def test_signed_claims_come_back(role: Role) -> None:
    path = tokens.usual_path([role], None)
    jti = ids.new_id()
    token = tokens.of(role, account_id=ACCOUNT, name="演示·人员［甲］{1}", now=NOW, jti=jti)
    claims = tokens.verifier().verify(token, NOW)
    assert claims.to_principal() == Principal(ACCOUNT, "演示·人员［甲］{1}", frozenset({role}), path[-1] if path else None, path)
    assert (claims.jti, claims.iat, claims.exp) == (jti, NOW, NOW + 900)
    assert tokens.verifier().principal_of(token, NOW) == claims.to_principal()


def test_longest_claims_fit_into_a_token() -> None:
    path = [UUID(int=n) for n in range(1, token_rules.MAX_PATH + 1)]
    roles = [Role.BUREAU, Role.GOVERNMENT, Role.UNIT_MANAGER, Role.UNIT_MEMBER, Role.REVIEWER, Role.PLATFORM]
    token = tokens.of(*roles, unit_path=path, name="\U00020000" * token_rules.MAX_NAME, now=NOW)
    assert admits(tokens.verifier(), token)


@pytest.mark.parametrize(("offset", "accepted"), [(-31, False), (-30, True), (0, True), (899, True), (900, False)])
def test_life_of_a_token(offset: int, accepted: bool) -> None:
    verifier, token = tokens.verifier(), tokens.of(Role.AUDITOR, now=NOW - offset)
    assert admits(verifier, token) is accepted


@pytest.mark.parametrize(
    "facts",
    [
        {"roles": []},
        {"roles": [Role.SYSTEM_ADMIN, Role.AUDITOR]},
        {"roles": [Role.BUREAU], "unit_id": None, "unit_path": []},
        {"unit_path": [tokens.UNIT, tokens.DISTRICT]},
        {"name": ""},
        {"name": "a\nb"},
        {"name": "\ud800"},
        {"name": "a" * 201},
    ],
    ids=str,
)
def test_signer_does_not_sign_what_a_verifier_refuses(facts: dict[str, Any]) -> None:
    good: dict[str, Any] = {
        "account_id": ACCOUNT,
        "name": "演示人员",
        "roles": [Role.UNIT_MEMBER],
        "unit_id": tokens.UNIT,
        "unit_path": [tokens.DISTRICT, tokens.UNIT],
        "now": NOW,
        "jti": ids.new_id(),
    }
    assert admits(tokens.verifier(), tokens.signer().access_token(**good))
    with pytest.raises((ValueError, errors.BadInput)):
        tokens.signer().access_token(**(good | facts))


def test_other_issuer_and_audience_are_refused() -> None:
    token = tokens.of(Role.BUREAU, now=NOW)
    jwks = tokens.keys().jwks_file
    assert not admits(auth.Verifier.from_jwks_file(jwks, "http://127.0.0.1:9"), token)
    assert not admits(auth.Verifier.from_jwks_file(jwks, tokens.ISSUER, audience="other"), token)
    assert admits(auth.Verifier.from_jwks_file(jwks, tokens.ISSUER, audience="zhifa"), token)


# Cache


def test_a_seen_token_is_not_read_again_until_it_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    verifier, token = tokens.verifier(), tokens.of(Role.BUREAU, now=NOW)
    first = verifier.claims_of(token, NOW)
    monkeypatch.setattr(token_rules, "opened", lambda token: pytest.fail("read again"))
    assert verifier.claims_of(token, NOW + 899) is first
    monkeypatch.undo()
    with pytest.raises(errors.Unauthorized):
        verifier.claims_of(token, NOW + 900)


def test_refused_tokens_are_not_kept() -> None:
    seen = auth.SeenTokens()
    verifier = tokens.verifier()
    verifier._seen = seen
    for attack in CORPUS[:60]:
        with pytest.raises(errors.Unauthorized):
            verifier.principal_of(attack.token, NOW)
    assert len(seen) == 0


def test_cache_is_bounded_and_drops_the_longest_unused() -> None:
    claims = tokens.verifier().verify(tokens.of(Role.BUREAU, now=NOW), NOW)
    seen = auth.SeenTokens(size=2)
    seen.put(b"a", claims)
    seen.put(b"b", claims)
    assert seen.get(b"a", NOW) is claims
    seen.put(b"c", claims)
    assert (len(seen), seen.get(b"b", NOW), seen.get(b"a", NOW), seen.get(b"c", NOW)) == (2, None, claims, claims)
    assert seen.get(b"a", NOW + 900) is None
    assert len(seen) == 1


# Revocations


def test_an_ended_token_is_refused_though_cached_and_others_of_the_account_are_not() -> None:
    verifier = tokens.verifier()
    ended, other = (tokens.of(Role.BUREAU, account_id=ACCOUNT, now=NOW) for _ in range(2))
    jti = verifier.claims_of(ended, NOW).jti
    verifier.claims_of(other, NOW)
    verifier.revocations.replace([auth.Ended(jti)])
    for read in (verifier.verify, verifier.claims_of, verifier.principal_of):
        with pytest.raises(errors.Unauthorized):
            read(ended, NOW)
        read(other, NOW)
    verifier.revocations.replace([])
    assert verifier.claims_of(ended, NOW).jti == jti


def test_tokens_issued_before_a_bar_are_refused_and_later_ones_not() -> None:
    verifier = tokens.verifier()
    old, new, foreign = (
        tokens.of(Role.BUREAU, account_id=account, now=issued)
        for account, issued in ((ACCOUNT, NOW - 1), (ACCOUNT, NOW), (ids.new_id(), NOW - 1))
    )
    for token in (old, new, foreign):
        verifier.principal_of(token, NOW)
    verifier.revocations.replace([auth.Barred(ACCOUNT, NOW), auth.Barred(ACCOUNT, NOW - 500)])
    with pytest.raises(errors.Unauthorized):
        verifier.principal_of(old, NOW)
    assert verifier.principal_of(new, NOW).account_id == ACCOUNT
    assert verifier.principal_of(foreign, NOW).account_id != ACCOUNT


def test_the_other_valid_signature_of_a_token_does_not_escape_a_sign_out() -> None:
    """ECDSA knows a twin (r, n - s) of each signature. It is a good token with another text; `jti` ends both."""
    verifier, token = tokens.verifier(), tokens.of(Role.BUREAU, now=NOW)
    signed, seal = token.rsplit(".", 1)
    raw = token_rules.decoded(seal.encode())
    s = token_attacks.ORDER - int.from_bytes(raw[32:], "big")
    twin = f"{signed}.{tokens.b64(raw[:32] + s.to_bytes(32, 'big'))}"
    assert verifier.claims_of(twin, NOW) == verifier.claims_of(token, NOW)
    verifier.revocations.replace([auth.Ended(verifier.claims_of(token, NOW).jti)])
    assert not admits(verifier, twin)
    assert not admits(verifier, token)


# Keys


def test_key_files_are_whole_private_and_kept(tmp_path: Path) -> None:
    private, public = tokens.new_keys(tmp_path)
    before = private.read_bytes(), public.read_bytes()
    assert private.stat().st_mode & 0o777 == 0o600
    assert [set(entry) for entry in json.loads(before[1])["keys"]] == [{"kty", "crv", "alg", "use", "kid", "x", "y"}]
    token_keys.make_key_files(private, public)
    assert (private.read_bytes(), public.read_bytes()) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["jwks.json", "signing.pem"]


def test_a_missing_public_set_is_made_again_from_the_private_key(tmp_path: Path) -> None:
    private, public = tokens.new_keys(tmp_path)
    before = public.read_bytes()
    public.unlink()
    token_keys.make_key_files(private, public)
    assert public.read_bytes() == before


def test_many_makers_at_once_end_in_one_matching_pair(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        files = set(pool.map(lambda _: tokens.new_keys(tmp_path), range(8))).pop()
    assert len(token_keys.public_keys(files.jwks_file)) == 1
    assert auth.Signer.from_files(*files, issuer=tokens.ISSUER)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["jwks.json", "signing.pem"]


def test_rotation_keeps_the_old_key_published(tmp_path: Path) -> None:
    files = tokens.new_keys(tmp_path)

    def token() -> str:
        signer = auth.Signer.from_files(*files, issuer=tokens.ISSUER)
        return signer.access_token(ACCOUNT, "演示人员", [Role.AUDITOR], None, [], NOW, ids.new_id())

    old = token()
    files.signing_key_file.unlink()
    token_keys.make_key_files(*files)
    new = token()
    verifier = auth.Verifier.from_jwks_file(files.jwks_file, tokens.ISSUER)
    assert admits(verifier, old)
    assert admits(verifier, new)
    assert not admits(tokens.verifier(), new)


def _published(path: Path, change: Callable[[dict[str, Any]], Any]) -> Path:
    entry = json.loads(tokens.keys().jwks_file.read_bytes())["keys"][0]
    path.write_text(json.dumps(change(entry)))
    return path


UNFIT: dict[str, Callable[[dict[str, Any]], Any]] = {
    "no key": lambda entry: {"keys": []},
    "no set": lambda entry: [entry],
    "a set of numbers": lambda entry: {"keys": [1]},
    "kid twice": lambda entry: {"keys": [entry, entry]},
    "no kid": lambda entry: {"keys": [{name: value for name, value in entry.items() if name != "kid"}]},
    "empty kid": lambda entry: {"keys": [entry | {"kid": ""}]},
    "kid a number": lambda entry: {"keys": [entry | {"kid": 1}]},
    "no alg": lambda entry: {"keys": [{name: value for name, value in entry.items() if name != "alg"}]},
    "symmetric": lambda entry: {"keys": [{"kty": "oct", "alg": "HS256", "kid": "k", "k": "AAAA"}]},
    "HS256": lambda entry: {"keys": [entry | {"alg": "HS256"}]},
    "P-384": lambda entry: {"keys": [entry | {"crv": "P-384"}]},
    "RSA": lambda entry: {"keys": [entry | {"kty": "RSA"}]},
    "for encrypting": lambda entry: {"keys": [entry | {"use": "enc"}]},
    "private part published": lambda entry: {"keys": [entry | {"d": entry["x"]}]},
    "not on the curve": lambda entry: {"keys": [entry | {"y": entry["x"]}]},
    "no y": lambda entry: {"keys": [{name: value for name, value in entry.items() if name != "y"}]},
    "x not base64url": lambda entry: {"keys": [entry | {"x": "字"}]},
    "one good, one bad": lambda entry: {"keys": [entry, entry | {"kid": "k", "alg": "none"}]},
}


@pytest.mark.parametrize("fault", UNFIT)
def test_unfit_published_keys_stop_the_start(fault: str, tmp_path: Path) -> None:
    with pytest.raises(token_keys.UnfitKey):
        auth.Verifier.from_jwks_file(_published(tmp_path / "jwks.json", UNFIT[fault]), tokens.ISSUER)


def test_a_published_set_that_is_not_json_stops_the_start(tmp_path: Path) -> None:
    path = tmp_path / "jwks.json"
    path.write_bytes(b"\xff")
    with pytest.raises(token_keys.UnfitKey):
        auth.Verifier.from_jwks_file(path, tokens.ISSUER)


def _pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize(
    "pem",
    [
        b"",
        b"secret",
        tokens.keys().jwks_file.read_bytes(),
        _pem(ec.generate_private_key(ec.SECP384R1())),
        _pem(ec.generate_private_key(ec.SECP256K1())),
        _pem(rsa.generate_private_key(public_exponent=65537, key_size=2048)),
        _pem(ec.generate_private_key(ec.SECP256R1())),
    ],
    ids=["empty", "one word", "public set", "P-384", "secp256k1", "RSA", "P-256 not published"],
)
def test_unfit_signing_keys_stop_the_start(pem: bytes, tmp_path: Path) -> None:
    path = tmp_path / "signing.pem"
    path.write_bytes(pem)
    with pytest.raises(token_keys.UnfitKey):
        auth.Signer.from_files(path, tokens.keys().jwks_file, tokens.ISSUER)


def test_another_backend_of_the_library_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jwk, "construct", lambda key, algorithm: object())
    with pytest.raises(token_keys.UnfitKey):
        tokens.verifier()
