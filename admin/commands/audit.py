"""`audit`: the audit trail."""

from __future__ import annotations

from typing import Annotated

import typer

from admin.commands import terminal

app = terminal.noun("Audit trail: list, verify. 审计。")
COLUMNS = ("recorded_at", "action", "actor_name", "object_type", "object_id", "reason")


@app.command("list")
@terminal.told
def list_(
    object_id: Annotated[str | None, typer.Option("--object", help="Id of the object.")] = None,
    limit: terminal.Most = 50,
    as_json: terminal.AsJson = False,
) -> None:
    """List audit events: auditors. 审计记录。"""
    with terminal.connect() as client:
        terminal.table(client.items("/v1/audit-events", most=limit, object_id=object_id), COLUMNS, as_json=as_json)


@app.command()
@terminal.told
def verify(as_json: terminal.AsJson = False) -> None:
    """Verify the chain of the trail; exit code 1 when it is broken: auditors. 核验审计链。"""
    with terminal.connect() as client, terminal.busy("verifying the audit trail"):
        found = client.get("/v1/audit-events/verification").body
        while found["ok"] and (after := found.get("next_after")):
            following = client.get("/v1/audit-events/verification", after=after).body
            found = following | {"checked": found["checked"] + following["checked"]}
    terminal.show(found, as_json=as_json)
    if not found["ok"]:
        raise typer.Exit(terminal.REFUSED)
