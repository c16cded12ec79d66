"""`audit`: the audit trail."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from admin import ledger_proof
from admin.commands import terminal

if TYPE_CHECKING:  # heavy, and needed by nobody who only asks for help
    from admin import client as clients

app = terminal.noun("Audit trail: list, head, verify. 审计。")
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
def head(
    save: Annotated[Path | None, typer.Option(help="Write it into this file, to be kept elsewhere.")] = None,
    keys: Annotated[Path | None, typer.Option(help="Write the public keys into this file.")] = None,
    as_json: terminal.AsJson = False,
) -> None:
    """Show the signed head of the trail; kept elsewhere, it proves later that nothing was cut off. 审计链末端。"""
    with terminal.connect() as client:
        found = client.get("/v1/audit-events/head").body
        if save is not None:
            save.write_text(json.dumps(found), encoding="utf-8")
        if keys is not None:
            keys.write_text(json.dumps(client.get("/v1/audit-events/keys").body), encoding="utf-8")
    terminal.show(found, as_json=as_json)


@app.command()
@terminal.told
def verify(
    kept: Annotated[
        Path | None, typer.Option("--head", exists=True, dir_okay=False, help="A head kept earlier, to compare with.")
    ] = None,
    keys: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Public keys, to check the kept head's signature.")
    ] = None,
    as_json: terminal.AsJson = False,
) -> None:
    """Verify the chain of the trail, and that it still holds a head kept earlier; exit code 1 when not: auditors. 核验审计链。"""
    if keys is not None and kept is None:
        raise terminal.usage("keys are for a head that was kept: --head HEADFILE")
    with terminal.connect() as client, terminal.busy("verifying the audit trail"):
        found = client.get("/v1/audit-events/verification").body
        while found["ok"] and (after := found.get("next_after")):
            following = client.get("/v1/audit-events/verification", after=after).body
            found = following | {"checked": found["checked"] + following["checked"]}
        if kept is not None:
            found |= _compared(client, terminal.read_json(kept), terminal.read_json(keys) if keys else None)
    terminal.show(found, as_json=as_json)
    if not found["ok"] or found.get("head") not in {None, "found"}:
        raise typer.Exit(terminal.REFUSED)


def _compared(client: clients.Client, kept: terminal.Json, keys: terminal.Json | None) -> terminal.Json:
    """What became of a head that was kept: `found`, or why not. A trail may grow behind it, and nothing else."""
    from admin import client as clients

    try:
        place, chain = kept["sequence"], kept["chain_hash"]
        if keys is not None:
            ledger_proof.check_signature(kept, keys)
        if not place:
            return {"head": "found"}
        there = client.get("/v1/audit-events/head", sequence=place).body
    except KeyError:
        raise terminal.usage("the file holds no head.") from None
    except ledger_proof.Broken as broken:
        return {"ok": False, "head": broken.what}
    except clients.Refused as refusal:
        if refusal.status != 404:
            raise
        return {"ok": False, "head": f"cut off before the head that was kept ({place})"}
    return {"head": "found"} if there["chain_hash"] == chain else {"ok": False, "head": f"another chain up to {place}"}
