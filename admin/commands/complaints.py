"""`complaints`: complaints by channel, and what became of them."""

from __future__ import annotations

from typing import Annotated

import typer

from admin.commands import acts, lookups, terminal

app = terminal.noun("Complaints: list, show, create, import, accept, transfer, reply, rate, close, void. 投诉举报。")
COLUMNS = ("title", "channel", "state", "lamp", "received_on", "due_on", "satisfaction", "unit_id", "id")
OUTCOMES = ("index", "status", "id")
Complaint = Annotated[str, typer.Argument(help="Id of the complaint.")]


@app.command("list")
@terminal.told
def list_(
    unit: acts.OfUnit = None,
    channel: Annotated[str | None, typer.Option(help="hotline_12345, petition, minzhifa_public or enterprise_contact.")] = None,
    state: Annotated[str | None, typer.Option(help="received, accepted, replied, closed or void.")] = None,
    lamp: Annotated[str | None, typer.Option(help="green, yellow, red or grey.")] = None,
    limit: terminal.Most = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List complaints, latest first. 投诉举报列表。"""
    acts.listed("/v1/complaints", COLUMNS, as_json=as_json, unit=unit, limit=limit, channel=channel, state=state, lamp=lamp)


@app.command()
@terminal.told
def show(complaint: Complaint, as_json: terminal.AsJson = False) -> None:
    """Show one complaint; of the complainant only a mask. 投诉详情。"""
    acts.shown(f"/v1/complaints/{complaint}", as_json=as_json)


@app.command()
@terminal.told
def create(file: terminal.JsonFile, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Take a complaint in from a JSON file (fields of POST /v1/complaints; `unit` is a unit's code). 登记。"""
    acts.created("/v1/complaints", terminal.read_json(file), dry_run=dry_run, as_json=as_json)


@app.command("import")
@terminal.told
def import_(file: terminal.JsonFile, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Take in many of another system by their numbers there ({"items": [...]}, at most 500). 批量接收。"""
    with terminal.connect() as client:
        found = client.post("/v1/complaints/batch", terminal.read_json(file), dry_run=dry_run).body
    terminal.table(found["items"], OUTCOMES, as_json=as_json)


@app.command()
@terminal.told
def accept(complaint: Complaint, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Take it on. 受理。"""
    acts.moved(f"/v1/complaints/{complaint}", "accept", dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def transfer(
    complaint: Complaint, to: acts.Unit, note: acts.Why, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False
) -> None:
    """Hand it to another unit. 转办。"""
    with terminal.connect() as client:
        body = {"unit_id": lookups.unit_id(client, to), "note": note}
    acts.moved(f"/v1/complaints/{complaint}", "transfer", body, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def reply(
    complaint: Complaint,
    text: Annotated[str, typer.Option(help="The reply given.")],
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Note the reply. 答复。"""
    acts.moved(f"/v1/complaints/{complaint}", "reply", {"reply": text}, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def rate(
    complaint: Complaint,
    satisfaction: Annotated[str, typer.Argument(help="satisfied, mostly_satisfied, dissatisfied or not_reached.")],
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Note what the complainant said to it. 回访。"""
    acts.moved(f"/v1/complaints/{complaint}", "rate", {"satisfaction": satisfaction}, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def close(complaint: Complaint, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Done. 办结。"""
    acts.moved(f"/v1/complaints/{complaint}", "close", dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def void(complaint: Complaint, note: acts.Why, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False) -> None:
    """Declare it none, or taken in twice. 作废。"""
    acts.moved(f"/v1/complaints/{complaint}", "void", {"note": note}, dry_run=dry_run, as_json=as_json)
