"""`tasks`: the tasks of a plan, the scoreboard, and the assignments of the units."""

from __future__ import annotations

from typing import Annotated

import typer

from admin.commands import acts, assignments, scoreboards, terminal

app = terminal.noun("Tasks of the plan, assignments and the scoreboard. 任务。")
app.add_typer(assignments.app, name="assignments")
COLUMNS = ("kind", "number", "title", "id")
UNREPORTED = ("unit_name", "task_number", "task_title", "period_end", "working_days_since", "overdue", "last_reported_at")
NOTED = ("noted_on", "unit_name", "period_end", "level", "assignment_id")
MOMENT = "RFC 3339 in UTC: 2025-10-31T16:00:00Z."


@app.command("list")
@terminal.told
def list_(
    plan: Annotated[str | None, typer.Option(help="Id of the plan; else the plan in force.")] = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List the tasks of a plan. 任务列表。"""
    with terminal.connect() as client:
        chosen = plan or scoreboards.active_plan(client)["id"]
        terminal.table(client.items("/v1/tasks", plan_id=chosen), COLUMNS, as_json=as_json)


@app.command()
@terminal.told
def scoreboard(
    plan: Annotated[str | None, typer.Option(help="Id of the plan; else the plan in force.")] = None,
    year: Annotated[int | None, typer.Option(help="Only what is owed for this year, or for none.")] = None,
    as_of: Annotated[str | None, typer.Option(help="As recorded at this time (RFC 3339).")] = None,
    as_json: terminal.AsJson = False,
) -> None:
    """Show each task with the states of its assignments. 任务进度总览。"""
    with terminal.connect() as client:
        chosen = plan or scoreboards.active_plan(client)["id"]
        board = client.get("/v1/scoreboard", plan_id=chosen, year=year, as_of=as_of).body
    if as_json:
        terminal.show(board, as_json=True)
    else:
        scoreboards.draw(board)


@app.command()
@terminal.told
def changes(
    since: Annotated[str, typer.Option(help=MOMENT)],
    until: Annotated[str | None, typer.Option(help=f"{MOMENT} Else now.")] = None,
    plan: Annotated[str | None, typer.Option(help="Id of the plan; else the plan in force.")] = None,
    year: Annotated[int | None, typer.Option(help="Only what is owed for this year, or for none.")] = None,
    as_json: terminal.AsJson = False,
) -> None:
    """Show which assignments and obligations stood otherwise at two moments. 两个时刻的变化。"""
    with terminal.connect() as client:
        chosen = plan or scoreboards.active_plan(client)["id"]
        found = client.get("/v1/scoreboard/changes", **{"plan_id": chosen, "year": year, "from": since, "to": until}).body
    if as_json:
        terminal.show(found, as_json=True)
    else:
        terminal.table(scoreboards.moved(found), scoreboards.MOVED, as_json=False)


@app.command()
@terminal.told
def unreported(
    unit: acts.OfUnit = None,
    noted: Annotated[bool, typer.Option("--noted", help="What was noted and told up the line, whatever came since.")] = False,
    limit: terminal.Most = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List assignments on which nothing was reported for the last period. 未填报进展的任务。"""
    path = "/v1/progress-reports/missing"
    where, columns = (f"{path}/records", NOTED) if noted else (path, UNREPORTED)
    acts.listed(where, columns, as_json=as_json, unit=unit, limit=limit)
