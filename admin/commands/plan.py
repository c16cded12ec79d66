"""`plan`: plan documents and plans."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from admin.commands import acts, lookups, terminal

app = terminal.noun("Plans: import a document, list, show, activate. 方案。")
COLUMNS = ("title", "state", "period_start", "period_end", "id")
Plan = Annotated[str, typer.Argument(help="Id of the plan.")]


@app.command("import")
@terminal.told
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Plan document, .txt or .docx.")],
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Read a plan document into a draft plan; with --dry-run show what was understood, and warnings. 导入计划文件。"""
    with terminal.connect() as client, terminal.busy(f"reading {file.name}"):
        answer = client.post("/v1/plan-imports", files=lookups.form_file(file), dry_run=dry_run)
    if as_json:
        terminal.show(answer.body, as_json=True)
    else:
        _tell(answer.body, dry_run=dry_run)


@app.command("list")
@terminal.told
def list_(
    state: Annotated[str | None, typer.Option(help="draft, active or closed.")] = None, as_json: terminal.AsJson = False
) -> None:
    """List plans. 计划列表。"""
    with terminal.connect() as client:
        terminal.table(client.items("/v1/plans", state=state), COLUMNS, as_json=as_json)


@app.command()
@terminal.told
def show(plan: Plan, as_json: terminal.AsJson = False) -> None:
    """Show one plan. 计划详情。"""
    with terminal.connect() as client:
        terminal.show(client.get(f"/v1/plans/{plan}").body, as_json=as_json)


@app.command()
@terminal.told
def activate(plan: Plan, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Put a draft plan into force: groups are fixed and assignments issued. 下达计划。"""
    with terminal.connect() as client, terminal.busy("issuing assignments"):
        answer = client.move(f"/v1/plans/{plan}", "activate", dry_run=dry_run)
    terminal.show(answer.body, as_json=as_json, dry_run=dry_run)


@app.command()
@terminal.told
def versions(plan: Plan, as_json: terminal.AsJson = False) -> None:
    """List the versions of a plan: since when, why, and what each change did. 方案版本。"""
    with terminal.connect() as client:
        found = list(client.items(f"/v1/plans/{plan}/versions"))
    shown = found if as_json else [each | {"did": _counts(each["counts"])} for each in found]
    terminal.table(shown, ("number", "recorded_at", "reason", "did", "made_by_name"), as_json=as_json)


@app.command()
@terminal.told
def revise(
    plan: Plan,
    draft: Annotated[str, typer.Option(help="Id of the draft that holds the plan as it shall stand.")],
    reason: acts.Why,
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Change a plan in force to what a draft says; with --dry-run show what that would do. 调整执行中的方案。"""
    with terminal.connect() as client, terminal.busy("settling assignments"):
        answer = client.move(f"/v1/plans/{plan}", "versions", {"draft_id": draft, "reason": reason}, dry_run=dry_run)
    shown = answer.body if as_json else {name: answer.body.get(name) for name in ("number", "reason", "counts")}
    terminal.show(shown, as_json=as_json, dry_run=dry_run)


@app.command()
@terminal.told
def compare(
    plan: Plan,
    number: Annotated[int, typer.Argument(help="Number of the later version.")],
    since: Annotated[int | None, typer.Option(help="Number of the earlier version; the one before without this.")] = None,
    as_json: terminal.AsJson = False,
) -> None:
    """Show what a version has otherwise than an earlier one. 比较两个版本。"""
    with terminal.connect() as client:
        found = client.get(f"/v1/plans/{plan}/versions/{number}/comparison", since=since).body
    if as_json:
        terminal.show(found, as_json=True)
        return
    rows = [each | {"differs": ", ".join(one["name"] for one in each["fields"])} for each in found["tasks"]]
    terminal.table(rows, ("kind", "number", "change", "title", "differs"), as_json=False)


def _counts(counts: terminal.Json) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count)


def _tell(imported: terminal.Json, *, dry_run: bool) -> None:
    """What was understood of a document, and every line that a person should look at."""
    plan = imported["plan"]
    head = {name: plan.get(name) for name in ("title", "period_start", "period_end", "tasks", "requirements")}
    terminal.show(head if dry_run else head | {"id": plan["id"]}, as_json=False, dry_run=dry_run)
    for warning in imported["warnings"]:
        typer.echo(f"  line {warning['line']}: {warning['zh']} {warning['text']}")
