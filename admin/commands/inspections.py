"""`inspections`: proposals of the year, the year's plan, and what was carried out."""

from __future__ import annotations

from typing import Annotated

import typer

from admin.commands import acts, terminal

app = terminal.noun(
    "综合查一次: list, show, record, void, proposals, propose, plans, plan, merge, submit, approve, return. 综合查一次。"
)
COLUMNS = ("object_name", "inspected_on", "result", "visits_saved", "state", "unit_id", "id")
PROPOSALS = ("object_name", "year", "first_on", "last_on", "late", "state", "unit_id", "id")
PLANS = ("title", "year", "state", "submitted_on", "approved_on", "id")
ITEMS = ("object_name", "first_on", "last_on", "wording", "state", "done_on", "id")
Plan = Annotated[str, typer.Argument(help="Id of the year's plan.")]
Inspection = Annotated[str, typer.Argument(help="Id of the inspection.")]


@app.command("list")
@terminal.told
def list_(unit: acts.OfUnit = None, limit: terminal.Most = None, as_json: terminal.AsJson = False) -> None:
    """List inspections carried out. 检查记录。"""
    acts.listed("/v1/inspections", COLUMNS, as_json=as_json, unit=unit, limit=limit)


@app.command()
@terminal.told
def show(inspection: Inspection, as_json: terminal.AsJson = False) -> None:
    """Show one inspection. 检查详情。"""
    acts.shown(f"/v1/inspections/{inspection}", as_json=as_json)


@app.command()
@terminal.told
def record(file: terminal.JsonFile, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Record an inspection from a JSON file (fields of POST /v1/inspections; `unit` is a unit's code). 登记检查。"""
    acts.created("/v1/inspections", terminal.read_json(file), dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def void(inspection: Inspection, note: acts.Why, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Declare a record void. 作废。"""
    acts.moved(f"/v1/inspections/{inspection}", "void", {"note": note}, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def proposals(
    unit: acts.OfUnit = None,
    year: Annotated[int | None, typer.Option(help="Calendar year.")] = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List what departments mean to inspect. 检查计划建议。"""
    acts.listed("/v1/inspection-proposals", PROPOSALS, as_json=as_json, unit=unit, year=year)


@app.command()
@terminal.told
def propose(file: terminal.JsonFile, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Propose a visit from a JSON file (fields of POST /v1/inspection-proposals; `unit` is a unit's code). 提出检查计划。"""
    acts.created("/v1/inspection-proposals", terminal.read_json(file), dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def plans(as_json: terminal.AsJson = False) -> None:
    """List the plans of the years. 年度计划列表。"""
    acts.listed("/v1/inspection-plans", PLANS, as_json=as_json)


@app.command()
@terminal.told
def plan(plan: Plan, as_json: terminal.AsJson = False) -> None:
    """Show the visits of a plan: how many become one. 年度计划的检查事项。"""
    acts.listed(f"/v1/inspection-plans/{plan}/items", ITEMS, as_json=as_json)


@app.command()
@terminal.told
def begin(
    year: acts.Year,
    title: Annotated[str, typer.Option(help="Title of the plan.")],
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Begin the plan of a year. 建立年度计划。"""
    acts.created("/v1/inspection-plans", {"year": year, "title": title}, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def merge(plan: Plan, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Make the fewest visits of all proposals; --dry-run shows what it would come to. 合并。"""
    acts.moved(f"/v1/inspection-plans/{plan}", "merge", dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def submit(plan: Plan, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Hand the plan to the government. 报送。"""
    acts.moved(f"/v1/inspection-plans/{plan}", "submit", dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def approve(
    plan: Plan,
    number: Annotated[str | None, typer.Option(help="Number of the approval.")] = None,
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Approve the plan, for the government. 审定。"""
    acts.moved(f"/v1/inspection-plans/{plan}", "approve", {"approval_number": number}, dry_run=dry_run, as_json=as_json)


@app.command("return")
@terminal.told
def send_back(plan: Plan, note: acts.Why, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Return the plan, for the government. 退回。"""
    acts.moved(f"/v1/inspection-plans/{plan}", "return", {"note": note}, dry_run=dry_run, as_json=as_json)
