"""`reviews`: rubrics, rounds, draws and reviews of case files."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from admin.commands import review_figures, terminal

app = terminal.noun("Reviews of case files: rubrics, rounds, reviews, results. 案卷评查。")
rubrics = terminal.noun("Rubrics: list, show, publish. 评查标准。")
app.add_typer(rubrics, name="rubrics")
app.registered_commands.extend(review_figures.app.registered_commands)
RUBRIC_COLUMNS = ("title", "state", "kinds", "content_hash", "id")
ROUND_COLUMNS = ("mode", "state", "files", "submitted", "campaign_id", "unit_id", "id")
DRAW_COLUMNS = ("state", "frame_size", "sample_size", "frame_sha256", "seed_source", "id")
# The stand-alone script that outsiders use as well.
VERIFIER = Path(__file__).resolve().parents[2] / "docs" / "verify_draw.py"
Round = Annotated[str, typer.Argument(help="Id of the round.")]
REVIEW_COLUMNS = ("state", "total", "grade", "case_file_id", "round_id", "id")


@rubrics.command("list")
@terminal.told
def list_rubrics(
    state: Annotated[str | None, typer.Option(help="draft, published or superseded.")] = None, as_json: terminal.AsJson = False
) -> None:
    """List rubrics. 评查标准列表。"""
    with terminal.connect() as client:
        terminal.table(client.items("/v1/rubrics", state=state), RUBRIC_COLUMNS, as_json=as_json)


@rubrics.command("show")
@terminal.told
def show_rubric(rubric: Annotated[str, typer.Argument(help="Id of the rubric.")], as_json: terminal.AsJson = False) -> None:
    """Show one rubric with its items, vetoes and grades. 评查标准详情。"""
    with terminal.connect() as client:
        terminal.show(client.get(f"/v1/rubrics/{rubric}").body, as_json=as_json)


@rubrics.command("publish")
@terminal.told
def publish_rubric(
    rubric: Annotated[str, typer.Argument(help="Id of the draft.")],
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Publish a draft; its content never changes afterwards. 发布评查标准。"""
    with terminal.connect() as client:
        answer = client.move(f"/v1/rubrics/{rubric}", "publish", dry_run=dry_run)
    terminal.show(answer.body, as_json=as_json, dry_run=dry_run)


@app.command()
@terminal.told
def rounds(
    state: Annotated[str | None, typer.Option(help="State of the round.")] = None, as_json: terminal.AsJson = False
) -> None:
    """List review rounds. 评查轮次列表。"""
    with terminal.connect() as client:
        terminal.table(client.items("/v1/review-rounds", state=state), ROUND_COLUMNS, as_json=as_json)


@app.command("list")
@terminal.told
def list_(
    round_id: Annotated[str | None, typer.Option("--round", help="Id of the round.")] = None,
    state: Annotated[str | None, typer.Option(help="assigned, opened, draft, submitted or void.")] = None,
    limit: terminal.Most = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List reviews the caller may see. 评查列表。"""
    with terminal.connect() as client:
        terminal.table(client.items("/v1/reviews", most=limit, round_id=round_id, state=state), REVIEW_COLUMNS, as_json=as_json)


@app.command()
@terminal.told
def show(review: Annotated[str, typer.Argument(help="Id of the review.")], as_json: terminal.AsJson = False) -> None:
    """Show one review with its deductions, total and grade. 评查详情。"""
    with terminal.connect() as client:
        terminal.show(client.get(f"/v1/reviews/{review}").body, as_json=as_json)


# ---------------------------------------------------------------------------------------------- draws


@app.command()
@terminal.told
def freeze(turn: Round, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Freeze what a round is drawn from and publish its hash; `--dry-run` previews the counts. 冻结抽样范围。"""
    _step(turn, "freeze", None, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def seed(
    turn: Round,
    text: Annotated[str, typer.Argument(help="The seed, as text.")],
    source: Annotated[str, typer.Option(help="Where it comes from: dice, a lottery with its date, a beacon.")],
    as_json: terminal.AsJson = False,
) -> None:
    """Give a frozen round its seed. 登记种子。"""
    _step(turn, "seed", {"seed": text, "source": source}, dry_run=False, as_json=as_json)


@app.command()
@terminal.told
def commit(
    turn: Round,
    nonce: Annotated[str, typer.Argument(help="Your secret; its SHA-256 is sent.")],
    as_json: terminal.AsJson = False,
) -> None:
    """Commit yourself to a secret as a witness of the draw. 提交承诺。"""
    with terminal.connect() as client:
        body = {"nonce_sha256": hashlib.sha256(nonce.encode()).hexdigest()}
        terminal.show(client.post(f"/v1/review-rounds/{turn}/commitments", body).body, as_json=as_json)


@app.command()
@terminal.told
def reveal(
    turn: Round,
    nonce: Annotated[str, typer.Argument(help="The secret committed to.")],
    as_json: terminal.AsJson = False,
) -> None:
    """Reveal your secret; the last witness's makes the seed. 揭示随机数。"""
    with terminal.connect() as client:
        terminal.show(client.post(f"/v1/review-rounds/{turn}/reveals", {"nonce": nonce}).body, as_json=as_json)


@app.command()
@terminal.told
def draw(turn: Round, as_json: terminal.AsJson = False) -> None:
    """Draw the sample of a round, once. 抽取案卷。"""
    _step(turn, "draw", None, dry_run=False, as_json=as_json)


def _step(turn: str, verb: str, body: terminal.Json | None, *, dry_run: bool, as_json: bool) -> None:
    with terminal.connect() as client, terminal.busy(f"{verb} …"):
        answer = client.move(f"/v1/review-rounds/{turn}", verb, body, dry_run=dry_run)
    terminal.show(answer.body, as_json=as_json, dry_run=dry_run)


@app.command()
@terminal.told
def draws(
    turn: Annotated[str | None, typer.Option("--round", help="Id of the round.")] = None, as_json: terminal.AsJson = False
) -> None:
    """List draws, void ones among them. 抽取记录列表。"""
    with terminal.connect() as client:
        terminal.table(client.items("/v1/draws", subject_id=turn), DRAW_COLUMNS, as_json=as_json)


@app.command("draw-record")
@terminal.told
def draw_record(
    draw_id: Annotated[str, typer.Argument(metavar="DRAW", help="Id of the draw.")],
    save: Annotated[Path | None, typer.Option(dir_okay=False, help="Write it to this file.")] = None,
) -> None:
    """The whole record of a draw as JSON, for checking offline. 抽取记录全文。"""
    with terminal.connect() as client:
        text = json.dumps(client.get(f"/v1/draws/{draw_id}").body, ensure_ascii=False, indent=1)
    if save is None:
        typer.echo(text)
        return
    save.write_text(text, encoding="utf-8")
    typer.echo(f"{save}: check it with ./zhifa reviews verify-draw {save}")


@app.command("verify-draw")
def verify_draw(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A saved record (reviews draw-record --save).")],
) -> None:
    """Recompute a saved draw offline: hashes, seed, tickets, sample. Exit code 1 when something is wrong. 离线核验抽取。"""
    done = subprocess.run([sys.executable, "-I", str(VERIFIER), str(file)], check=False)
    raise typer.Exit(done.returncode)
