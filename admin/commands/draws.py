"""`draws`: random draws of objects and inspectors, and their check by anybody."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from admin.commands import acts, terminal

app = terminal.noun("Random draws: list, show, freeze, seed, draw, substitute, void, verify. 双随机。")
COLUMNS = ("title", "year", "state", "frame_size", "sample_size", "frame_sha256", "id")
# The stand-alone script that outsiders use as well.
VERIFIER = Path(__file__).resolve().parents[2] / "docs" / "verify_draw.py"
Draw = Annotated[str, typer.Argument(help="Id of the draw.")]


@app.command("list")
@terminal.told
def list_(
    unit: acts.OfUnit = None,
    year: Annotated[int | None, typer.Option(help="Calendar year.")] = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List random draws, latest first. 双随机列表。"""
    acts.listed("/v1/random-draws", COLUMNS, as_json=as_json, unit=unit, year=year)


@app.command()
@terminal.told
def show(draw: Draw, save: Annotated[Path | None, typer.Option(help="Write the record to this file.")] = None) -> None:
    """Print the whole record, or save it for `draws verify`. 抽取记录。"""
    with terminal.connect() as client:
        text = json.dumps(client.get(f"/v1/random-draws/{draw}").body, ensure_ascii=False, indent=1)
    if save is None:
        typer.echo(text)
        return
    save.write_text(text, encoding="utf-8")
    typer.echo(f"{save}: check it with ./zhifa draws verify {save}")


@app.command()
@terminal.told
def freeze(file: terminal.JsonFile, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Freeze lists from a JSON file (fields of POST /v1/random-draws; `unit` is a unit's code). 冻结名单。"""
    acts.created("/v1/random-draws", terminal.read_json(file), dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def seed(
    draw: Draw,
    seed: Annotated[str, typer.Option(help="The seed, a text.")],
    source: Annotated[str, typer.Option(help="Where it comes from.")],
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Give the seed from outside. 登记种子。"""
    acts.moved(f"/v1/random-draws/{draw}", "seed", {"seed": seed, "source": source}, dry_run=dry_run, as_json=as_json)


@app.command("draw")
@terminal.told
def draw_(draw: Draw, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Draw, once. 抽取。"""
    acts.moved(f"/v1/random-draws/{draw}", "draw", dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def substitute(
    draw: Draw,
    entry: Annotated[str, typer.Option(help="Id in the sample, for instance I:13010001.")],
    reason: acts.Why,
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Put the next one in the place of one who must recuse himself. 回避替换。"""
    body = {"id": entry, "reason": reason}
    acts.moved(f"/v1/random-draws/{draw}", "substitutions", body, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def void(draw: Draw, note: acts.Why, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Void a draw; it stays on record. 作废。"""
    acts.moved(f"/v1/random-draws/{draw}", "void", {"note": note}, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def verify(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A saved record (draws show --save).")],
) -> None:
    """Recompute a saved draw offline: hashes, seed, tickets, sample. Exit code 1 when something is wrong. 离线核验。"""
    done = subprocess.run([sys.executable, "-I", str(VERIFIER), str(file)], check=False)
    raise typer.Exit(done.returncode)
