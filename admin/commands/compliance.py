"""`compliance`: who has the hours of a year, who will miss it, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from admin.commands import acts, terminal

app = terminal.noun("Compliance: officers, show, units, district, rotations, verify, export. 学时达标。")
OFFICERS = (
    "officer_id", "required_hours", "valid_hours", "missing_hours", "status", "forecast_hours", "forecast", "unit_id",
)  # fmt: skip
UNITS = ("unit_id", "officers", "met", "short", "rate", "forecast_short", "missing_hours")
ROTATIONS = ("unit_id", "officers", "covered", "missing", "rate", "complete", "owed")
AsOf = Annotated[str | None, typer.Option("--as-of", help="As recorded at this moment, RFC 3339 in UTC: 2025-10-31T16:00:00Z.")]


@app.command()
@terminal.told
def officers(
    year: acts.Year,
    unit: acts.OfUnit = None,
    status: Annotated[str | None, typer.Option(help="met or short.")] = None,
    forecast: Annotated[str | None, typer.Option(help="met or short: who will miss the year at the present pace.")] = None,
    as_of: AsOf = None,
    most_missing: Annotated[bool, typer.Option("--most-missing", help="Those who miss most first.")] = False,
    limit: terminal.Most = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List officers and what each owes, has and misses. 人员学时达标情况。"""
    acts.listed(
        "/v1/compliance/officers", OFFICERS, as_json=as_json, unit=unit, limit=limit, year=year, status=status,
        forecast=forecast, as_of=as_of, sort="-missing_hours" if most_missing else None,
    )  # fmt: skip


@app.command()
@terminal.told
def show(
    officer: Annotated[str, typer.Argument(help="Id of the officer.")],
    year: acts.Year,
    as_of: AsOf = None,
    as_json: terminal.AsJson = False,
) -> None:
    """Show one officer's year: the sum in one sentence, and the entries behind it. 个人学时明细。"""
    with terminal.connect() as client:
        found = client.get(f"/v1/compliance/officers/{officer}", year=year, as_of=as_of).body
    if as_json:
        terminal.show(found, as_json=True)
        return
    typer.echo(found["explanation"]["zh"])
    typer.echo(found["explanation"]["en"])
    terminal.table(found["entries"], ("occurred_on", "category", "hours", "source", "counts", "id"), as_json=False)


@app.command()
@terminal.told
def units(
    year: acts.Year,
    unit: acts.OfUnit = None,
    as_of: AsOf = None,
    limit: terminal.Most = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List units: how many officers have the hours, and how many will stay short. 单位学时达标情况。"""
    acts.listed("/v1/compliance/units", UNITS, as_json=as_json, unit=unit, limit=limit, year=year, as_of=as_of)


@app.command()
@terminal.told
def district(year: acts.Year, as_of: AsOf = None, as_json: terminal.AsJson = False) -> None:
    """Show the whole district in one row. 全区学时达标情况。"""
    acts.shown("/v1/compliance/district", as_json=as_json, year=year, as_of=as_of)


@app.command()
@terminal.told
def rotations(
    year: acts.Year,
    unit: acts.OfUnit = None,
    complete: Annotated[bool | None, typer.Option(help="Only (or no) organs whose rotation is complete.")] = None,
    owed: Annotated[bool | None, typer.Option(help="Only (or no) organs that owe one.")] = None,
    as_of: AsOf = None,
    limit: terminal.Most = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List how far the full rotation of each organ has come. 全员轮训。"""
    acts.listed(
        "/v1/rotations", ROTATIONS, as_json=as_json, unit=unit, limit=limit, year=year, complete=complete, owed=owed, as_of=as_of
    )


@app.command()
@terminal.told
def verify(as_json: terminal.AsJson = False) -> None:
    """Compare the running sums with the entries of the ledger; exit code 1 when they differ. 核对学时累计。"""
    with terminal.connect() as client, terminal.busy("comparing sums with entries"):
        found = client.get("/v1/compliance/verification").body
    terminal.show(found, as_json=as_json)
    if not found["ok"]:
        raise typer.Exit(terminal.REFUSED)
