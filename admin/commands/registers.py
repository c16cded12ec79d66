"""`registers`: the typed registers of the plan, their records in and out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

import typer

from admin.commands import acts, hour_files, lookups, terminal

if TYPE_CHECKING:
    from admin import client as clients

app = terminal.noun("Registers: kinds, example, list, add; template, import, export of sheets. 台账。")
Kind = Annotated[str, typer.Argument(help="Key of the register; see `zhifa registers kinds`.")]


@app.command()
@terminal.told
def kinds(as_json: terminal.AsJson = False) -> None:
    """List every kind of register and the tasks it serves. 台账种类。"""
    with terminal.connect() as client:
        found = client.get("/v1/registers").body["registers"]
        terminal.table(found, ("key", "title", "tasks", "requirements", "obligations", "day"), as_json=as_json)


@app.command()
@terminal.told
def example(kind: Kind) -> None:
    """Show a record of a register as it is entered. 填写示例。"""
    with terminal.connect() as client:
        typer.echo(terminal.json_of(_kind(client, kind)["example"]))


@app.command("list")
@terminal.told
def list_(
    kind: Kind,
    unit: acts.OfUnit = None,
    year: Annotated[int | None, typer.Option(help="Calendar year.")] = None,
    limit: terminal.Most = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List the records of a register. 台账记录。"""
    with terminal.connect() as client:
        found = _kind(client, kind)
    columns = ("unit_id", found["day"], *[name for name in found["example"] if name not in {"unit_id", found["day"]}], "state")
    acts.listed(found["path"], columns, as_json=as_json, unit=unit, limit=limit, year=year)


@app.command()
@terminal.told
def add(
    kind: Kind,
    file: acts.RowsFile,
    atomic: Annotated[bool, typer.Option(help="All rows or none.")] = False,
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Enter the records of a file; those with a known external id are brought up to date. 批量登记。"""
    with terminal.connect() as client:
        path = f"{_kind(client, kind)['path']}/batch"
        acts.enter(client, path, acts.items_of(file), dry_run=dry_run, as_json=as_json, atomic=atomic)


@app.command()
@terminal.told
def template(
    kind: Kind,
    file: Annotated[
        Path | None, typer.Argument(dir_okay=False, help="File to write, .xlsx or .csv; named after the key without it.")
    ] = None,
) -> None:
    """Write a sheet to fill: the headings of an import and an example. 导入模板。"""
    with terminal.connect() as client:
        chosen = file or Path(f"{kind}.xlsx")
        client.save(f"{_files(client, kind)}/imports/template?format={hour_files.form_of(chosen)}", chosen)
    typer.echo(f"{chosen} written", err=True)


@app.command("import")
@terminal.told
def import_(
    kind: Kind,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=".xlsx or .csv; see `registers template`.")],
    report: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Where the report goes; beside the file without it.")
    ] = None,
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Import a sheet: good rows become records, bad rows come back with every reason in a report. Exit code 1 when there are any.

    A sheet may be sent again, also an export that was changed. Ctrl-C cancels: then nothing is entered. 导入台账。
    """
    with terminal.connect() as client:
        path = f"{_files(client, kind)}/imports"
    hour_files.bring(path, file, report, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def export(
    kind: Kind,
    file: Annotated[Path, typer.Argument(dir_okay=False, help="File to write, .xlsx or .csv.")],
    unit: acts.OfUnit = None,
    year: Annotated[int | None, typer.Option(help="Calendar year.")] = None,
    state: Annotated[str | None, typer.Option(help="active or void; both without it.")] = None,
) -> None:
    """Write the records of a register to a sheet that can be changed and imported again. 导出台账。"""
    with terminal.connect() as client, terminal.busy("exporting"):
        unit_id = lookups.unit_id(client, unit) if unit else None
        told = {"format": hour_files.form_of(file), "unit_id": unit_id, "year": year, "state": state}
        asked = urlencode({name: value for name, value in told.items() if value is not None})
        count = client.save(f"{_files(client, kind)}/export?{asked}", file)
    typer.echo(f"{count} bytes written to {file}", err=True)


# Records that surround cases are kept by another service.
OF_CASES = frozenset(
    {
        "legal-reviews", "publicity-records", "transfers", "mediations", "litigations", "typical-cases", "granted-items",
        "lenient-items", "monitoring-equipment",
    }
)  # fmt: skip


def _files(client: clients.Client, key: str) -> str:
    return f"/v1/case-records/{key}" if key in OF_CASES else f"/v1/registers/{_kind(client, key)['key']}"


def _kind(client: clients.Client, key: str) -> terminal.Json:
    for found in client.get("/v1/registers").body["registers"]:
        if found["key"] == key:
            return dict(found)
    raise terminal.usage(f"There is no register {key}; see: zhifa registers kinds")
