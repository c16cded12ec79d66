"""The rounds of the campaign: a town reviews its own files, towns review each other's, and a sample is drawn and disputed."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from admin.demo.people import MARK
from admin.demo.years import YEAR

if TYPE_CHECKING:
    from admin import client as rest
    from admin.demo.story import Story

TOWN: Final = "350111102"
# Towns that review each other, and those of which the bureau draws a sample: files of both were reviewed by the town itself.
CROSSING: Final = (TOWN, "350111001", "350111002", "350111003")
SAMPLED: Final = (TOWN, "350111001")
WITNESSES: Final = ("government", f"manager.{TOWN}")
ONE: Final = {"share_per_10000": 0, "min": 1, "max": 1}
NONE: Final = {"share_per_10000": 0, "min": 0, "max": 0}
THIN: Final = {"item_key": "law.discretion_explained", "rule_key": "explanation_thin", "deduction": 1.5}
UNCLEAR: Final = {"item_key": "facts.clear", "rule_key": "element_unclear", "deduction": 2}
VETO: Final = "veto.not_delivered"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Scene:
    """A campaign under way: who organises it, and by which rubric."""

    story: Story
    bureau: rest.Client
    campaign: Json
    rubric: Json

    def username(self, account_id: str) -> str:
        """Whose account this is."""
        return next(str(name) for name, account in self.story.accounts.there.items() if account["id"] == account_id)

    def reviewers(self, first: int, last: int) -> list[str]:
        """Account ids of some of the reviewers."""
        return [self.story.accounts.id_of(f"reviewer.{number:02}") for number in range(first, last + 1)]

    def submit(self, given: Json, sheet: Json) -> Json:
        """The reviewer of an assignment hands in this sheet in one call."""
        with self.story.acting(self.username(given["account_id"])) as reviewer:
            return reviewer.move(f"/v1/reviews/{given['id']}", "submit", sheet).body


def sheet(*items: Json, vetoes: tuple[str, ...] = (), **more: Any) -> Json:
    """A sheet with these deductions and vetoes."""
    told = [{"reason": f"见该页标注{MARK}", "page": 7} | each for each in items]
    return {"items": told, "vetoes": [{"key": key, "reason": f"卷内未见送达回证{MARK}", "page": 12} for key in vetoes]} | more


# ---------------------------------------------------------------------------------------------- self-review


def by_themselves(scene: Scene) -> str:
    """The town reviews three files of its own: one without a fault, one with deductions, one with a veto."""
    story = scene.story
    with story.acting(f"manager.{TOWN}") as manager, story.acting("reviewer.01") as reviewer:
        officers = [each["id"] for each in manager.items("/v1/officers", unit_id=story.town["id"])][:2]
        files = [_case_file(story, manager, officers, number) for number in range(1, 4)]
        story.say("岳峰镇登记三件处罚案卷：" + "、".join(file["case_no"] for file in files))
        body = {"campaign_id": scene.campaign["id"], "mode": "self", "unit_id": story.town["id"]}
        turn = f"/v1/review-rounds/{manager.post('/v1/review-rounds', body).body['id']}"
        named = {"case_file_ids": [file["id"] for file in files], "account_ids": [story.accounts.id_of("reviewer.01")]}
        manager.move(turn, "assign", named)
        own = reviewer.items("/v1/reviews", round_id=turn.rpartition("/")[2])
        grades = [_by_hand(scene, reviewer, item, place) for place, item in enumerate(own)]
        story.expect("grades", sorted(grades), ["excellent", "fail", "good"])
        story.expect("submitted", manager.move(turn, "publish").body["submitted"], 3)
    return turn


def _case_file(story: Story, manager: rest.Client, officers: list[str], number: int) -> Json:
    body = {
        "unit_id": story.town["id"],
        "kind": "penalty",
        "procedure": "ordinary",
        "party": {"kind": "legal", "name": f"示例商贸有限公司{number}{MARK}"},
        "officers": officers,
        "item": "对擅自占用城市道路摆摊经营的处罚（演示）",
        "legal_bases": ["《城市道路管理条例》第四十二条"],
        "filed_on": f"{YEAR}-05-06",
        "steps": [
            {"step": "filing", "on": f"{YEAR}-05-06"},
            {"step": "evidence", "on": f"{YEAR}-05-08"},
            {"step": "investigation_end", "on": f"{YEAR}-05-20"},
            {"step": "notice", "on": f"{YEAR}-05-21"},
        ],
    }
    file = manager.post("/v1/case-files", body).body
    path = f"/v1/case-files/{file['id']}"
    manager.move(path, "decide", {"decided_on": f"{YEAR}-06-03", "decision": "罚款人民币二千元。", "amount_fen": 200_000})
    return manager.move(path, "close", {"closed_on": f"{YEAR}-06-30"}).body


def _by_hand(scene: Scene, reviewer: rest.Client, item: Json, place: int) -> str:
    """Opens a file, saves a draft and hands it in: the whole way of a sheet."""
    path = f"/v1/reviews/{item['id']}"
    reviewer.move(path, "open")
    body = sheet()
    if place == 1:
        faulty = [*scene.rubric["blocks"][1]["items"][:2]]
        body = sheet(*({"item_key": each["key"], "deduction": each["points"] / 2} for each in faulty), UNCLEAR | {"page": 1})
    if place == 2:
        body = sheet(vetoes=("veto.notice",))
    saved = reviewer.change("PUT", path, body, reviewer.get(path).etag)
    return str(reviewer.post(f"{path}/submit", body, match=saved.etag).body["grade"])


# ---------------------------------------------------------------------------------------------- cross review


def by_each_other(scene: Scene) -> str:
    """Four towns review a file of each other, drawn by dice. One reviewer steps back, and the next in line takes the file."""
    turn = _begin(scene, "cross", CROSSING, reviewers_per_file=1, legal_reviewers=0)
    dice = "".join(str(1 + secrets.randbelow(6)) for _ in range(20))
    scene.bureau.move(turn, "seed", {"seed": dice, "source": f"公开掷骰二十次{MARK}"})
    _draw(scene, turn)
    given = _assign(scene, turn, scene.reviewers(1, 6))
    _step_back(scene, given[0])
    given = _live(scene, turn)
    scene.story.expect("every file has a reviewer", len({each["case_file_id"] for each in given}), len(CROSSING))
    for each in given:
        scene.submit(each, sheet(THIN))
    scene.bureau.move(turn, "publish")
    scene.story.say(f"交叉互评：{len(CROSSING)} 个乡镇街道互不成对，一名评查员回避、由候补接替，{len(given)} 件全部评完并公布")
    return turn


def _step_back(scene: Scene, given: Json) -> None:
    with scene.story.acting(scene.username(given["account_id"])) as reviewer:
        why = {"kind": "kin", "reason": f"与承办人系近亲属{MARK}"}
        reviewer.move(f"/v1/review-assignments/{given['id']}", "recuse", why)


# ---------------------------------------------------------------------------------------------- sample


def by_lot(scene: Scene) -> str:
    """A sample whose seed witnesses make together; two reviewers a file, who do not know whose it is and do not agree."""
    turn = _begin(scene, "sample", SAMPLED, reviewers_per_file=2, legal_reviewers=1, hide_units=True)
    _witness(scene, turn)
    _draw(scene, turn)
    given = _assign(scene, turn, scene.reviewers(5, 9))
    files = sorted({each["case_file_id"] for each in given})
    for place, file_id in enumerate(files):
        pair = [each for each in given if each["case_file_id"] == file_id]
        # Of the first file one finds the decision not served and the other does not; the others agree.
        scene.submit(pair[0], sheet(UNCLEAR))
        scene.submit(pair[1], sheet(UNCLEAR, vetoes=(VETO,)) if place == 0 else sheet(UNCLEAR))
    _settle(scene, turn)
    scene.bureau.move(turn, "publish")
    return turn


def _witness(scene: Scene, turn: str) -> None:
    """Each witness commits to a secret; when both have, they reveal them, and what they reveal makes the seed."""
    nonces = {name: secrets.token_urlsafe(24) for name in WITNESSES}
    for name, nonce in nonces.items():
        with scene.story.acting(name) as witness:
            witness.post(f"{turn}/commitments", {"nonce_sha256": hashlib.sha256(nonce.encode()).hexdigest()})
    told: Json = {}
    for name, nonce in nonces.items():
        with scene.story.acting(name) as witness:
            told = witness.post(f"{turn}/reveals", {"nonce": nonce}).body
    scene.story.say(f"{len(nonces)} 名见证人先承诺、后揭示随机数，共同产生种子 {told['seed'][:12]}…，任何一方都不能左右")


def _settle(scene: Scene, turn: str) -> None:
    """The arbitrator, chosen by the draw's own seed, sees both sheets without names and decides each point with a reason."""
    [found] = scene.bureau.items("/v1/arbitrations", round_id=turn.rpartition("/")[2])
    scene.story.expect("grounds of the arbitration", "veto" in found["grounds"], True)
    decided = [{"about": "veto", "key": VETO, "reason": f"回证在卷第十二页背面，送达成立{MARK}"}]
    with scene.story.acting(scene.username(found["account_id"])) as arbitrator:
        path = f"/v1/arbitrations/{found['id']}"
        arbitrator.move(path, "open")
        done = arbitrator.move(path, "submit", sheet(UNCLEAR, decisions=decided)).body
    scene.story.say(
        f"集中抽评：一件案卷两人意见不一（一票否决之争），第三人不知姓名复核，结论 {done['total']} 分、{done['grade']}"
    )


