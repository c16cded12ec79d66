"""`tasks assignments`: what each unit owes, and the moves from signing to approval."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from admin.commands import lookups, terminal

app = terminal.noun("Assignments: list, show, sign, start, report, submit, return, approve and so on. 任务交办。")
COLUMNS = ("unit_id", "task_id", "role", "year", "due_on", "state", "lamp", "late_days", "id")
Assignment = Annotated[str, typer.Argument(help="Id of the assignment.")]
MOVES = {
    "sign": "Sign for it: the unit's leader. 签收。",
    "start": "Begin the work. 开始办理。",
    "submit": "Hand it in: the unit's leader. 报送。",
    "return": "Send it back, with --reason: the bureau. 退回。",
    "approve": "Approve it: the bureau. 办结。",
    "suspend": "Stop its clock, with --reason: the bureau. 中止。",
    "resume": "Let its clock run again: the bureau. 恢复。",
    "void": "Withdraw it, with --reason: the bureau. 作废。",
}


@app.command("list")
@terminal.told
def list_(
    unit: Annotated[str | None, typer.Option(help="Code of the unit.")] = None,
    state: Annotated[str | None, typer.Option(help="One state or several, separated by commas.")] = None,
    lamp: Annotated[str | None, typer.Option(help="green, yellow, red or grey.")] = None,
    year: Annotated[int | None, typer.Option(help="Year owed for.")] = None,
    limit: terminal.Most = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List assignments, the next due first. 任务交办列表。"""
    with terminal.connect() as client:
        unit_id = lookups.unit_id(client, unit) if unit else None
        filters = {"unit_id": unit_id, "state__in": state, "lamp": lamp, "year": year}
        terminal.table(client.items("/v1/assignments", most=limit, **filters), COLUMNS, as_json=as_json)


@app.command()
@terminal.told
def show(assignment: Assignment, as_json: terminal.AsJson = False) -> None:
    """Show one assignment with what may be done to it. 任务交办详情。"""
    with terminal.connect() as client:
        terminal.show(client.get(f"/v1/assignments/{assignment}").body, as_json=as_json)


@app.command()
@terminal.told
def report(
    assignment: Assignment,
    text: Annotated[str, typer.Option(help="What was done.")],
    period: Annotated[str, typer.Option(help="Period reported on, such as 2025年第三季度.")],
    percent: Annotated[int, typer.Option(min=0, max=100, help="How much of it is done.")],
    attach: Annotated[list[Path] | None, typer.Option(exists=True, dir_okay=False, help="Evidence file; repeatable.")] = None,
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Report progress, with evidence files. 填报进展。"""
    with terminal.connect() as client:
        body = {"text": text, "period": period, "percent": percent}
        if attach and not dry_run:
            body["attachment_ids"] = [lookups.upload(client, path) for path in terminal.progress(attach, "uploading")]
        answer = client.post(f"/v1/assignments/{assignment}/progress-reports", body, dry_run=dry_run)
    terminal.show(answer.body, as_json=as_json, dry_run=dry_run)


@app.command()
@terminal.told
def reassign(
    assignment: Assignment,
    unit: Annotated[str, typer.Option(help="Code of the unit that takes it over.")],
    reason: terminal.Reason = None,
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Give it to another unit: the bureau. 转交。"""
    with terminal.connect() as client:
        body = {"unit_id": lookups.unit_id(client, unit)}
        answer = client.move(f"/v1/assignments/{assignment}", "reassign", body, dry_run=dry_run, reason=reason)
    terminal.show(answer.body, as_json=as_json, dry_run=dry_run)


def _mover(verb: str, text: str) -> None:
    @terminal.told
    def move(
        assignment: Assignment,
        reason: terminal.Reason = None,
        dry_run: terminal.DryRun = False,
        as_json: terminal.AsJson = False,
    ) -> None:
        with terminal.connect() as client:
            answer = client.move(f"/v1/assignments/{assignment}", verb, dry_run=dry_run, reason=reason)
        terminal.show(answer.body, as_json=as_json, dry_run=dry_run)

    app.command(verb, help=text)(move)


for _verb, _text in MOVES.items():
    _mover(_verb, _text)
