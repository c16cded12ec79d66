"""The chapter of case-file review: one campaign with self-review, cross review and a sample, up to its archive.

It is held once. A second run finds it closed and reads what it came to; one that was broken off is left and another one held.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from admin.demo import review_aftermath, review_rounds
from admin.demo.people import MARK, REVIEWERS
from admin.demo.years import YEAR

if TYPE_CHECKING:
    from admin import client as rest
    from admin.demo.story import Story

TITLE: Final = f"{YEAR} 年行政处罚案卷评查{MARK}"
VERIFIER: Final = Path(__file__).resolve().parents[2] / "docs" / "verify_bundle.py"
# From this reviewer on they are qualified for legal review.
QUALIFIED_FROM: Final = 5

Json = dict[str, Any]


def play(story: Story) -> None:
    """Holds the campaign unless it was held, tells what it came to, and checks its archive as an outsider would."""
    with story.acting("bureau") as bureau:
        held = [each for each in bureau.items("/v1/review-campaigns", year=YEAR, state="closed") if each["title"] == TITLE]
        campaign = held[0] if held else _hold(story, bureau)
        _tell(story, bureau, campaign)
        _check(story, bureau, campaign)


def _hold(story: Story, bureau: rest.Client) -> Json:
    _list_reviewers(story, bureau)
    rubric = next(each for each in bureau.items("/v1/rubrics", state="published", kind="penalty"))
    body = {"title": TITLE, "year": YEAR, "rubric_id": rubric["id"], "online": True}
    path = f"/v1/review-campaigns/{bureau.post('/v1/review-campaigns', body).body['id']}"
    campaign = bureau.move(path, "open").body
    scene = review_rounds.Scene(story, bureau, campaign, bureau.get(f"/v1/rubrics/{rubric['id']}").body)
    turns = [review_rounds.by_themselves(scene), review_rounds.by_each_other(scene), review_rounds.by_lot(scene)]
    review_aftermath.object_to_one(scene)
    review_aftermath.put_one_right(scene)
    review_aftermath.make_an_example(scene)
    for turn in turns:
        bureau.move(turn, "close")
    return bureau.move(path, "close").body


def _list_reviewers(story: Story, bureau: rest.Client) -> None:
    """Every reviewer's account enters the pool, the later ones with the qualification for legal review."""
    listed = {each["account_id"] for each in bureau.items("/v1/reviewers")}
    for number in range(1, REVIEWERS + 1):
        account_id = story.accounts.id_of(f"reviewer.{number:02}")
        if account_id not in listed:
            body = {"account_id": account_id, "kinds": ["penalty"], "legal_review": number >= QUALIFIED_FROM}
            bureau.post("/v1/reviewers", body)


def _tell(story: Story, bureau: rest.Client, campaign: Json) -> None:
    """What stands on record of the campaign, the same after every run."""
    of = {"campaign_id": campaign["id"]}
    results = list(bureau.items("/v1/results", **of))
    grades = [each["grade"] for each in results if each["mode"] == "self"]
    turns = list(bureau.items("/v1/review-rounds", **of))
    given = [each for turn in turns for each in bureau.items(f"/v1/review-rounds/{turn['id']}/assignments")]
    files = {each["case_file_id"] for each in results}
    ids = {each["id"] for each in results}
    rectified = [each["state"] for each in bureau.items("/v1/rectifications", year=YEAR) if each.get("result_id") in ids]
    figures = bureau.get("/v1/review-statistics", **of).body
    story.facts["grades"] = grades
    story.facts["review_campaign"] = {
        "modes": sorted(turn["mode"] for turn in turns),
        "recused": sum(each.get("ended_how") == "recused" for each in given),
        "bases": sorted({each["basis"] for each in results}),
        "final": len([each for each in results if each["is_final"]]) == len(files),
        "rectifications": rectified,
        "compared": figures["agreement"]["files"],
    }
    story.say("自评等次：" + "、".join(grades) + "（其中一件一票否决）")
    counts = f"{len(turns)} 轮、案卷 {len(files)} 件、评查表 {figures['reviews']} 份"
    story.say(f"《{campaign['title']}》：{counts}，每件案卷只有一个最终结果")


def _check(story: Story, bureau: rest.Client, campaign: Json) -> None:
    """Saves circular and archive, and checks the archive with the script that outsiders use: without the system."""
    path = f"/v1/review-campaigns/{campaign['id']}"
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "bundle.zip"
        size = bureau.save(f"{path}/bundle", archive)
        circular = bureau.save(f"{path}/circular?form=docx", Path(folder) / "circular.docx")
        done = subprocess.run([sys.executable, "-I", str(VERIFIER), str(archive)], capture_output=True, text=True, check=False)
    story.expect("archive", (done.returncode, done.stdout if done.returncode else ""), (0, ""))
    story.say(f"通报（docx，{circular // 1024} KB）；档案包（{size // 1024} KB）离线核验通过：抽取、样本、评分、结果全部重算一致")
