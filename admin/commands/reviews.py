"""`reviews`: rubrics, rounds and reviews of case files."""

from __future__ import annotations

from typing import Annotated

import typer

from admin.commands import terminal

app = terminal.noun("Reviews of case files: rubrics, rounds, reviews, results. 案卷评查。")
rubrics = terminal.noun("Rubrics: list, show, publish. 评查标准。")
app.add_typer(rubrics, name="rubrics")
RUBRIC_COLUMNS = ("title", "state", "kinds", "content_hash", "id")
ROUND_COLUMNS = ("mode", "state", "files", "submitted", "campaign_id", "unit_id", "id")
REVIEW_COLUMNS = ("state", "total", "grade", "case_file_id", "round_id", "id")


@rubrics.command("list")
@terminal.told
def list_rubrics(
    state: Annotated[str | None, typer.Option(help="draft, published or superseded.")] = None, as_json: terminal.AsJson = False
) -> None:
    """List rubrics. 评查标准列表。"""
    with terminal.connect() as client:
        terminal.table(client.items("/v1/rubrics", state=state), RUBRIC_COLUMNS, as_json=as_json)


@rubrics.command("show")
@terminal.told
def show_rubric(rubric: Annotated[str, typer.Argument(help="Id of the rubric.")], as_json: terminal.AsJson = False) -> None:
    """Show one rubric with its items, vetoes and grades. 评查标准详情。"""
    with terminal.connect() as client:
        terminal.show(client.get(f"/v1/rubrics/{rubric}").body, as_json=as_json)


@rubrics.command("publish")
@terminal.told
def publish_rubric(
    rubric: Annotated[str, typer.Argument(help="Id of the draft.")],
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Publish a draft; its content never changes afterwards. 发布评查标准。"""
    with terminal.connect() as client:
        answer = client.move(f"/v1/rubrics/{rubric}", "publish", dry_run=dry_run)
    terminal.show(answer.body, as_json=as_json, dry_run=dry_run)


@app.command()
@terminal.told
def rounds(
    state: Annotated[str | None, typer.Option(help="State of the round.")] = None, as_json: terminal.AsJson = False
) -> None:
    """List review rounds. 评查轮次列表。"""
    with terminal.connect() as client:
        terminal.table(client.items("/v1/review-rounds", state=state), ROUND_COLUMNS, as_json=as_json)


@app.command("list")
@terminal.told
def list_(
    round_id: Annotated[str | None, typer.Option("--round", help="Id of the round.")] = None,
    state: Annotated[str | None, typer.Option(help="assigned, opened, draft, submitted or void.")] = None,
    limit: terminal.Most = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List reviews the caller may see. 评查列表。"""
    with terminal.connect() as client:
        terminal.table(client.items("/v1/reviews", most=limit, round_id=round_id, state=state), REVIEW_COLUMNS, as_json=as_json)


@app.command()
@terminal.told
def show(review: Annotated[str, typer.Argument(help="Id of the review.")], as_json: terminal.AsJson = False) -> None:
    """Show one review with its deductions, total and grade. 评查详情。"""
    with terminal.connect() as client:
        terminal.show(client.get(f"/v1/reviews/{review}").body, as_json=as_json)
