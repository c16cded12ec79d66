"""The chapter of case files: sixty of them, and one for each rule of the legal check that breaks this rule and no other.

They come in as the provincial platform would send them, so a second run finds them and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from admin.demo.people import MARK, id_number

if TYPE_CHECKING:
    from admin import client as rest
    from admin.demo.story import Story

SYSTEM: Final = "demo-cases"
SERIALS: Final = 5000
# By this id the records are known again that its files rest on.
KEPT: Final = "demo-cases-kept"
CLEAN, OTHERS = 24, 10
# A busy machine takes in twenty files with all their steps well within a request's time.
BATCH: Final = 20
OVERRIDDEN: Final = ("P15", "P17")
KINDS: Final = ("licence", "inspection", "expropriation", "compulsion", "other")

Json = dict[str, Any]

TOLD: Final = ["proposed_penalty", "facts", "reasons", "basis", "statement_right", "hearing_right"]
HELD: Final = ["party", "facts_and_evidence", "kind_and_basis", "performance", "remedies", "organ_date_seal"]
DAYS: Final = {"filing": "filed_on", "decision": "decided_on", "closing": "closed_on", "archiving": "archived_on"}
# A penalty in which the check finds nothing: every step in time, everything told, everything proven.
FAULTLESS: Final[dict[str, Json]] = {
    "filing": {"on": "2025-03-03", "approved": True, "approved_on": "2025-03-03"},
    "evidence": {"on": "2025-03-05", "kind": "scene_record"},
    "investigation_end": {"on": "2025-03-20"},
    "notice": {"on": "2025-03-24", "contents": TOLD, "penalties": ["fine"], "fine_fen": 50_000},
    "decision": {
        "on": "2025-04-10", "outcome": "penalty", "penalties": ["fine"], "fine_fen": 50_000, "elements": HELD,
        "discretion_explained": True, "review_grounds": [], "major": False, "benchmark_from": "2022-01-01",
        "band_low_fen": 40_000, "band_high_fen": 60_000,
    },
    "delivery": {"on": "2025-04-14", "manner": "direct", "receipt": True},
    "publicity": {"on": "2025-04-16", "masked": True},
    "payment": {"on": "2025-04-20", "on_spot": False, "amount_fen": 50_000},
    "closing": {"on": "2025-05-06"},
    "archiving": {"on": "2025-05-20"},
}  # fmt: skip
LATER: Final = {
    "decision": {"on": "2025-06-20"}, "delivery": {"on": "2025-06-24"}, "publicity": {"on": "2025-06-26"},
    "payment": {"on": "2025-06-28"}, "closing": {"on": "2025-07-10"}, "archiving": {"on": "2025-07-21"},
}  # fmt: skip
HEAVY: Final = {
    "notice": {"fine_fen": 1_200_000, "contents": TOLD[:-1]},
    "decision": {"fine_fen": 1_200_000, "band_low_fen": 1_000_000, "band_high_fen": 1_500_000},
    "payment": {"amount_fen": 1_200_000},
}
SEVENTY: Final = {"fine_fen": 70_000}


def play(story: Story) -> None:
    """Sixty closed files and a running one; what the check finds; two findings left as they are for a reason; what falls due."""
    with story.acting("platform") as platform, story.acting("bureau") as bureau:
        known = {each["external_id"] for each in platform.items("/v1/case-files", external_system=SYSTEM, state="open")}
        bodies = [body for body in _bodies(story, bureau) if body["external_id"] not in known]
        outcomes = [each for at in range(0, len(bodies), BATCH) for each in _sent(platform, bodies[at : at + BATCH])]
        story.expect("refused case files", [each["problem"] for each in outcomes if each["status"] >= 400], [])
        files = {body["external_id"]: outcome["id"] for body, outcome in zip(bodies, outcomes, strict=True)}
        added = sum(outcome["status"] == 201 for outcome in outcomes)
        story.say(f"省平台一次推送案卷 {len(files)} 件（新增 {added} 件），每条合法性检查规则各有一件违反它")
        found = _found(story, bureau, files)
        _override(story, bureau, files)
        due = len(list(bureau.items("/v1/deadlines", until=_soon(bureau))))
    counts = _statistics(story)
    story.facts["cases"] = {"files": len(files) + len(known), "found": found, "overridden": list(OVERRIDDEN)}
    story.say(f"检查逐件指出 {len(found)} 处问题，与预设一一对应；120 日内到期事项 {due} 项；2025 年处罚 {counts} 宗")


def _sent(platform: rest.Client, items: list[Json]) -> list[Json]:
    found: list[Json] = platform.post("/v1/case-files/batch", {"items": items}).body["items"]
    return found


def _bodies(story: Story, bureau: rest.Client) -> list[Json]:
    """Files of all towns; each with a penalty's two officers."""
    crews = _crews(story)
    planted = list(_planted(story))
    bodies = [_body(f"rule-{rule}", crews[place % len(crews)], place, changes) for place, (rule, changes) in enumerate(planted)]
    bodies += [_body(f"clean-{n:02}", crews[n % len(crews)], 100 + n, {}) for n in range(CLEAN)]
    bodies += [_other(f"other-{n:02}", crews[n % len(crews)], 200 + n) for n in range(OTHERS)]
    return [*bodies, _open(bureau, crews[0])]


