"""`hours`: the ledger of training hours."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from admin.commands import lookups, terminal

app = terminal.noun("Training hours: post, confirm, refuse, reverse, list, compliance, verify the ledger. 学时。")
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
    with terminal.connect() as client:
        terminal.show(client.post("/v1/hour-entries", body, dry_run=dry_run).body, as_json=as_json, dry_run=dry_run)


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
    with terminal.connect() as client:
        body = {"reason": reason, "effective": effective}
        answer = client.move(f"/v1/hour-entries/{entry}", "reversal", body, dry_run=dry_run)
    terminal.show(answer.body, as_json=as_json, dry_run=dry_run)


@app.command()
@terminal.told
def confirm(entry: Entry, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Confirm hours that an officer has reported: the unit's leader or the bureau. 确认自报学时。"""
    with terminal.connect() as client:
        answer = client.move(f"/v1/hour-entries/{entry}", "confirm", dry_run=dry_run)
    terminal.show(answer.body, as_json=as_json, dry_run=dry_run)


@app.command()
@terminal.told
def refuse(
    entry: Entry,
    reason: Annotated[str, typer.Option(help="Why; told to whoever reported it.")],
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Refuse reported hours: the unit's leader or the bureau. 退回自报学时。"""
    with terminal.connect() as client:
        answer = client.move(f"/v1/hour-entries/{entry}", "refuse", {"reason": reason}, dry_run=dry_run)
    terminal.show(answer.body, as_json=as_json, dry_run=dry_run)


@app.command("list")
@terminal.told
def list_(
    officer: Annotated[str | None, typer.Option(help="Id of the officer.")] = None,
    year: Annotated[int | None, typer.Option(help="Year the hours count for.")] = None,
    state: Annotated[str | None, typer.Option(help="pending, posted or refused.")] = None,
    limit: terminal.Most = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List entries of the ledger. 学时台账。"""
    with terminal.connect() as client:
        found = client.items("/v1/hour-entries", most=limit, officer_id=officer, year=year, state=state)
        terminal.table(found, ENTRY_COLUMNS, as_json=as_json)


@app.command()
@terminal.told
def compliance(
    year: Annotated[int, typer.Option(help="Calendar year.")],
    unit: Annotated[str | None, typer.Option(help="Code of the unit.")] = None,
    status: Annotated[str | None, typer.Option(help="met or short.")] = None,
    as_json: terminal.AsJson = False,
) -> None:
    """Show who has the 60 class hours of a year, and who lacks how many. 学时达标情况。"""
    with terminal.connect() as client:
        unit_id = lookups.unit_id(client, unit) if unit else None
        found = client.items("/v1/compliance/officers", year=year, unit_id=unit_id, status=status)
        terminal.table(found, COMPLIANCE_COLUMNS, as_json=as_json)


@app.command()
@terminal.told
def verify(as_json: terminal.AsJson = False) -> None:
    """Verify the chain of the ledger; exit code 1 when it is broken. 核验学时台账。"""
    with terminal.connect() as client, terminal.busy("verifying the ledger"):
        found = client.get("/v1/ledger/verification").body
    terminal.show(found, as_json=as_json)
    if not found["ok"]:
        raise typer.Exit(terminal.REFUSED)
