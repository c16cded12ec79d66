"""`completion-certificates`: papers about hours of a class or a year."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from admin.commands import acts, terminal

app = terminal.noun("Completion certificates: list, show, issue, pdf, verify, reissue, withdraw. 结业证书。")
PATH = "/v1/completion-certificates"
COLUMNS = ("number", "kind", "state", "name", "title", "hours", "issued_on", "id")
ISSUED = ("number", "officer_id", "id")
Certificate = Annotated[str, typer.Argument(help="Id of the certificate.")]
OfClass = Annotated[str | None, typer.Option("--class", help="Id of the class.")]


@app.command("list")
@terminal.told
def list_(
    unit: acts.OfUnit = None,
    officer: acts.OfOfficer = None,
    of_class: OfClass = None,
    year: Annotated[int | None, typer.Option(help="Year of the hours.")] = None,
    state: Annotated[str | None, typer.Option(help="valid, superseded or hours_reversed.")] = None,
    limit: terminal.Most = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List certificates, newest first. 结业证书列表。"""
    filters: dict[str, Any] = {"officer_id": officer, "class_id": of_class, "year": year, "state": state}
    acts.listed(PATH, COLUMNS, as_json=as_json, unit=unit, limit=limit, **filters)


@app.command()
@terminal.told
def show(certificate: Certificate, as_json: terminal.AsJson = False) -> None:
    """Show one certificate with what stands behind it. 结业证书详情。"""
    acts.shown(f"{PATH}/{certificate}", as_json=as_json)


@app.command()
@terminal.told
def issue(
    officer: Annotated[str | None, typer.Argument(help="Id of the officer; without it everybody of the class.")] = None,
    of_class: OfClass = None,
    year: Annotated[int | None, typer.Option(help="Of all hours of this year instead of a class.")] = None,
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Issue a certificate of a class or a year; for a whole class safe to repeat. 颁发结业证书。"""
    if (of_class is None) == (year is None) or (officer is None and of_class is None):
        raise terminal.usage("say whom and of what: an officer with --class or --year, or --class for everybody.")
    if officer is not None:
        body = {"officer_id": officer} | ({"class_id": of_class} if of_class else {"year": year})
        acts.created(PATH, body, dry_run=dry_run, as_json=as_json)
        return
    with terminal.connect() as client, terminal.busy("issuing"):
        made = client.post(f"/v1/classes/{of_class}/completion-certificates", dry_run=dry_run).body
    if as_json:
        terminal.show(made, as_json=True)
        return
    terminal.table(made["items"], ISSUED, as_json=False)
    typer.echo(f"{'(dry run) ' if dry_run else ''}{made['issued']} issued, {made['already_issued']} had one")


@app.command()
@terminal.told
def pdf(
    certificate: Annotated[str | None, typer.Argument(help="Id of the certificate.")] = None,
    of_class: OfClass = None,
    out: Annotated[Path, typer.Option(dir_okay=False, help="File to write.")] = Path("结业证书.pdf"),
) -> None:
    """Save the page to hand out, or with --class those of everybody. 打印结业证书。"""
    if (certificate is None) == (of_class is None):
        raise terminal.usage("name a certificate, or --class.")
    with terminal.connect() as client, terminal.busy("printing"):
        count = client.save(f"{PATH}/{certificate}/pdf" if certificate else f"{PATH}/pdf?class_id={of_class}", out)
    typer.echo(f"{count} bytes written to {out}", err=True)


@app.command()
@terminal.told
def verify(number: Annotated[str, typer.Argument(help="Number on the page.")], as_json: terminal.AsJson = False) -> None:
    """Tell whether a number is valid; exit code 1 when it is not. 核验结业证书。"""
    with terminal.connect() as client:
        found = client.get(f"{PATH}/{number}/verification").body
    terminal.show(found, as_json=as_json)
    if found["status"] != "valid":
        raise typer.Exit(terminal.REFUSED)


@app.command()
@terminal.told
def reissue(
    certificate: Certificate, reason: acts.Why, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False
) -> None:
    """Supersede a certificate by a new one, as things stand now. 换发结业证书。"""
    acts.moved(f"{PATH}/{certificate}", "reissue", {"reason": reason}, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def withdraw(
    certificate: Certificate, reason: acts.Why, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False
) -> None:
    """Take a certificate back without another. 撤回结业证书。"""
    acts.moved(f"{PATH}/{certificate}", "withdraw", {"reason": reason}, dry_run=dry_run, as_json=as_json)