def _crews(story: Story) -> list[list[Json]]:
    """Officers of each town in pairs, none of them suspended, exempt or soon without a certificate."""
    found: dict[str, list[Json]] = {}
    for each in story.people[8:]:
        if each["kind"] == "officer":
            found.setdefault(each["unit_id"], []).append(each)
    return [crew[:2] for crew in found.values()]


def _planted(story: Story) -> Iterator[tuple[str, Json]]:
    """Each rule, and how its file differs from the faultless one. `steps` adds some, `without` leaves some out."""
    crew = _crews(story)[0]
    outsider = story.people[8 + 8 * 4]["id"]
    review = {"step": "legal_review", "on": "2025-04-09", "opinion": "passed", "reviewer_id": story.people[40]["id"]}
    review |= {"qualified": True, "first_time": False}
    yield "P01", {"filing": {"approved": False, "approved_on": None}}
    yield "P02", {"act_ended_on": "2022-06-01", "grave_harm": False}
    yield "P03", {"evidence": {"officers": [crew[0]["id"]]}, "crew": crew}
    # The first officer of the chapter of people is suspended.
    yield "P04", {"crew": [story.people[0], crew[0]]}
    kept = {"step": "registration_preservation", "on": "2025-03-04", "disposal": "returned", "disposed_on": "2025-03-20"}
    yield "P05", {"steps": [kept]}
    seized = {"step": "seizure", "on": "2025-03-04", "measure": "detention", "ended_on": "2025-04-20", "disposal": "returned"}
    yield "P06", {"steps": [seized]}
    yield "P07", {"without": ["notice"]}
    yield "P08", HEAVY
    yield "P09", {"steps": [*_hearing("2025-03-26", "2025-03-31", outsider), review], "crew": crew}
    yield "P10", {"steps": [*_hearing("2025-03-25", "2025-04-08", crew[0]["id"]), review], "crew": crew}
    yield "P11", {"steps": [{"step": "statement", "on": "2025-03-26", "made": True}]}
    yield "P12", {"decision": {"review_grounds": ["complex"]}}
    yield "P13", {"decision": {"major": True}}
    yield "P14", LATER
    yield "P15", {"decision": {"discretion_explained": False}}
    yield "P16", {"delivery": {"receipt": False}}
    yield "P17", {"publicity": {"on": "2025-05-12"}}
    yield "P18", {"payment": {"late_fee_fen": 60_000, "late_days": 40}}
    handed = {"on_spot": True, "handed_to_organ_on": "2025-04-21", "handed_to_bank_on": "2025-04-22"}
    yield "P19", {"payment": handed}
    yield "P20", {"procedure": "summary"}
    court = [
        {"step": "reminder", "on": "2025-05-06"},
        {"step": "court_application", "on": "2025-05-08", "remedy_ended_on": "2025-05-01"},
    ]
    ended = {"closing": {"on": "2025-06-10"}, "archiving": {"on": "2025-06-20"}}
    yield "P21", {"steps": court, "without": ["payment"]} | ended
    yield "P22", {"investigation_end": {"on": "2025-03-28"}}
    yield "P23", {"offline_reason": "platform_fault", "obstacle_ended_on": "2025-03-04", "keyed_in_on": "2025-03-20"}
    yield "P24", {"notice": SEVENTY, "decision": SEVENTY, "payment": {"amount_fen": 70_000}}
    device, item = _kept(story, crew[0]["unit_id"])
    shot: Json = {"kind": "electronic_data", "monitored": True, "equipment_id": device, "told_on": "2025-03-06"}
    yield "P25", {"evidence": shot | {"content_reviewed": False}}
    spared: Json = {"outcome": "first_offence_spared", "penalties": None, "fine_fen": None, "lenient_item_id": item}
    spared |= {"first_offence": True, "harm_slight": True, "corrected": False}
    yield "P26", {"decision": spared, "without": ["notice", "payment"]}


def _kept(story: Story, unit_id: str) -> Iterator[str]:
    """A device of monitoring and an item of the list of first offences, each as the law wants it; their ids."""
    device = {
        "set_up_on": "2024-01-15", "name": f"智能识别摄像机{MARK}", "place": "示例路与演示街交叉口", "purpose": "占道经营",
        "legal_review_on": "2024-01-20", "technical_review_on": "2024-01-22", "marked": True, "published_on": "2024-02-01",
        "address": f"区政府门户网站{MARK}",
    }  # fmt: skip
    item = {"listed_on": "2024-01-01", "list": "first_offence", "item": f"占道经营{MARK}", "conditions": f"当场改正{MARK}"}
    with story.acting("platform") as platform:
        for path, facts in (("/v1/monitoring-equipment", device), ("/v1/lenient-items", item)):
            known = list(platform.items(path, external_id=KEPT))
            body = facts | {"unit_id": unit_id, "external_system": SYSTEM, "external_id": KEPT}
            yield (known[0] if known else platform.post(path, body).body)["id"]


