"""`reports`: work reports to the government, from the figures to the file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from admin.commands import acts, terminal

if TYPE_CHECKING:
    from admin import client as clients

app = terminal.noun("Reports: make, list, show, save, refresh, approve, send, void. 执法工作情况报告。")
COLUMNS = ("title", "kind", "period_start", "period_end", "state", "sent_on", "id")
Report = Annotated[str, typer.Argument(help="Id of the report.")]


@app.command()
@terminal.told
def make(
    kind: Annotated[str, typer.Argument(help="quarterly, annual or special.")],
    year: acts.Year,
    quarter: Annotated[int | None, typer.Option(help="1 to 4, for a quarterly report.")] = None,
    start: Annotated[str | None, typer.Option("--from", help="First day of a special report.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Last day of a special report.")] = None,
    title: Annotated[str | None, typer.Option(help="Made from kind and period where none is given.")] = None,
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Gather the figures of a period into a draft, and wait for it. 生成报告。"""
    wanted = {"kind": kind, "year": year, "quarter": quarter, "period_start": start, "period_end": end, "title": title}
    body = {name: value for name, value in wanted.items() if value is not None}
    with terminal.connect() as client:
        answer = client.post("/v1/reports", body, dry_run=dry_run)
        if dry_run:
            terminal.show(answer.body, as_json=as_json, dry_run=True)
            return
        _show_made(client, str(answer.headers["Location"]), as_json=as_json)


def _show_made(client: clients.Client, location: str, *, as_json: bool) -> None:
    with terminal.bar("gathering figures") as moved:
        done = client.operation(location, lambda state: moved(state["progress"]))
    found = client.get(done["result_url"]).body
    if as_json:
        terminal.show(found, as_json=True)
        return
    typer.echo(f"{found['title']}  {found['id']}")
    terminal.table(found["data"]["indicators"], ("title", "value", "form"), as_json=False)


@app.command("list")
@terminal.told
def list_(
    kind: Annotated[str | None, typer.Option(help="quarterly, annual or special.")] = None,
    state: Annotated[str | None, typer.Option(help="gathering, draft, approved, sent or void.")] = None,
    limit: terminal.Most = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List reports, the latest period first. 报告列表。"""
    acts.listed("/v1/reports", COLUMNS, as_json=as_json, limit=limit, kind=kind, state=state)


@app.command()
@terminal.told
def show(report: Report, as_json: terminal.AsJson = False) -> None:
    """Show one report with its figures. 报告详情。"""
    acts.shown(f"/v1/reports/{report}", as_json=as_json)


@app.command()
@terminal.told
def save(
    report: Report,
    file: Annotated[Path, typer.Argument(dir_okay=False, help="Where to; its ending says the form: .pdf .docx .xlsx .json")],
) -> None:
    """Save a report as a file. 下载报告。"""
    form = file.suffix.lower().removeprefix(".")
    if form not in {"pdf", "docx", "xlsx", "json"}:
        raise terminal.usage("The file's name must end in .pdf, .docx, .xlsx or .json.")
    with terminal.connect() as client, terminal.busy(f"making {file.name}"):
        count = client.save(f"/v1/reports/{report}/file?format={form}", file)
    typer.echo(f"{file}: {count} bytes")


@app.command()
@terminal.told
def refresh(report: Report, as_json: terminal.AsJson = False) -> None:
    """Gather the figures of a draft anew. 重新汇集数据。"""
    with terminal.connect() as client:
        _show_made(client, str(client.move(f"/v1/reports/{report}", "refresh").headers["Location"]), as_json=as_json)


@app.command()
@terminal.told
def approve(report: Report, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Approve a draft drawn up by somebody else. 审批报告。"""
    acts.moved(f"/v1/reports/{report}", "approve", dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def send(
    report: Report,
    on: acts.On,
    to: Annotated[str, typer.Option(help="To whom.")],
    number: Annotated[str | None, typer.Option(help="Number of the document.")] = None,
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Record that an approved report was sent. 登记报送。"""
    body = {"sent_on": on, "sent_to": to, "document_no": number}
    acts.moved(f"/v1/reports/{report}", "send", body, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def void(report: Report, reason: acts.Why, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Make a report void that was not sent. 作废报告。"""
    acts.moved(f"/v1/reports/{report}", "void", {"reason": reason}, dry_run=dry_run, as_json=as_json)
