"""`hours import`, `hours template`, `hours export`: files in and out of the ledger of hours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

import typer

from admin.commands import acts, lookups, terminal

if TYPE_CHECKING:
    from admin import client as clients

app = typer.Typer()
TABLES = {".xlsx", ".csv"}
SUMS = ("file_name", "dry_run", "rows", "accepted", "refused", "repeated", "unknown_columns", "id")


@app.command("import")
@terminal.told
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=".xlsx or .csv; see `hours template`.")],
    report: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Where the report goes; beside the file without it.")
    ] = None,
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Import hours: good rows count, bad rows come back with every reason in a report. Exit code 1 when there are any but
    rows known from before.

    The same row never counts twice, so a file may be sent again. Ctrl-C cancels: then none of it counts. 导入学时。
    """
    bring("/v1/hour-imports", file, report, dry_run=dry_run, as_json=as_json)


def bring(path: str, file: Path, report: Path | None, *, dry_run: bool, as_json: bool) -> None:
    """Sends a file to an import, waits for it, keeps the report of bad rows and tells what became of all."""
    with terminal.connect() as client:
        with terminal.busy(f"sending {file.name}"):
            location = client.post(path, files=lookups.form_file(file), dry_run=dry_run).headers["location"]
        done = client.get(_watched(client, location)).body
        if done["refused"]:
            kept = report or beside(file)
            client.save(f"{done['report_url']}?format={kept.suffix.removeprefix('.').lower()}", kept)
            done["report"] = str(kept)
    if as_json:
        terminal.show(done, as_json=True)
    else:
        _tell(done)
    if done["refused"] > (done.get("repeated") or 0):
        raise typer.Exit(terminal.REFUSED)


@app.command()
@terminal.told
def template(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="File to write, .xlsx or .csv.")] = Path("学时导入模板.xlsx"),
) -> None:
    """Write a file to fill: the headings of an import and an example. 导入模板。"""
    save_template("/v1/hour-imports", file)


@app.command()
@terminal.told
def export(
    file: Annotated[Path, typer.Argument(dir_okay=False, help=".xlsx or .csv for people; .jsonl for `hours verify`.")],
    keys: Annotated[Path | None, typer.Option(dir_okay=False, help="With .jsonl: file for the public keys of heads.")] = None,
    year: Annotated[int | None, typer.Option(help="With a table: year the hours count for.")] = None,
    unit: acts.OfUnit = None,
    officer: acts.OfOfficer = None,
    state: Annotated[str | None, typer.Option(help="With a table: pending, posted or refused.")] = None,
) -> None:
    """Write the ledger to a file: a table to read, or the whole chain that can be verified anywhere. 导出学时台账。"""
    is_table = file.suffix.lower() in TABLES
    filters = {"year": year, "officer_id": officer, "state": state}
    if (is_table and keys) or (not is_table and (unit or any(filters.values()))):
        raise terminal.usage("--keys goes with .jsonl; --year, --unit, --officer and --state go with .xlsx and .csv.")
    with terminal.connect() as client, terminal.busy("exporting the ledger"):
        filters["unit_id"] = lookups.unit_id(client, unit) if unit else None
        asked = {name: value for name, value in filters.items() if value is not None} | {"format": file.suffix[1:].lower()}
        count = client.save(f"/v1/hour-entries/export?{urlencode(asked)}" if is_table else "/v1/ledger/export", file)
        if keys is not None:
            keys.write_text(terminal.json_of(client.get("/v1/ledger/keys").body), encoding="utf-8")
    typer.echo(f"{count} bytes written to {file}", err=True)


def is_sheet(file: Path, *, atomic: bool) -> bool:
    """Whether a file is a sheet for an import, and not JSON for a batch. A sheet is never all or nothing."""
    found = file.suffix.lower() in TABLES
    if found and atomic:
        raise terminal.usage("--atomic goes with JSON; good rows of a sheet are taken, bad ones come back.")
    return found


def save_template(path: str, file: Path) -> None:
    """Writes the template of a kind of import."""
    with terminal.connect() as client:
        client.save(f"{path}/template?format={form_of(file)}", file)
    typer.echo(f"{file} written", err=True)


def beside(file: Path) -> Path:
    """Where a report goes when nobody says: beside the file, under a name of its own."""
    return file.with_name(f"{file.stem}.报告{file.suffix.lower()}")


def form_of(file: Path) -> str:
    """The form that a file's name says; a name that says none is refused."""
    if file.suffix.lower() not in TABLES:
        raise terminal.usage(f"{file} must end in .xlsx or .csv.")
    return file.suffix[1:].lower()


def _watched(client: clients.Client, location: str) -> str:
    """Address of the result once the work is done. Ctrl-C asks the server to stop, and waits for its word."""
    with terminal.bar("importing") as show:
        try:
            return str(client.operation(location, lambda state: show(state["progress"]))["result_url"])
        except KeyboardInterrupt:
            _cancel(client, location)
            raise


def _cancel(client: clients.Client, location: str) -> None:
    from admin import client as rest

    typer.echo("cancelling …", err=True)
    try:
        client.cancel(location)
        ended = client.operation(location)["state"]
    except rest.Refused as refusal:
        ended = refusal.code.removeprefix("operation.")
    typer.echo(f"the import was {ended}", err=True)


def _tell(done: terminal.Json) -> None:
    terminal.show({name: done.get(name) for name in SUMS if done.get(name) not in (None, [])}, as_json=False)
    for reason in done["reasons"]:
        typer.echo(f"  {reason.get('rows', ''):>6}  {reason['detail']} ({reason['code']})")
    if "report" in done:
        typer.echo(f"bad rows with their reasons: {done['report']}", err=True)
