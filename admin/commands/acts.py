"""What commands do over and over, once: list, show, create, move on, send many; and the options that go with it."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from admin.commands import lookups, terminal

if TYPE_CHECKING:
    from admin import client as clients

Json = dict[str, Any]
On = Annotated[str, typer.Option(help="Day, YYYY-MM-DD.")]
Why = Annotated[str, typer.Option(help="Why; kept with the object and in the audit trail.")]
Unit = Annotated[str, typer.Option(help="Code of the unit.")]
OfUnit = Annotated[str | None, typer.Option("--unit", help="Code of the unit.")]
OfOfficer = Annotated[str | None, typer.Option("--officer", help="Id of the officer.")]
Year = Annotated[int, typer.Option(help="Calendar year.")]
RowsFile = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help='.csv with field names above, or JSON {"items": [...]}.')
]
SheetOrJson = Annotated[
    Path,
    typer.Argument(exists=True, dir_okay=False, help='A sheet (.xlsx, .csv) like the template, or JSON {"items": [...]}.'),
]
Report = Annotated[Path | None, typer.Option(dir_okay=False, help="Where the report of a sheet goes; beside it without this.")]
Atomic = Annotated[bool, typer.Option("--atomic", help="With JSON: all of a piece of 500, or none of it.")]
# What one request may hold.
MOST = 500
YES = {"true": True, "yes": True, "是": True, "false": False, "no": False, "否": False}


def listed(
    path: str, columns: tuple[str, ...], *, as_json: bool, unit: str | None = None, limit: int | None = None, **filters: Any
) -> None:
    """Prints a list, filtered by the unit with this code, if any, and by named fields."""
    with terminal.connect() as client:
        if unit is not None:
            filters["unit_id"] = lookups.unit_id(client, unit)
        terminal.table(client.items(path, most=limit, **filters), columns, as_json=as_json)


def shown(path: str, *, as_json: bool, **parameters: Any) -> None:
    """Prints one object."""
    with terminal.connect() as client:
        terminal.show(client.get(path, **parameters).body, as_json=as_json)


def created(path: str, body: Json, *, dry_run: bool, as_json: bool) -> None:
    """Makes an object and prints it; `unit` in the body stands for `unit_id`, `organiser` for `organiser_id`."""
    with terminal.connect() as client:
        for name in {"unit", "organiser"} & body.keys():
            body[f"{name}_id"] = lookups.unit_id(client, str(body.pop(name)))
        terminal.show(client.post(path, body, dry_run=dry_run).body, as_json=as_json, dry_run=dry_run)


def moved(path: str, verb: str, body: Json | None = None, *, dry_run: bool, as_json: bool) -> None:
    """Moves an object on, from its state as it is now, and prints what it became; what is None in the body is left out."""
    told = None if body is None else {name: value for name, value in body.items() if value is not None}
    with terminal.connect() as client:
        terminal.show(client.move(path, verb, told, dry_run=dry_run).body, as_json=as_json, dry_run=dry_run)


def items_of(file: Path) -> list[Json]:
    """The rows of a .csv file, or the items of a JSON file; ends the command (2) when there are none."""
    items: Any = rows_of(file) if file.suffix.lower() == ".csv" else terminal.read_json(file).get("items")
    if not isinstance(items, list) or not items or not all(isinstance(item, dict) for item in items):
        raise terminal.usage(f'{file} must hold {{"items": [...]}}, or rows below field names.')
    return items


def rows_of(file: Path) -> list[Json]:
    """Rows of a .csv file as objects; empty cells are left out."""
    content = file.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return [{str(name): typed(str(name), cell) for name, cell in row.items() if name and cell} for row in rows]


def typed(name: str, cell: str) -> Any:
    """A cell as JSON has it: yes and no, numbers; identifiers stay text even when they look like numbers."""
    if (known := YES.get(cell.strip().lower())) is not None:
        return known
    if name.endswith(("_id", "_system", "number", "name", "note")):
        return cell
    try:
        return int(cell) if cell.lstrip("-").isdecimal() else float(cell)
    except ValueError:
        return cell


def enter(client: clients.Client, path: str, items: list[Json], *, dry_run: bool, as_json: bool, atomic: bool = False) -> None:
    """Sends items in pieces of 500 and tells each that was refused; exit code 1 when one was."""
    outcomes: list[Json] = []
    for start in terminal.progress(range(0, len(items), MOST), "sending"):
        body = {"atomic": atomic, "items": items[start : start + MOST]}
        told = client.post(path, body, dry_run=dry_run).body["items"]
        outcomes += [outcome | {"index": start + outcome["index"]} for outcome in told]
    refused = [outcome for outcome in outcomes if outcome["status"] >= 400]
    if as_json:
        terminal.table(outcomes, (), as_json=True)
    else:
        _tell(outcomes, refused, dry_run=dry_run)
    if refused:
        raise typer.Exit(terminal.REFUSED)


def _tell(outcomes: list[Json], refused: list[Json], *, dry_run: bool) -> None:
    for outcome in refused:
        problem = outcome["problem"]
        faults = "; ".join(f"{fault['pointer']} {fault['detail']}" for fault in problem.get("errors", []))
        typer.echo(f"item {outcome['index']}: {problem['code']} {faults or problem.get('detail', '')}", err=True)
    added = sum(outcome["status"] == 201 for outcome in outcomes)
    known = len(outcomes) - added - len(refused)
    typer.echo(f"{'(dry run) ' if dry_run else ''}{added} added, {known} known, {len(refused)} refused")
