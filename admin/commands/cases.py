"""`cases`: case files and their numbers."""

from __future__ import annotations

from typing import Annotated

import typer

from admin.commands import case_checks, lookups, terminal

app = terminal.noun("Case files: list, search, show, create, move on, check, import, count, reserve numbers. 案卷。")
app.add_typer(case_checks.app)
COLUMNS = ("case_no", "kind", "procedure", "state", "filed_on", "closed_on", "item", "id")
CaseFile = Annotated[str, typer.Argument(help="Id of the case file.")]
Day = Annotated[str, typer.Option("--on", help="Day, YYYY-MM-DD.")]


@app.command("list")
@terminal.told
def list_(
    unit: Annotated[str | None, typer.Option(help="Code of the unit.")] = None,
    state: Annotated[str | None, typer.Option(help="open, decided, closed, archived or void.")] = None,
    limit: terminal.Most = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List case files, the latest first. 案卷列表。"""
    with terminal.connect() as client:
        unit_id = lookups.unit_id(client, unit) if unit else None
        terminal.table(client.items("/v1/case-files", most=limit, unit_id=unit_id, state=state), COLUMNS, as_json=as_json)


@app.command()
@terminal.told
def show(case_file: CaseFile, as_json: terminal.AsJson = False) -> None:
    """Show one case file with its steps. 案卷详情。"""
    with terminal.connect() as client:
        terminal.show(client.get(f"/v1/case-files/{case_file}").body, as_json=as_json)


@app.command()
@terminal.told
def create(file: terminal.JsonFile, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Register a case file from a JSON file (fields of POST /v1/case-files; `unit` may stand for `unit_id`). 登记案卷。"""
    body = terminal.read_json(file)
    with terminal.connect() as client:
        if "unit" in body:
            body["unit_id"] = lookups.unit_id(client, str(body.pop("unit")))
        terminal.show(client.post("/v1/case-files", body, dry_run=dry_run).body, as_json=as_json, dry_run=dry_run)


@app.command()
@terminal.told
def decide(
    case_file: CaseFile,
    on: Day,
    decision: Annotated[str, typer.Option(help="The decision in words.")],
    amount_fen: Annotated[int | None, typer.Option(min=0, help="Amount of a fine, in fen.")] = None,
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Record the decision. 作出决定。"""
    body = {"decided_on": on, "decision": decision} | ({} if amount_fen is None else {"amount_fen": amount_fen})
    _move(case_file, "decide", body, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def close(case_file: CaseFile, on: Day, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Close a case file. 结案。"""
    _move(case_file, "close", {"closed_on": on}, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def archive(case_file: CaseFile, on: Day, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Archive a closed case file. 归档。"""
    _move(case_file, "archive", {"archived_on": on}, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def numbers(
    unit: Annotated[str, typer.Option(help="Code of the unit.")],
    kind: Annotated[str, typer.Option(help="penalty, licence, compulsion, inspection, expropriation or other.")],
    year: Annotated[int, typer.Option(help="Year of the numbers.")],
    count: Annotated[int, typer.Option(min=1, max=100, help="How many.")] = 1,
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Reserve the next case numbers, without gaps. 预留案号。"""
    with terminal.connect() as client:
        body = {"unit_id": lookups.unit_id(client, unit), "kind": kind, "year": year, "count": count}
        answer = client.post("/v1/case-numbers", body, dry_run=dry_run)
    terminal.table(answer.body["items"], ("number", "sequence", "state", "id"), as_json=as_json)


def _move(case_file: str, verb: str, body: terminal.Json, *, dry_run: bool, as_json: bool) -> None:
    with terminal.connect() as client:
        answer = client.move(f"/v1/case-files/{case_file}", verb, body, dry_run=dry_run)
    terminal.show(answer.body, as_json=as_json, dry_run=dry_run)
