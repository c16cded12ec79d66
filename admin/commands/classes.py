"""`classes`: training classes from planning to posted hours."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from admin.commands import acts, lookups, terminal

app = terminal.noun("Classes: list, show, create, enrol, withdraw, enrolments, attendance, sign-in, post-hours, cancel. 培训班。")
COLUMNS = ("title", "kind", "state", "starts_at", "hours", "enrolled", "waiting", "present", "id")
ENROLMENTS = ("officer_id", "unit_id", "state", "turn", "present", "missed_minutes", "earns_hours")
Class = Annotated[str, typer.Argument(metavar="CLASS", help="Id of the class.")]
Officers = Annotated[list[str], typer.Argument(help="Ids of officers.")]
Named = Annotated[list[str] | None, typer.Option(help="Id of an officer; may be given several times.")]


@app.command("list")
@terminal.told
def list_(
    organiser: Annotated[str | None, typer.Option(help="Code of the unit that holds it.")] = None,
    kind: Annotated[
        str | None,
        typer.Option(help="induction, appointment, professional, in_service, joint_township, rotation or political."),
    ] = None,
    state: Annotated[str | None, typer.Option(help="planned, held or cancelled.")] = None,
    year: Annotated[int | None, typer.Option(help="Only those that begin in this year.")] = None,
    limit: terminal.Most = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List classes, the latest first. 培训班列表。"""
    with terminal.connect() as client:
        filters = {"starts_at__gte": f"{year - 1}-12-31T16:00:00Z", "starts_at__lte": f"{year}-12-31T15:59:59Z"} if year else {}
        organiser_id = lookups.unit_id(client, organiser) if organiser else None
        found = client.items("/v1/classes", most=limit, organiser_id=organiser_id, kind=kind, state=state, **filters)
        terminal.table(found, COLUMNS, as_json=as_json)


@app.command()
@terminal.told
def show(class_id: Class, as_json: terminal.AsJson = False) -> None:
    """Show one class with its sessions. 培训班详情。"""
    acts.shown(f"/v1/classes/{class_id}", as_json=as_json)


@app.command()
@terminal.told
def create(file: terminal.JsonFile, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Plan a class from a JSON file (fields of POST /v1/classes; `organiser` is a unit's code). 新建培训班。"""
    acts.created("/v1/classes", terminal.read_json(file), dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def enrol(
    class_id: Class,
    officers: Annotated[list[str] | None, typer.Argument(help="Ids of officers, in the order in which they get seats.")] = None,
    unit: Annotated[str | None, typer.Option(help="Code of a unit whose officers in service are all enrolled.")] = None,
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Enrol officers; without a free seat they wait. 报名。"""
    with terminal.connect() as client:
        named = list(officers or [])
        if unit is not None:
            begins = client.get(f"/v1/classes/{class_id}").body["starts_at"][:10]
            serving = {"unit_id": lookups.unit_id(client, unit), "kind": "officer", "in_service_on": begins}
            named += [each["id"] for each in client.items("/v1/officers", **serving)]
        if not named:
            raise terminal.usage("nobody to enrol: name officers or a unit.")
        pieces = [named[start : start + acts.MOST] for start in range(0, len(named), acts.MOST)]
        for piece in terminal.progress(pieces, "enrolling"):
            answer = client.post(f"/v1/classes/{class_id}/enrolments", {"officer_ids": piece}, dry_run=dry_run)
    terminal.show(answer.body, as_json=as_json, dry_run=dry_run)


@app.command()
@terminal.told
def withdraw(
    class_id: Class,
    officers: Officers,
    reason: Annotated[str | None, typer.Option(help="Why.")] = None,
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Withdraw officers before the class begins; whoever waits moves up. 退出报名。"""
    body = {"officer_ids": officers} | ({"reason": reason} if reason else {})
    acts.created(f"/v1/classes/{class_id}/withdrawals", body, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def enrolments(
    class_id: Class,
    unit: acts.OfUnit = None,
    state: Annotated[str | None, typer.Option(help="enrolled, waiting or withdrawn.")] = None,
    limit: terminal.Most = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List who is enrolled or waits, and who was present. 报名与考勤。"""
    path = f"/v1/classes/{class_id}/enrolments"
    acts.listed(path, ENROLMENTS, as_json=as_json, unit=unit, limit=limit, state=state, sort="turn")


@app.command()
@terminal.told
def attendance(
    class_id: Class,
    file: Annotated[Path | None, typer.Argument(exists=True, dir_okay=False, help="Sign-in sheet, .csv or JSON.")] = None,
    present: Named = None,
    absent: Named = None,
    atomic: Annotated[bool, typer.Option("--atomic", help="All of a piece of 500, or none of it.")] = False,
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Record who was present, by ids or by a file of rows. 考勤。

    Fields of a row: officer_id, or external_system and external_id; present (yes or no), missed_minutes.
    """
    path = f"/v1/classes/{class_id}/attendance"
    with terminal.connect() as client:
        if file is not None:
            acts.enter(client, f"{path}/batch", acts.items_of(file), atomic=atomic, dry_run=dry_run, as_json=as_json)
            return
        body = {"officer_ids": present or [], "absent_officer_ids": absent or []}
        terminal.show(client.post(path, body, dry_run=dry_run).body, as_json=as_json, dry_run=dry_run)


@app.command("sign-in")
@terminal.told
def sign_in(class_id: Class, officers: Officers, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Sign officers in to the session of this moment. 签到。"""
    acts.created(f"/v1/classes/{class_id}/sign-ins", {"officer_ids": officers}, dry_run=dry_run, as_json=as_json)


@app.command("post-hours")
@terminal.told
def post_hours(class_id: Class, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Post the hours of everybody who was present; safe to repeat. 登记全班学时。"""
    with terminal.connect() as client, terminal.busy("posting hours"):
        answer = client.post(f"/v1/classes/{class_id}/post-hours", dry_run=dry_run)
    terminal.show(answer.body, as_json=as_json, dry_run=dry_run)


@app.command()
@terminal.told
def cancel(
    class_id: Class,
    reason: acts.Why,
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Cancel a planned class. 取消培训班。"""
    acts.moved(f"/v1/classes/{class_id}", "cancel", {"reason": reason}, dry_run=dry_run, as_json=as_json)
