"""`obligations`: what the plan asks of each unit, how much the records show, who is behind and why."""

from __future__ import annotations

from typing import Annotated

import typer

from admin.commands import acts, lookups, terminal

app = terminal.noun("Obligations: list, definitions, records, ranking, changes, declare, record. 可核验义务。")
COLUMNS = ("id", "unit_name", "value", "threshold", "status", "due_on", "self_declared", "measure")
RANKED = ("rank", "unit_name", "owed", "met", "missed", "at_risk", "rate", "behind")
CHANGED = ("id", "unit_name", "value_before", "value_after", "status_before", "status_after")
BEHIND = ("on", "type", "unit_name", "counts", "url")
DEFINED = ("id", "basis", "tasks", "requirements", "declarable", "measure")
Moment = "RFC 3339 in UTC: 2025-10-31T16:00:00Z."
AsOf = Annotated[str | None, typer.Option("--as-of", help=f"As recorded at this moment, {Moment}")]


@app.command("list")
@terminal.told
def list_(
    year: acts.Year,
    unit: acts.OfUnit = None,
    obligation: Annotated[str | None, typer.Option("--id", help="O2a … R3.")] = None,
    status: Annotated[str | None, typer.Option(help="met, on_track, at_risk, missed or not_applicable.")] = None,
    as_of: AsOf = None,
    limit: terminal.Most = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List what each unit owes in a year and where it stands. 义务完成情况。"""
    acts.listed(
        "/v1/obligations", COLUMNS, as_json=as_json, unit=unit, limit=limit, year=year, id=obligation, status=status, as_of=as_of
    )


@app.command()
@terminal.told
def definitions(as_json: terminal.AsJson = False) -> None:
    """List every obligation, the tasks it comes from, and what is measured. 义务目录。"""
    with terminal.connect() as client:
        terminal.table(client.get("/v1/obligations/definitions").body["items"], DEFINED, as_json=as_json)


@app.command()
@terminal.told
def records(
    obligation: Annotated[str, typer.Argument(help="O1 … R3.")],
    year: acts.Year,
    unit: acts.OfUnit = None,
    limit: terminal.Most = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List the records behind an obligation and which of them count. 所依据的记录。"""
    acts.listed(f"/v1/obligations/{obligation}/records", BEHIND, as_json=as_json, unit=unit, limit=limit, year=year)


@app.command()
@terminal.told
def ranking(year: acts.Year, as_of: AsOf = None, as_json: terminal.AsJson = False) -> None:
    """Rank units by the share of their obligations that is met. 单位排名。"""
    with terminal.connect() as client:
        terminal.table(client.get("/v1/obligations/ranking", year=year, as_of=as_of).body["units"], RANKED, as_json=as_json)


@app.command()
@terminal.told
def changes(
    year: acts.Year,
    since: Annotated[str, typer.Option(help=Moment)],
    until: Annotated[str | None, typer.Option(help=Moment)] = None,
    as_json: terminal.AsJson = False,
) -> None:
    """Show what stood otherwise at two moments. 两个时刻的变化。"""
    with terminal.connect() as client:
        found = client.get("/v1/obligations/changes", **{"year": year, "from": since, "to": until}).body
        terminal.table(found["changes"], CHANGED, as_json=as_json)


@app.command()
@terminal.told
def declare(
    obligation: Annotated[str, typer.Argument(help="O19, O22 or O23.")],
    year: acts.Year,
    unit: acts.Unit,
    value: Annotated[int, typer.Option(help="The number.")],
    note: Annotated[str, typer.Option(help="What it rests on.")],
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Declare a number that no record shows; it is marked so wherever it is told. 自行申报。"""
    with terminal.connect() as client:
        body = {"unit_id": lookups.unit_id(client, unit), "year": year, "value": value, "note": note}
        answer = client.post(f"/v1/obligations/{obligation}/declarations", body, dry_run=dry_run)
    terminal.show(answer.body, as_json=as_json, dry_run=dry_run)


@app.command()
@terminal.told
def record(dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Keep what differs from what was kept last, at once. 立即留存。"""
    with terminal.connect() as client:
        terminal.show(client.post("/v1/obligations/recordings", dry_run=dry_run).body, as_json=as_json, dry_run=dry_run)
