"""`reviews`, continued: campaigns and what comes of them: calibration, statistics, results, circular, archive."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode

import typer

from admin.commands import terminal

app = terminal.noun("Campaigns and what comes of them. 评查活动与结果。")
CAMPAIGN_COLUMNS = ("title", "year", "online", "state", "id")
RESULT_COLUMNS = ("mode", "basis", "is_final", "total", "grade", "case_file_id", "unit_id", "id")
GRADE_COLUMNS = ("mode", "unit_id", "kind", "grade", "files", "mean")
CALIBRATION_COLUMNS = ("account_id", "reviews", "severity", "distance", "same_grade", "warnings")
# The stand-alone script that outsiders use as well.
VERIFIER = Path(__file__).resolve().parents[2] / "docs" / "verify_bundle.py"
Campaign = Annotated[str, typer.Argument(metavar="CAMPAIGN", help="Id of the campaign.")]
OfCampaign = Annotated[str | None, typer.Option("--campaign", help="Id of the campaign.")]
Year = Annotated[int | None, typer.Option(help="Year of the campaign.")]
Moment = Annotated[str | None, typer.Option(help="As recorded at this time (RFC 3339).")]


@app.command()
@terminal.told
def campaigns(year: Year = None, as_json: terminal.AsJson = False) -> None:
    """List review campaigns. 评查活动列表。"""
    with terminal.connect() as client:
        terminal.table(client.items("/v1/review-campaigns", year=year), CAMPAIGN_COLUMNS, as_json=as_json)


@app.command()
@terminal.told
def calibration(campaign: Campaign, as_json: terminal.AsJson = False) -> None:
    """Reviewers beside the known scores of a campaign's calibration files. 试评结果。"""
    with terminal.connect() as client:
        found = client.get(f"/v1/review-campaigns/{campaign}/calibration").body
    if as_json:
        terminal.show(found, as_json=True)
        return
    terminal.table(iter(found["reviewers"]), CALIBRATION_COLUMNS, as_json=False)
    said: terminal.Json = {
        name: found[name] for name in ("files", "reviews", "alpha_total", "alpha_grade", "low_agreement") if name in found
    }
    terminal.show(said, as_json=False)


@app.command()
@terminal.told
def statistics(
    campaign: OfCampaign = None,
    turn: Annotated[str | None, typer.Option("--round", help="Id of the round.")] = None,
    year: Year = None,
    as_of: Moment = None,
    as_json: terminal.AsJson = False,
) -> None:
    """Grades, defects, inflation of self-review and reviewers' figures of published rounds. 评查统计。"""
    with terminal.connect() as client:
        asked = {"campaign_id": campaign, "round_id": turn, "year": year, "as_of": as_of}
        found = client.get("/v1/review-statistics", **asked).body
    if as_json:
        terminal.show(found, as_json=True)
        return
    terminal.table(iter(found["grades"]), GRADE_COLUMNS, as_json=False)
    terminal.show({name: value for name, value in found.items() if not isinstance(value, list)}, as_json=False)


@app.command()
@terminal.told
def results(
    campaign: OfCampaign = None,
    turn: Annotated[str | None, typer.Option("--round", help="Id of the round.")] = None,
    limit: terminal.Most = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List results of published rounds. 评查结果列表。"""
    with terminal.connect() as client:
        found = client.items("/v1/results", most=limit, campaign_id=campaign, round_id=turn)
        terminal.table(found, RESULT_COLUMNS, as_json=as_json)


@app.command()
@terminal.told
def circular(
    campaign: Campaign,
    save: Annotated[Path, typer.Option(dir_okay=False, help="Write it to this file: .pdf or .docx.")],
    number: Annotated[str | None, typer.Option(help="Number of the document (发文字号).")] = None,
    signed_on: Annotated[str | None, typer.Option(help="Day of issue, YYYY-MM-DD.")] = None,
) -> None:
    """The campaign's circular as an official paper. 评查通报。"""
    form = save.suffix.removeprefix(".").lower()
    if form not in {"pdf", "docx"}:
        raise typer.BadParameter("the file must end in .pdf or .docx", param_hint="--save")
    asked = {"form": form, "number": number, "signed_on": signed_on}
    query = urlencode({name: value for name, value in asked.items() if value is not None})
    with terminal.connect() as client, terminal.busy("circular …"):
        size = client.save(f"/v1/review-campaigns/{campaign}/circular?{query}", save)
    typer.echo(f"{save}: {size:,} bytes")


@app.command()
@terminal.told
def bundle(campaign: Campaign, save: Annotated[Path, typer.Option(dir_okay=False, help="Write the zip to this file.")]) -> None:
    """The whole record of a campaign as a zip, identities masked. 评查档案包。"""
    with terminal.connect() as client, terminal.busy("bundle …"):
        size = client.save(f"/v1/review-campaigns/{campaign}/bundle", save)
    typer.echo(f"{save}: {size:,} bytes; check it with ./zhifa reviews verify-bundle {save}")


@app.command("verify-bundle")
def verify_bundle(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A saved archive (reviews bundle --save).")],
) -> None:
    """Check a saved archive offline: hashes, draws, samples, scores, results. Exit code 1 on any fault. 离线核验档案包。"""
    done = subprocess.run([sys.executable, "-I", str(VERIFIER), str(file)], check=False)
    raise typer.Exit(done.returncode)
