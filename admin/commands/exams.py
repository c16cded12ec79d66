"""`exams`: qualification exams and their results."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from admin.commands import acts, hour_files, terminal

if TYPE_CHECKING:
    from admin import client as clients

app = terminal.noun("Exams: list, show, create, template, import results, results, publish. 资格考试。")
COLUMNS = ("title", "kind", "held_on", "state", "counts", "id")
RESULTS = ("officer_id", "unit_id", "points", "outcome")
Exam = Annotated[str, typer.Argument(help="Id of the exam.")]


@app.command("list")
@terminal.told
def list_(
    unit: acts.OfUnit = None,
    kind: Annotated[str | None, typer.Option(help="general, professional or auxiliary.")] = None,
    state: Annotated[str | None, typer.Option(help="State of the exam.")] = None,
    limit: terminal.Most = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List exams, the latest first. 考试列表。"""
    acts.listed("/v1/exams", COLUMNS, as_json=as_json, unit=unit, limit=limit, kind=kind, state=state)


@app.command()
@terminal.told
def show(exam: Exam, as_json: terminal.AsJson = False) -> None:
    """Show one exam with its counts. 考试详情。"""
    acts.shown(f"/v1/exams/{exam}", as_json=as_json)


@app.command()
@terminal.told
def create(file: terminal.JsonFile, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Enter an exam from a JSON file (fields of POST /v1/exams; `unit` is a unit's code). 登记考试。"""
    acts.created("/v1/exams", terminal.read_json(file), dry_run=dry_run, as_json=as_json)


@app.command("import")
@terminal.told
def import_(
    exam: Exam,
    file: acts.SheetOrJson,
    report: acts.Report = None,
    atomic: acts.Atomic = False,
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Enter results from a sheet (see `exams template`): bad rows come back with every reason in a report. Or from JSON: items
    of officer_id (or external_id) and points, or absent. Earlier results are replaced. 导入考试成绩。
    """
    if hour_files.is_sheet(file, atomic=atomic):
        hour_files.bring(f"/v1/exams/{exam}/result-imports", file, report, dry_run=dry_run, as_json=as_json)
        return
    with terminal.connect() as client:
        items = _with_officers(client, acts.items_of(file))
        acts.enter(client, f"/v1/exams/{exam}/results/batch", items, atomic=atomic, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def template(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="File to write, .xlsx or .csv.")] = Path("成绩导入模板.xlsx"),
) -> None:
    """Write a sheet to fill: the headings of an import of results and an example. 成绩导入模板。"""
    hour_files.save_template("/v1/exam-result-imports", file)


@app.command()
@terminal.told
def results(
    exam: Exam,
    unit: acts.OfUnit = None,
    outcome: Annotated[str | None, typer.Option(help="passed, failed or absent.")] = None,
    limit: terminal.Most = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List the results of an exam. 考试成绩。"""
    acts.listed(f"/v1/exams/{exam}/results", RESULTS, as_json=as_json, unit=unit, limit=limit, outcome=outcome)


@app.command()
@terminal.told
def publish(exam: Exam, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Publish the results; from then on they count. 公布成绩。"""
    acts.moved(f"/v1/exams/{exam}", "publish", dry_run=dry_run, as_json=as_json)


def _with_officers(client: clients.Client, items: list[acts.Json]) -> list[acts.Json]:
    """Rows that name an officer by the id of another system get the officer's own; ends the command (2) for one unknown."""
    if not any("external_id" in item for item in items):
        return items
    known = {(each.get("external_system"), each.get("external_id")): each["id"] for each in client.items("/v1/officers")}
    by_id = {external: officer for (_, external), officer in known.items()}
    found = []
    for place, item in enumerate(items):
        system, external = item.get("external_system"), item.get("external_id")
        rest = {name: value for name, value in item.items() if not name.startswith("external_")}
        officer = item.get("officer_id") or (known.get((system, external)) if system else by_id.get(external))
        if officer is None:
            raise terminal.usage(f"item {place}: no officer has the external_id {external}.")
        found.append(rest | {"officer_id": officer})
    return found
