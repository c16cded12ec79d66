"""`training-plans`: what each unit means to teach in a year."""

from __future__ import annotations

from typing import Annotated

import typer

from admin.commands import acts, terminal

app = terminal.noun("Training plans: list, show, create, check, owed, submit, approve, return, reopen. 培训计划。")
COLUMNS = ("title", "year", "kind", "state", "hours", "unit_id", "id")
OWED = ("unit_id", "kind", "state", "plan_id")
Plan = Annotated[str, typer.Argument(help="Id of the plan.")]
Kind = Annotated[str | None, typer.Option(help="annual or professional.")]


@app.command("list")
@terminal.told
def list_(
    unit: acts.OfUnit = None,
    year: Annotated[int | None, typer.Option(help="Calendar year.")] = None,
    kind: Kind = None,
    state: Annotated[str | None, typer.Option(help="draft, submitted, approved or returned.")] = None,
    limit: terminal.Most = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List training plans, newest first. 培训计划列表。"""
    acts.listed("/v1/training-plans", COLUMNS, as_json=as_json, unit=unit, limit=limit, year=year, kind=kind, state=state)


@app.command()
@terminal.told
def owed(
    year: acts.Year,
    unit: acts.OfUnit = None,
    kind: Kind = None,
    state: Annotated[str | None, typer.Option(help="missing, draft, submitted, approved or returned.")] = None,
    limit: terminal.Most = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List who owes a plan of the year and what there is of it; --state missing: who made none. 应编制的培训计划。"""
    acts.listed("/v1/training-plans/owed", OWED, as_json=as_json, unit=unit, limit=limit, year=year, kind=kind, state=state)


@app.command()
@terminal.told
def show(plan: Plan, as_json: terminal.AsJson = False) -> None:
    """Show one plan with its items. 培训计划详情。"""
    acts.shown(f"/v1/training-plans/{plan}", as_json=as_json)


@app.command()
@terminal.told
def create(file: terminal.JsonFile, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Draft a plan from a JSON file (fields of POST /v1/training-plans; `unit` is a unit's code). 编制培训计划。"""
    acts.created("/v1/training-plans", terminal.read_json(file), dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def check(plan: Plan, as_json: terminal.AsJson = False) -> None:
    """Tell what stands in the way of handing in, and which townships are missing; exit code 1 when something does. 核对。"""
    with terminal.connect() as client:
        found = client.get(f"/v1/training-plans/{plan}/check").body
    if as_json:
        terminal.show(found, as_json=True)
    else:
        typer.echo(f"{'may be handed in' if found['ok'] else 'not complete'}: {found['items']} items")
        terminal.table(found["townships"], ("name", "officers", "included", "unit_id"), as_json=False)
    if not found["ok"]:
        raise typer.Exit(terminal.REFUSED)


@app.command()
@terminal.told
def submit(plan: Plan, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Hand a plan in. 提交培训计划。"""
    _move(plan, "submit", None, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def approve(
    plan: Plan,
    reason: Annotated[str | None, typer.Option(help="A remark.")] = None,
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Approve a plan that was handed in. 批准培训计划。"""
    _move(plan, "approve", {"reason": reason}, dry_run=dry_run, as_json=as_json)


@app.command("return")
@terminal.told
def return_(plan: Plan, reason: acts.Why, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Send a plan back to its unit. 退回培训计划。"""
    _move(plan, "return", {"reason": reason}, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def reopen(plan: Plan, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Let the unit work on an approved plan again. 重新编制。"""
    _move(plan, "reopen", None, dry_run=dry_run, as_json=as_json)


def _move(plan: str, verb: str, body: terminal.Json | None, *, dry_run: bool, as_json: bool) -> None:
    acts.moved(f"/v1/training-plans/{plan}", verb, body, dry_run=dry_run, as_json=as_json)
