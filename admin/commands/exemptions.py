"""`exemptions`: who need not learn for a while, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from admin.commands import acts, terminal

app = terminal.noun("Exemptions from training hours: list, show, propose, approve, refuse, withdraw, end, revoke. 学时减免。")
COLUMNS = ("officer_id", "reason", "from_on", "to_on", "state", "id")
Exemption = Annotated[str, typer.Argument(help="Id of the exemption.")]


@app.command("list")
@terminal.told
def list_(
    unit: acts.OfUnit = None,
    officer: acts.OfOfficer = None,
    state: Annotated[str | None, typer.Option(help="proposed, approved, refused, withdrawn or revoked.")] = None,
    on: Annotated[str | None, typer.Option(help="Only those whose period holds this day, YYYY-MM-DD.")] = None,
    limit: terminal.Most = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List exemptions, newest first. 学时减免列表。"""
    filters = {"officer_id": officer, "state": state, "covers_on": on}
    acts.listed("/v1/exemptions", COLUMNS, as_json=as_json, unit=unit, limit=limit, **filters)


@app.command()
@terminal.told
def show(exemption: Exemption, as_json: terminal.AsJson = False) -> None:
    """Show one exemption; the ground in words stays closed. 学时减免详情。"""
    acts.shown(f"/v1/exemptions/{exemption}", as_json=as_json)


@app.command()
@terminal.told
def propose(
    officer: Annotated[str, typer.Argument(help="Id of the officer.")],
    reason: Annotated[str, typer.Option(help="Code of the reason, as GET /v1/exemption-reasons lists them.")],
    from_on: Annotated[str, typer.Option("--from", help="First day, YYYY-MM-DD.")],
    to_on: Annotated[str | None, typer.Option("--to", help="Last day; until it is ended without it.")] = None,
    ask_ground: Annotated[bool, typer.Option("--ground", help="Ask for the ground in words; it is kept encrypted.")] = False,
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Propose an exemption for an officer of the unit. 提出减免。"""
    ground = typer.prompt("ground", hide_input=True, err=True) if ask_ground else None
    told = {"officer_id": officer, "reason": reason, "from_on": from_on, "to_on": to_on, "ground": ground}
    body = {name: value for name, value in told.items() if value is not None}
    acts.created("/v1/exemptions", body, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def approve(
    exemption: Exemption,
    note: Annotated[str | None, typer.Option(help="A remark.")] = None,
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Approve what was proposed: the bureau. 批准减免。"""
    _move(exemption, "approve", {"note": note}, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def refuse(exemption: Exemption, reason: acts.Why, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Refuse what was proposed: the bureau. 不予减免。"""
    _move(exemption, "refuse", {"reason": reason}, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def withdraw(exemption: Exemption, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Take a proposal back. 撤回申请。"""
    _move(exemption, "withdraw", None, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def end(
    exemption: Exemption, on: acts.On, reason: acts.Why, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False
) -> None:
    """Let an exemption end with an earlier day. 提前结束减免。"""
    _move(exemption, "end", {"on": on, "reason": reason}, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def revoke(exemption: Exemption, reason: acts.Why, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Revoke an exemption from its beginning. 撤销减免。"""
    _move(exemption, "revoke", {"reason": reason}, dry_run=dry_run, as_json=as_json)


def _move(exemption: str, verb: str, body: terminal.Json | None, *, dry_run: bool, as_json: bool) -> None:
    acts.moved(f"/v1/exemptions/{exemption}", verb, body, dry_run=dry_run, as_json=as_json)
