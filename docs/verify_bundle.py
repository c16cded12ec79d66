"""Checks the archive of a review campaign offline, with Python's standard library alone: python verify_bundle.py bundle.zip

The archive is what GET /v1/review-campaigns/{id}/bundle answers. Hashes, draws, samples, every score and every result are
recomputed; verify_draw.py must lie beside this file.
"""

import hashlib
import importlib.util
import json
import sys
import zipfile
from fractions import Fraction
from pathlib import Path


def manifest_faults(archive):
    """Every file is in the manifest with its hash, and nothing else is there."""
    listed = {each["path"]: each for each in json.loads(archive.read("manifest.json"))["files"]}
    for name in sorted(set(archive.namelist()) ^ {*listed, "manifest.json"}):
        yield f"{name}: stands in the archive or in the manifest alone"
    for name, each in listed.items():
        if name in archive.namelist() and hashlib.sha256(archive.read(name)).hexdigest() != each["sha256"]:
            yield f"{name}: the hash is not that of the manifest"


def read(archive, name):
    """A document, or the lines of a list."""
    text = archive.read(name).decode()
    return [json.loads(line) for line in text.splitlines()] if name.endswith(".jsonl") else json.loads(text)


def canonical_hash(value):
    """RFC 8785 for what stands in a rubric: texts, numbers with few digits, lists and objects with names of ASCII letters."""
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def hundredths(points):
    return int(Fraction(str(points)) * 100)


def applies(part, sheet):
    """Whether a part of the rubric is for files of this kind and procedure."""
    return all(sheet[one] in part[many] for one, many in (("kind", "kinds"), ("procedure", "procedures")) if part.get(many))


def score(rubric, sheet):
    """Total in hundredths and grade: got ÷ applicable × 100, half up; deductions stop at item and block; vetoes override."""
    content = sheet["content"]
    if content.get("not_reviewable") is not None:
        return None, "not_reviewable"
    out, taken, got, applicable = {each["item_key"] for each in content["not_applicable"]}, {}, 0, 0
    for each in content["items"]:
        taken[each["item_key"]] = taken.get(each["item_key"], 0) + hundredths(each["deduction"])
    for block in rubric["blocks"]:
        items = [item for item in block["items"] if applies(item, sheet) and item["key"] not in out]
        whole = min(hundredths(block["points"]), sum(hundredths(item["points"]) for item in items))
        lost = sum(min(hundredths(item["points"]), taken.get(item["key"], 0)) for item in items)
        got, applicable = got + whole - min(whole, lost), applicable + whole
    found = {each["key"] for each in content["vetoes"]}
    levels = {veto["level"] for veto in rubric["vetoes"] if veto["key"] in found}
    total = 0 if "zero" in levels else (20_000 * got + applicable) // (2 * applicable)
    grades = [grade["key"] for grade in rubric["grades"]]
    grade = next(each["key"] for each in rubric["grades"] if total >= hundredths(each["threshold"]))
    if levels & {"zero", "fail"}:
        grade = grades[-1]
    elif "no_excellent" in levels and grade == grades[0]:
        grade = grades[1]
    return total, grade


def review_faults(archive):
    """Scores follow from sheets and rubric, results from sheets and arbitrations, and drawn rounds review the sample alone."""
    rubric, sheets = read(archive, "rubric.json"), read(archive, "sheets.jsonl")
    if canonical_hash(rubric["content"]) != rubric["content_hash"]:
        yield "rubric.json: the content is not that of its hash"
    for sheet in sheets:
        if score(rubric["content"], sheet) != (sheet["total_hundredths"], sheet["grade"]):
            yield f"sheet {sheet['id']}: total or grade do not follow from the sheet"
    by_file = {}
    for sheet in sheets:
        by_file.setdefault((sheet["round_id"], sheet["case_file_id"]), []).append(sheet)
    decided = {each["id"]: each for each in read(archive, "arbitrations.jsonl")}
    upheld = {each["result_id"]: each for each in read(archive, "objections.jsonl") if each["state"] == "upheld"}
    finals = set()
    for result in read(archive, "results.jsonl"):
        if result["is_final"] and result["case_file_id"] in finals:
            yield f"result {result['id']}: a second final result of one file"
        finals |= {result["case_file_id"]} if result["is_final"] else set()
        files = by_file.get((result["round_id"], result["case_file_id"]), [])
        if result["voided_at"] is None and wanted(result, rubric["content"], files, decided, upheld) != (
            result["total_hundredths"],
            result["grade"],
        ):
            yield f"result {result['id']}: does not follow from its sheets"