# ---------------------------------------------------------------------------------------------- drawing and assigning


def _begin(scene: Scene, mode: str, towns: tuple[str, ...], **more: Any) -> str:
    """A round of one file of each of these towns, frozen."""
    body = {"campaign_id": scene.campaign["id"], "mode": mode, "quota": NONE, **more}
    body["overrides"] = [ONE | {"match": {"unit": code}} for code in towns]
    turn = f"/v1/review-rounds/{scene.bureau.post('/v1/review-rounds', body).body['id']}"
    frozen = scene.bureau.move(turn, "freeze").body
    scene.story.say(f"冻结抽样范围 {frozen['frame_size']} 件，公布哈希 {frozen['frame_sha256'][:12]}…，此后才收种子")
    return turn


def _draw(scene: Scene, turn: str) -> None:
    drawn = scene.bureau.move(turn, "draw").body
    scene.story.say(f"公开抽取 {drawn['sample_size']} 件")


def _assign(scene: Scene, turn: str, accounts: list[str]) -> list[Json]:
    """By rule and seed, in the background."""
    location = scene.bureau.move(turn, "assign", {"account_ids": accounts}).headers["location"]
    scene.bureau.operation(location)
    return _live(scene, turn)


def _live(scene: Scene, turn: str) -> list[Json]:
    found = [each for each in scene.bureau.items(f"{turn}/assignments") if each["state"] != "void"]
    return sorted(found, key=lambda each: str(each["id"]))
