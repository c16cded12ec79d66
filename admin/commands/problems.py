"""`problems`: the list of problems, and the summaries of it."""

from __future__ import annotations

from typing import Annotated

import typer

from admin.commands import acts, terminal

app = terminal.noun(
    "Problem list: list, show, history, create, measure, submit, return, close, reopen, void, summaries. 突出问题清单。"
)
COLUMNS = ("title", "kind", "source", "state", "lamp", "due_on", "unit_id", "id")
SUMMARIES = ("title", "scope", "period_start", "period_end", "state", "submitted_on", "unit_id", "id")
Problem = Annotated[str, typer.Argument(help="Id of the problem.")]
Note = Annotated[str | None, typer.Option(help="What the check found.")]


@app.command("list")
@terminal.told
def list_(
    unit: acts.OfUnit = None,
    state: Annotated[str | None, typer.Option(help="listed, rectifying, submitted, closed or void.")] = None,
    lamp: Annotated[str | None, typer.Option(help="green, yellow, red or grey.")] = None,
    limit: terminal.Most = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List problems, newest first. 突出问题清单。"""
    acts.listed("/v1/problems", COLUMNS, as_json=as_json, unit=unit, limit=limit, state=state, lamp=lamp)


@app.command()
@terminal.told
def show(problem: Problem, as_json: terminal.AsJson = False) -> None:
    """Show one problem. 问题详情。"""
    acts.shown(f"/v1/problems/{problem}", as_json=as_json)


@app.command()
@terminal.told
def history(problem: Problem, as_json: terminal.AsJson = False) -> None:
    """Show what was done with it. 办理经过。"""
    with terminal.connect() as client:
        moves = client.get(f"/v1/problems/{problem}/history").body["items"]
    terminal.table(moves, ("recorded_at", "verb", "state_after", "due_on", "actor_name", "note"), as_json=as_json)


@app.command()
@terminal.told
def create(file: terminal.JsonFile, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """List a problem from a JSON file (fields of POST /v1/problems; `unit` is a unit's code). 列入问题。"""
    acts.created("/v1/problems", terminal.read_json(file), dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def measure(
    problem: Problem,
    measures: Annotated[str, typer.Option(help="What will be done.")],
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Say what will be done. 制定整改措施。"""
    acts.moved(f"/v1/problems/{problem}", "measure", {"measures": measures}, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def submit(
    problem: Problem,
    result: Annotated[str, typer.Option(help="What was done.")],
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Hand in what was done. 报送整改结果。"""
    acts.moved(f"/v1/problems/{problem}", "submit", {"result": result}, dry_run=dry_run, as_json=as_json)


@app.command("return")
@terminal.told
def send_back(problem: Problem, note: acts.Why, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Return the result with a reason. 退回。"""
    acts.moved(f"/v1/problems/{problem}", "return", {"note": note}, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def close(problem: Problem, note: Note = None, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Strike it off after a check by another person. 核查销号。"""
    acts.moved(f"/v1/problems/{problem}", "close", {"note": note}, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def reopen(
    problem: Problem,
    note: acts.Why,
    days: Annotated[int, typer.Option(help="The new limit in working days.")],
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Open a problem again that was struck off. 重新打开。"""
    body = {"note": note, "limit": {"days": days}}
    acts.moved(f"/v1/problems/{problem}", "reopen", body, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def void(problem: Problem, note: acts.Why, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Take a problem off the list that was none. 作废。"""
    acts.moved(f"/v1/problems/{problem}", "void", {"note": note}, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def summaries(
    unit: acts.OfUnit = None,
    scope: Annotated[str | None, typer.Option(help="unit or district.")] = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List summaries of the problem list. 总结材料。"""
    acts.listed("/v1/problem-summaries", SUMMARIES, as_json=as_json, unit=unit, scope=scope)
