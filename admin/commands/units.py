"""`units`: the organs of the district."""

from __future__ import annotations

from typing import Annotated

import typer

from admin.commands import lookups, terminal

app = terminal.noun("Units: list and show. 单位。")
COLUMNS = ("code", "short_name", "kind", "enforcement", "granting", "id")


@app.command("list")
@terminal.told
def list_(
    kind: Annotated[str | None, typer.Option(help="Only units of this kind.")] = None,
    enforcement: Annotated[bool | None, typer.Option(help="Only (or no) units that enforce.")] = None,
    limit: terminal.Most = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List units in the order of their codes. 单位列表。"""
    with terminal.connect() as client:
        found = client.items("/v1/units", most=limit, kind=kind, enforcement=enforcement)
        terminal.table(found, COLUMNS, as_json=as_json)


@app.command()
@terminal.told
def show(code: Annotated[str, typer.Argument(help="Code of the unit.")], as_json: terminal.AsJson = False) -> None:
    """Show one unit. 单位详情。"""
    with terminal.connect() as client:
        terminal.show(client.get(f"/v1/units/{lookups.unit_id(client, code)}").body, as_json=as_json)
