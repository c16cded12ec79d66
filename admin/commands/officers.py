"""`officers`: who serves in which unit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from admin.commands import acts, hour_files, lookups, terminal
from admin.commands.acts import On, Unit, Why

app = terminal.noun("Officers: list, show, find, template, import, transfer, reclassify, leave, rejoin, disclose. 执法人员。")
COLUMNS = ("name", "id_number_masked", "kind", "unit_id", "hired_on", "left_on", "id")
Officer = Annotated[str, typer.Argument(help="Id of the officer.")]


@app.command("list")
@terminal.told
def list_(
    unit: acts.OfUnit = None,
    kind: Annotated[str | None, typer.Option(help="officer or auxiliary.")] = None,
    serving_on: Annotated[str | None, typer.Option(help="Only who served on this day, YYYY-MM-DD.")] = None,
    limit: terminal.Most = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List officers, newest first. 执法人员列表。"""
    acts.listed("/v1/officers", COLUMNS, as_json=as_json, unit=unit, limit=limit, kind=kind, in_service_on=serving_on)


@app.command()
@terminal.told
def show(officer: Officer, as_json: terminal.AsJson = False) -> None:
    """Show one officer with the units served in. 执法人员详情。"""
    acts.shown(f"/v1/officers/{officer}", as_json=as_json)


@app.command()
@terminal.told
def find(
    name: Annotated[str | None, typer.Option(help="Beginning of the name.")] = None,
    as_json: terminal.AsJson = False,
) -> None:
    """Find officers by name, or by the identity number that is asked for and never shown. 查找执法人员。"""
    body = {"name": name} if name else {"id_number": typer.prompt("id number", hide_input=True, err=True)}
    with terminal.connect() as client:
        terminal.table(client.post("/v1/officers/search", body).body["items"], COLUMNS, as_json=as_json)


@app.command("import")
@terminal.told
def import_(
    file: acts.SheetOrJson,
    report: acts.Report = None,
    atomic: acts.Atomic = False,
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Add or correct the officers of a sheet (see `officers template`): bad rows come back with every reason in a report. Or
    those of a JSON file. Units by code; a known external id corrects that officer. 批量导入执法人员。
    """
    if hour_files.is_sheet(file, atomic=atomic):
        hour_files.bring("/v1/officer-imports", file, report, dry_run=dry_run, as_json=as_json)
        return
    with terminal.connect() as client:
        items = acts.items_of(file)
        units = {code: lookups.unit_id(client, code) for code in dict.fromkeys(str(i["unit"]) for i in items if "unit" in i)}
        items = [_with_unit(units, item) for item in items]
        acts.enter(client, "/v1/officers/batch", items, atomic=atomic, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def template(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="File to write, .xlsx or .csv.")] = Path("执法人员导入模板.xlsx"),
) -> None:
    """Write a sheet to fill: the headings of an import of officers and an example. 执法人员导入模板。"""
    hour_files.save_template("/v1/officer-imports", file)


@app.command()
@terminal.told
def transfer(officer: Officer, unit: Unit, on: On, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Move an officer to another unit; the hours go along. 调动。"""
    with terminal.connect() as client:
        body = {"unit_id": lookups.unit_id(client, unit), "on": on}
        _move(client, officer, "transfer", body, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def reclassify(
    officer: Officer,
    kind: Annotated[str, typer.Option(help="officer or auxiliary.")],
    on: On,
    reason: Why,
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Make an auxiliary a regular officer from a day on, or the other way round. 转换人员类别。"""
    body = {"kind": kind, "on": on, "reason": reason}
    acts.moved(f"/v1/officers/{officer}", "reclassify", body, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def leave(officer: Officer, on: On, reason: Why, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """End an officer's service with a day. 离职。"""
    acts.moved(f"/v1/officers/{officer}", "leave", {"on": on, "reason": reason}, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def rejoin(officer: Officer, unit: Unit, on: On, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Let somebody who left serve again; what was before stays. 重新入职。"""
    with terminal.connect() as client:
        body = {"unit_id": lookups.unit_id(client, unit), "on": on}
        _move(client, officer, "rejoin", body, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def disclose(officer: Officer, reason: Why, as_json: terminal.AsJson = False) -> None:
    """Show an identity number in clear; each look is kept in the audit trail. 查看完整证件号码。"""
    with terminal.connect() as client:
        answer = client.post(f"/v1/officers/{officer}/identity-disclosure", {"reason": reason})
    terminal.show(answer.body, as_json=as_json)


def _with_unit(units: dict[str, str], item: dict[str, Any]) -> dict[str, Any]:
    if "unit" not in item:
        return item
    return {name: value for name, value in item.items() if name != "unit"} | {"unit_id": units[str(item["unit"])]}


def _move(client: Any, officer: str, verb: str, body: dict[str, Any], *, dry_run: bool, as_json: bool) -> None:
    answer = client.move(f"/v1/officers/{officer}", verb, body, dry_run=dry_run)
    terminal.show(answer.body, as_json=as_json, dry_run=dry_run)
