"""`plan`: plan documents and plans."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from admin.commands import lookups, terminal

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


def _tell(imported: terminal.Json, *, dry_run: bool) -> None:
    """What was understood of a document, and every line that a person should look at."""
    plan = imported["plan"]
    head = {name: plan.get(name) for name in ("title", "period_start", "period_end", "tasks", "requirements")}
    terminal.show(head if dry_run else head | {"id": plan["id"]}, as_json=False, dry_run=dry_run)
    for warning in imported["warnings"]:
        typer.echo(f"  line {warning['line']}: {warning['zh']} {warning['text']}")
