"""`certificates`: who may enforce, since when and until when."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from admin.commands import acts, terminal
from admin.commands.acts import On, Why

app = terminal.noun("Certificates: list, expiring, apply, issue, suspend, resume, cancel, revoke, verify, import. 执法证件。")
COLUMNS = ("number", "state", "valid_from", "valid_to", "officer_id", "id")
Certificate = Annotated[str, typer.Argument(help="Id of the certificate.")]


@app.command("list")
@terminal.told
def list_(
    unit: acts.OfUnit = None,
    officer: acts.OfOfficer = None,
    state: Annotated[str | None, typer.Option(help="applied, valid, suspended, cancelled, revoked or expired.")] = None,
    limit: terminal.Most = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List certificates, newest first. 执法证件列表。"""
    acts.listed("/v1/certificates", COLUMNS, as_json=as_json, unit=unit, limit=limit, officer_id=officer, state=state)


@app.command()
@terminal.told
def expiring(
    days: Annotated[int, typer.Option(min=0, max=3660, help="Within so many days.")] = 90,
    limit: terminal.Most = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List certificates that expire soon, the soonest first. 即将到期的执法证件。"""
    acts.listed("/v1/certificates", COLUMNS, as_json=as_json, limit=limit, expiring_within=days, sort="valid_to")


@app.command()
@terminal.told
def apply(
    officer: Annotated[str, typer.Argument(help="Id of the officer.")],
    number: Annotated[str | None, typer.Option(help="Number, when it is known already.")] = None,
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Apply for a regular officer. 申请执法证件。"""
    body = {"officer_id": officer} | ({"number": number} if number else {})
    acts.created("/v1/certificates", body, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def issue(
    certificate: Certificate,
    valid_from: Annotated[str, typer.Option(help="First day, YYYY-MM-DD.")],
    number: Annotated[str | None, typer.Option(help="Number on the card.")] = None,
    valid_to: Annotated[str | None, typer.Option(help="Last day; by the district's rules without it.")] = None,
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Issue what was applied for. 核发证件。"""
    _move(
        certificate, "issue", {"valid_from": valid_from, "number": number, "valid_to": valid_to}, dry_run=dry_run, as_json=as_json
    )


@app.command()
@terminal.told
def suspend(
    certificate: Certificate,
    on: On,
    reason: Why,
    until: Annotated[str | None, typer.Option(help="Last day; until it is lifted without it.")] = None,
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Suspend a certificate from a day on. 暂扣证件。"""
    _move(certificate, "suspend", {"on": on, "reason": reason, "until": until}, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def resume(
    certificate: Certificate, on: On, reason: Why, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False
) -> None:
    """Lift a suspension; from this day on the certificate holds again. 恢复证件。"""
    _move(certificate, "resume", {"on": on, "reason": reason}, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def cancel(
    certificate: Certificate, on: On, reason: Why, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False
) -> None:
    """Cancel a certificate from a day on. 注销证件。"""
    _move(certificate, "cancel", {"on": on, "reason": reason}, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def revoke(
    certificate: Certificate, on: On, reason: Why, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False
) -> None:
    """Revoke a certificate from a day on, for good. 吊销证件。"""
    _move(certificate, "revoke", {"on": on, "reason": reason}, dry_run=dry_run, as_json=as_json)


@app.command()
@terminal.told
def verify(number: Annotated[str, typer.Argument(help="Number on the card.")], as_json: terminal.AsJson = False) -> None:
    """Tell whether a number is valid; exit code 1 when it is not. 核验证件。"""
    with terminal.connect() as client:
        found = client.get(f"/v1/certificates/{number}/verification").body
    terminal.show(found, as_json=as_json)
    if found["status"] != "valid":
        raise typer.Exit(terminal.REFUSED)


@app.command("import")
@terminal.told
def import_(
    file: acts.RowsFile,
    atomic: Annotated[bool, typer.Option("--atomic", help="All of a piece of 500, or none of it.")] = False,
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Enter or correct the certificates of a file. 批量登记执法证件。"""
    with terminal.connect() as client:
        acts.enter(client, "/v1/certificates/batch", acts.items_of(file), atomic=atomic, dry_run=dry_run, as_json=as_json)


def _move(certificate: str, verb: str, body: dict[str, Any], *, dry_run: bool, as_json: bool) -> None:
    acts.moved(f"/v1/certificates/{certificate}", verb, body, dry_run=dry_run, as_json=as_json)
