"""`registers`: the typed registers of the plan, their records in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from admin.commands import acts, terminal

if TYPE_CHECKING:
    from admin import client as clients

app = terminal.noun("Registers: kinds, example, list, add. 台账。")
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


def _kind(client: clients.Client, key: str) -> terminal.Json:
    for found in client.get("/v1/registers").body["registers"]:
        if found["key"] == key:
            return dict(found)
    raise terminal.usage(f"There is no register {key}; see: zhifa registers kinds")