def wanted(result, rubric, sheets, decided, upheld):
    """The sheet of an objection upheld, or of the arbitration, scored; else the mean of the sheets, rounded half up."""
    third = {"objection": upheld.get(result["id"]), "arbitration": decided.get(result["arbitration_id"])}
    if not sheets or result["basis"] in third:
        sheet = third.get(result["basis"])
        return score(rubric, sheets[0] | {"content": sheet["content"]}) if sheets and sheet else (-1, "")
    totals = [each["total_hundredths"] for each in sheets if each["total_hundredths"] is not None]
    total = (2 * sum(totals) + len(totals)) // (2 * len(totals)) if totals else None
    return total, min(sheets, key=lambda each: each["id"])["grade"]


def aftermath_faults(archive):
    """Nobody decides on an objection to their own review, and nobody strikes off what they reported themselves."""
    involved = {}
    for each in read(archive, "assignments.jsonl"):
        involved.setdefault((each["round_id"], each["case_file_id"]), set()).add(each["reviewer"])
    for each in read(archive, "arbitrations.jsonl"):
        involved.setdefault((each["round_id"], each["case_file_id"]), set()).add(each["arbitrator"])
    results = {each["id"]: each for each in read(archive, "results.jsonl")}
    for each in read(archive, "objections.jsonl"):
        result = results.get(each["result_id"])
        if result is None or each["decider"] in involved.get((result["round_id"], result["case_file_id"]), ()):
            yield f"objection {each['id']}: of no result, or decided by somebody involved"
    for each in read(archive, "rectifications.jsonl"):
        if each["result_id"] not in results or (each["state"] == "closed" and each["checked_by"] == each["reported_by"]):
            yield f"rectification {each['id']}: of no result, or checked by who reported it"


def draw_faults(archive):
    """Each draw as verify_draw.py has it; files reviewed in a drawn round were drawn."""
    place = importlib.util.spec_from_file_location("verify_draw", Path(__file__).with_name("verify_draw.py"))
    verify = importlib.util.module_from_spec(place)
    place.loader.exec_module(verify)
    sheets, drawn = read(archive, "sheets.jsonl"), {}
    for name in [each for each in archive.namelist() if each.startswith("draws/")]:
        record = read(archive, name)
        if record["state"] == "drawn":
            yield from (f"{name}: {fault}" for fault in (*verify.protocol_faults(record), *verify.sample_faults(record)))
            drawn[record["subject_id"]] = {file["case_file_id"] for part in record["strata"] for file in part["drawn"]}
    modes = {each["id"]: each["mode"] for each in read(archive, "rounds.json")}
    for sheet in sheets:
        if modes[sheet["round_id"]] != "self" and sheet["case_file_id"] not in drawn.get(sheet["round_id"], ()):
            yield f"sheet {sheet['id']}: the file was not drawn"


if __name__ == "__main__":
    with zipfile.ZipFile(sys.argv[1]) as opened:
        faults = [*manifest_faults(opened)]
        faults = faults or [*review_faults(opened), *aftermath_faults(opened), *draw_faults(opened)]
    print("\n".join(faults) or "The archive is whole: hashes, draws, samples, scores and results agree.")
    sys.exit(1 if faults else 0)
