"""`cases search|check|defects|deadlines|statistics|import|template`: many case files at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

import typer

from admin.commands import hour_files, lookups, terminal

if TYPE_CHECKING:
    from admin import client as clients

app = typer.Typer()
COLUMNS = ("case_no", "kind", "state", "filed_on", "item", "id")


@app.command("import")
@terminal.told
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=".xlsx or .csv; see `cases template`.")],
    report: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Where the report goes; beside the file without it.")
    ] = None,
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Import case files of past years: good rows become files, bad rows come back with every reason in a report. Exit code 1
    when there are any but rows known from before. A file may be sent again; Ctrl-C cancels. 导入历史案卷。
    """
    hour_files.bring("/v1/case-imports", file, report, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def template(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="File to write, .xlsx or .csv.")] = Path("历史案卷导入模板.xlsx"),
) -> None:
    """Write a sheet to fill: the headings of an import and an example. 导入模板。"""
    hour_files.save_template("/v1/case-imports", file)


@app.command()
@terminal.told
def search(
    words: Annotated[str, typer.Argument(help="One to three words of at least two signs, for instance 占道经营.")],
    unit: Annotated[str | None, typer.Option(help="Code of the unit.")] = None,
    limit: terminal.Most = None,
    as_json: terminal.AsJson = False,
) -> None:
    """Search case files by item, number or party, the latest first. 检索案卷。"""
    with terminal.connect() as client:
        unit_id = lookups.unit_id(client, unit) if unit else None
        terminal.table(client.items("/v1/case-files", most=limit, unit_id=unit_id, q=words), COLUMNS, as_json=as_json)


@app.command()
@terminal.told
def check(
    case_files: Annotated[list[str], typer.Argument(help="Ids or numbers of case files.")], as_json: terminal.AsJson = False
) -> None:
    """Check case files against the law, as they stand now. 合法性检查。"""
    rows: list[terminal.Json] = []
    with terminal.connect() as client:
        for told in case_files:
            found = client.get(f"/v1/case-files/{_id_of(client, told)}/defects").body
            rows += [{"case_file": told, "finding": _words(each)} | each for each in found["items"]]
    terminal.table(iter(rows), ("case_file", "rule", "level", "result", "overridden", "finding"), as_json=as_json)


@app.command()
@terminal.told
def defects(
    unit: Annotated[str | None, typer.Option(help="Code of the unit.")] = None,
    rule: Annotated[str | None, typer.Option(help="P01 to P26.")] = None,
    limit: terminal.Most = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List what the check found over all files, the newest first. 问题列表。"""
    with terminal.connect() as client:
        unit_id = lookups.unit_id(client, unit) if unit else None
        found = client.items("/v1/defects", most=limit, unit_id=unit_id, rule=rule)
        rows = ({"finding": _words(row)} | row for row in found)
        terminal.table(rows, ("case_no", "rule", "level", "overridden", "finding", "case_file_id"), as_json=as_json)


@app.command()
@terminal.told
def deadlines(
    unit: Annotated[str | None, typer.Option(help="Code of the unit.")] = None,
    until: Annotated[str | None, typer.Option(help="Last day, YYYY-MM-DD.")] = None,
    limit: terminal.Most = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List what falls due in running cases, the nearest first. 到期事项。"""
    with terminal.connect() as client:
        unit_id = lookups.unit_id(client, unit) if unit else None
        rows = client.items("/v1/deadlines", most=limit, unit_id=unit_id, until=until)
        terminal.table(rows, ("due_on", "act", "case_no", "case_file_id"), as_json=as_json)


@app.command()
@terminal.told
def statistics(
    year: Annotated[int, typer.Argument(help="Year of the decisions.")],
    unit: Annotated[str | None, typer.Option(help="Code of the unit.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Moment whose records count, RFC 3339.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the five tables to this .xlsx or .csv file.")] = None,
    as_json: terminal.AsJson = False,
) -> None:
    """Show the annual statistics T1 to T5, or write them to a file. 行政执法统计年报。"""
    with terminal.connect() as client:
        wanted = {"year": year, "unit_id": lookups.unit_id(client, unit) if unit else None, "as_of": as_of}
        if out is not None:
            form = out.suffix.removeprefix(".") or "xlsx"
            query = urlencode({name: value for name, value in wanted.items() if value is not None} | {"format": form})
            client.save(f"/v1/case-statistics/export?{query}", out)
            typer.echo(f"{out} written", err=True)
            return
        found = client.get("/v1/case-statistics", **wanted).body
    terminal.show(found if as_json else found["totals"], as_json=as_json)


def _id_of(client: clients.Client, told: str) -> str:
    """The id of a file told by its id or its number."""
    known = next(client.items("/v1/case-files", most=1, case_no=told), None)
    return told if known is None else str(known["id"])


def _words(defect: terminal.Json) -> str:
    return "；".join(finding["zh"] for finding in defect["findings"])