def _hearing(told: str, held: str, host_id: str) -> list[Json]:
    return [
        {"step": "hearing_notice", "on": told, "hearing_on": held},
        {"step": "hearing", "on": held, "host_id": host_id, "public": True, "record_signed": True},
    ]


def _body(name: str, crew: list[Json], place: int, changes: Json) -> Json:
    """The faultless penalty with its changes."""
    left = dict(changes)
    more, without, crew = left.pop("steps", []), left.pop("without", []), left.pop("crew", crew)
    steps: list[Json] = []
    for step, facts in FAULTLESS.items():
        changed = facts | left.pop(step, {})
        if step not in without:
            steps.append({"step": step} | {key: value for key, value in changed.items() if value is not None})
    days = {DAYS[each["step"]]: each["on"] for each in steps if each["step"] in DAYS}
    fine = next(each.get("fine_fen") for each in steps if each["step"] == "decision")
    return _head(name, crew, place) | days | {
        "kind": "penalty", "steps": [*steps, *more], "act_ended_on": "2025-02-20",
    } | ({} if fine is None else {"amount_fen": fine, "decision": "罚款"}) | left  # fmt: skip


def _head(name: str, crew: list[Json], place: int) -> Json:
    return {
        "unit_id": crew[0]["unit_id"],
        "party": {"kind": "natural", "name": f"示例{place:03}", "id_number": id_number(SERIALS + place)},
        "officers": [each["id"] for each in crew],
        "item": f"占道经营{MARK}",
        "legal_bases": ["《示例条例》第一条"],
        "external_system": SYSTEM,
        "external_id": name,
    }


def _other(name: str, crew: list[Json], place: int) -> Json:
    """A closed file of another kind."""
    kind = KINDS[place % len(KINDS)]
    body = _head(name, crew, place) | {"kind": kind, "item": f"其他执法行为{MARK}", "filed_on": "2025-03-03"}
    body |= {"closed_on": "2025-05-06", "archived_on": "2025-05-20"}
    if kind != "licence":
        return body
    steps: list[Json] = [
        {"step": "decision", "on": "2025-03-20", "outcome": "granted", "elements": HELD},
        {"step": "delivery", "on": "2025-03-24", "manner": "direct", "receipt": True},
        {"step": "publicity", "on": "2025-03-25", "masked": True},
    ]
    return body | {"decided_on": "2025-03-20", "steps": steps}


def _open(bureau: rest.Client, crew: list[Json]) -> Json:
    """A running case, filed ten days ago."""
    filed = (_today(bureau) - timedelta(days=10)).isoformat()
    steps = [{"step": "filing", "on": filed, "approved": True, "approved_on": filed}]
    acted = (date.fromisoformat(filed) - timedelta(days=5)).isoformat()
    return _head("open-00", crew, 300) | {"kind": "penalty", "filed_on": filed, "act_ended_on": acted, "steps": steps}


def _today(bureau: rest.Client) -> date:
    return date.fromisoformat(bureau.get("/v1/certificates/13010000003/verification").body["checked_on"])


def _soon(bureau: rest.Client) -> str:
    return (_today(bureau) + timedelta(days=120)).isoformat()


def _found(story: Story, bureau: rest.Client, files: dict[str, str]) -> dict[str, str]:
    """Each rule is found where it was planted and nowhere else."""
    names = {case_file_id: name for name, case_file_id in files.items() if not name.startswith("open")}
    rows = [row for row in bureau.items("/v1/defects") if row["case_file_id"] in names]
    found = sorted((names[row["case_file_id"]], row["rule"]) for row in rows)
    wanted = sorted((name, name.removeprefix("rule-")) for name in names.values() if name.startswith("rule-"))
    story.expect("defects", found, wanted)
    return {rule: name for name, rule in found}


def _override(story: Story, bureau: rest.Client, files: dict[str, str]) -> None:
    standing = {row["rule"] for row in bureau.items("/v1/defects", overridden="true")}
    for rule in OVERRIDDEN:
        path = f"/v1/case-files/{files[f'rule-{rule}']}"
        if rule not in standing:
            reason = {"reason": f"已书面补正{MARK}"}
            bureau.change("POST", f"{path}/defects/{rule}/override", reason, bureau.get(path).etag)
    story.say(f"两处问题说明理由后保留，仍然可见：{'、'.join(OVERRIDDEN)}")


def _statistics(story: Story) -> int:
    with story.acting("government") as government:
        return int(government.get("/v1/case-statistics", year=2025).body["totals"]["penalties"]["total"])
