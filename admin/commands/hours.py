"""`hours`: the ledger of training hours."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from admin.commands import acts, hour_files, terminal

app = terminal.noun("Training hours: post, confirm, refuse, reverse, list, import, export, compliance, verify the ledger. 学时。")
app.add_typer(hour_files.app)
ENTRY_COLUMNS = ("sequence", "officer_id", "category", "hours", "occurred_on", "state", "id")
Entry = Annotated[str, typer.Argument(help="Id of the entry.")]
COMPLIANCE_COLUMNS = ("officer_id", "unit_id", "required_hours", "valid_hours", "missing_hours", "status")


@app.command()
@terminal.told
def post(
    officer: Annotated[str, typer.Argument(help="Id of the officer.")],
    hours: Annotated[float, typer.Option(help="Class hours, at most two decimals.")],
    category: Annotated[str, typer.Option(help="public_law, business, skills or political.")],
    on: Annotated[str, typer.Option(help="Day, YYYY-MM-DD.")],
    source: Annotated[str, typer.Option(help="class, online, teaching or self_study.")] = "self_study",
    note: Annotated[str | None, typer.Option(help="Remark.")] = None,
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Enter hours of one officer. 登记学时。"""
    body: dict[str, Any] = {"officer_id": officer, "hours": hours, "category": category, "occurred_on": on, "source": source}
    if note is not None:
        body["note"] = note
    acts.created("/v1/hour-entries", body, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def reverse(
    entry: Entry,
    reason: Annotated[str, typer.Option(help="Why; stands in the ledger.")],
    effective: Annotated[str, typer.Option(help="Counted back in the year of the `original`, or `today`.")] = "original",
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Reverse a posted entry by a new one; nothing is ever changed or deleted. 冲正学时。"""
    body = {"reason": reason, "effective": effective}
    acts.moved(f"/v1/hour-entries/{entry}", "reversal", body, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def confirm(entry: Entry, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Confirm hours that an officer has reported: the unit's leader or the bureau. 确认自报学时。"""
    acts.moved(f"/v1/hour-entries/{entry}", "confirm", dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def refuse(
    entry: Entry,
    reason: Annotated[str, typer.Option(help="Why; told to whoever reported it.")],
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Refuse reported hours: the unit's leader or the bureau. 退回自报学时。"""
    acts.moved(f"/v1/hour-entries/{entry}", "refuse", {"reason": reason}, dry_run=dry_run, as_json=as_json)


@app.command("list")
@terminal.told
def list_(
    officer: acts.OfOfficer = None,
    unit: acts.OfUnit = None,
    year: Annotated[int | None, typer.Option(help="Year the hours count for.")] = None,
    state: Annotated[str | None, typer.Option(help="pending, posted or refused.")] = None,
    limit: terminal.Most = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List entries of the ledger. 学时台账。"""
    filters = {"officer_id": officer, "year": year, "state": state}
    acts.listed("/v1/hour-entries", ENTRY_COLUMNS, as_json=as_json, unit=unit, limit=limit, **filters)


@app.command()
@terminal.told
def compliance(
    year: Annotated[int, typer.Option(help="Calendar year.")],
    unit: acts.OfUnit = None,
    status: Annotated[str | None, typer.Option(help="met or short.")] = None,
    as_json: terminal.AsJson = False,
) -> None:
    """Show who has the 60 class hours of a year, and who lacks how many. 学时达标情况。"""
    acts.listed("/v1/compliance/officers", COMPLIANCE_COLUMNS, as_json=as_json, unit=unit, year=year, status=status)


@app.command()
@terminal.told
def head(
    out: Annotated[Path | None, typer.Option(dir_okay=False, help="File to keep it in.")] = None,
    as_json: terminal.AsJson = False,
) -> None:
    """Show the signed head of the ledger; kept elsewhere, it proves later that nothing was bent. 学时链末端。"""
    with terminal.connect() as client:
        found = client.get("/v1/ledger/head").body
    if out is not None:
        out.write_text(terminal.json_of(found), encoding="utf-8")
    terminal.show(found, as_json=as_json)


@app.command()
@terminal.told
def verify(
    file: Annotated[
        Path | None, typer.Argument(exists=True, dir_okay=False, help="Exported ledger; without it the server's.")
    ] = None,
    head: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Head kept earlier, for an exported ledger.")
    ] = None,
    keys: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Public keys, to check the head's signature.")
    ] = None,
    as_json: terminal.AsJson = False,
) -> None:
    """Verify the chain of the ledger: the server's, or offline an exported one; exit code 1 when broken. 核验学时台账。"""
    if file is not None:
        if head is None:
            raise terminal.usage("an exported ledger is checked against a head: --head HEADFILE")
        _verify_file(file, terminal.read_json(head), terminal.read_json(keys) if keys else None, as_json=as_json)
        return
    with terminal.connect() as client, terminal.busy("verifying the ledger"):
        found = client.get("/v1/ledger/verification").body
    terminal.show(found, as_json=as_json)
    if not found["ok"]:
        raise typer.Exit(terminal.REFUSED)


def _verify_file(file: Path, kept: terminal.Json, keys: terminal.Json | None, *, as_json: bool) -> None:
    """Needs no server, and calls none."""
    from admin import ledger_proof

    try:
        signed_by = ledger_proof.check_signature(kept, keys) if keys is not None else None
        with file.open(encoding="utf-8") as lines:
            proven = ledger_proof.check(lines, kept)
    except (ledger_proof.Broken, KeyError) as broken:
        what, place = (broken.what, broken.sequence) if isinstance(broken, ledger_proof.Broken) else ("not a head", None)
        terminal.show({"ok": False, "fault": what, "at_sequence": place}, as_json=as_json)
        raise typer.Exit(terminal.REFUSED) from None
    told: terminal.Json = {"ok": True, "checked": proven.links, "behind_the_head": proven.beyond, "entries": proven.entries}
    terminal.show(told | {"decisions": proven.decisions, "signed_by": signed_by or "not checked"}, as_json=as_json)
