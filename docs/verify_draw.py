"""Checks a published draw offline, with Python's standard library alone: python verify_draw.py record.json

The record is what GET /v1/draws/{id} answers. Everything is recomputed from the frame, the terms and the seed.
"""

import hashlib
import json
import sys
from pathlib import Path


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(value):
    """RFC 8785 for what stands in a record: texts, whole numbers, lists and objects with names of ASCII letters."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def ticket(seed, name):
    """The public consistent_sampler algorithm: the decimal digits of a SHA-256, read backwards behind the point."""
    return "0." + format(int(sha256(sha256(seed) + name), 16), "064d")[::-1]


def take(size, stratum, terms):
    """How many of a stratum's files are drawn: by the first rule that fits it, else by the general one."""
    parts = dict(zip(("unit", "kind", "procedure"), stratum.rsplit("/", 2), strict=False))
    fits = (rule for rule in terms["overrides"] if all(parts.get(name) == value for name, value in rule["match"].items()))
    quota = next(fits, terms["quota"])
    wanted = max(quota["min"], -(-size * quota["share_per_10000"] // 10000))
    return min(size, wanted, quota.get("max", size))


def protocol_faults(record):
    """What was published before the seed must be what stands in the record, and the seed must follow from its source."""
    for name in ("frame", "excluded", "terms"):
        if sha256(canonical(record[name])) != record[f"{name}_sha256"]:
            yield f"{name} is not what the published hash stands for"
    ids = [each["id"] for each in record["frame"]["files"]]
    if ids != sorted(set(ids)):
        yield "the frame is not sorted, or an id stands in it twice"
    if not record["frozen_at"] < record["seeded_at"] <= record["drawn_at"]:
        yield "frame, seed and draw do not follow each other in time"
    nonces = sorted(record["commitments"], key=lambda each: each["nonce_sha256"])
    if any(sha256(each["nonce"]) != each["nonce_sha256"] for each in nonces):
        yield "a nonce is not the one that was committed to"
    if nonces and max(each["committed_at"] for each in nonces) >= min(each["revealed_at"] for each in nonces):
        yield "somebody committed after a nonce was known"
    if nonces and sha256("\n".join(each["nonce"] for each in nonces)) != record["seed"]:
        yield "the seed does not follow from the nonces"


def sample_faults(record):
    """In every stratum the first tickets must be drawn: as many as the terms say, then one more for each file replaced."""
    files, drawn = record["frame"]["files"], {each["stratum"]: each for each in record["strata"]}
    for stratum in sorted({each["stratum"] for each in files} | set(drawn)):
        order = sorted((ticket(record["seed"], each["id"]), each["id"]) for each in files if each["stratum"] == stratum)
        wanted = [take(len(order), stratum, step["terms"]) for step in [record, *record["growths"]]]
        replaced = sum(1 for each in record["substitutions"] if each["stratum"] == stratum and "in_id" in each)
        found = [(each["ticket"], each["id"]) for each in drawn[stratum]["drawn"]] if stratum in drawn else []
        if found != order[: max(wanted) + replaced]:
            yield f"{stratum}: the sample is not that of the first tickets"
        elif wanted[0] and found[wanted[0] - 1][0] != drawn[stratum]["cutoff"]:
            yield f"{stratum}: the cut-off is wrong"


if __name__ == "__main__":
    read = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    faults = [*protocol_faults(read), *sample_faults(read)]
    print("\n".join(faults) or "The draw is as published: frame, terms, seed and sample agree.")
    sys.exit(1 if faults else 0)
