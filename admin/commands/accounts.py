"""`accounts`: who may sign in."""

from __future__ import annotations

from typing import Annotated

import typer

from admin.commands import lookups, terminal

app = terminal.noun("Accounts: list, create, disable, enable, reset passwords. 账号管理。")
COLUMNS = ("username", "display_name", "roles", "state", "unit_id", "id")
Account = Annotated[str, typer.Argument(help="Username or id of the account.")]


@app.command("list")
@terminal.told
def list_(
    role: Annotated[str | None, typer.Option(help="Only accounts with this role.")] = None,
    state: Annotated[str | None, typer.Option(help="active or disabled.")] = None,
    limit: terminal.Most = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List accounts. 账号列表。"""
    with terminal.connect() as client:
        found = client.items("/v1/accounts", most=limit, role=role, state=state)
        terminal.table(found, COLUMNS, as_json=as_json)


@app.command()
@terminal.told
def create(
    username: Annotated[str, typer.Argument(help="Name to sign in with.")],
    display_name: Annotated[str, typer.Option("--name", help="Name shown.")],
    role: Annotated[list[str], typer.Option(help="Role; may be given more than once.")],
    unit: Annotated[str | None, typer.Option(help="Code of the unit; none for system_admin and auditor.")] = None,
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Create an account; its one-time password is shown once and must be changed. 新增账号。"""
    with terminal.connect() as client:
        body = {"username": username, "display_name": display_name, "roles": role}
        if unit is not None:
            body["unit_id"] = lookups.unit_id(client, unit)
        terminal.show(client.post("/v1/accounts", body, dry_run=dry_run).body, as_json=as_json, dry_run=dry_run)


def _mover(verb: str, text: str) -> None:
    @terminal.told
    def move(
        account: Account,
        reason: terminal.Reason = None,
        dry_run: terminal.DryRun = False,
        as_json: terminal.AsJson = False,
    ) -> None:
        with terminal.connect() as client:
            path = f"/v1/accounts/{lookups.id_of(client, '/v1/accounts', 'username', account)}"
            answer = client.move(path, verb, dry_run=dry_run, reason=reason)
            terminal.show(answer.body, as_json=as_json, dry_run=dry_run)

    app.command(verb, help=text)(move)


_mover("disable", "Disable an account and end its sessions. 停用账号。")
_mover("enable", "Enable a disabled account. 启用账号。")
_mover("reset-password", "Give a new one-time password, shown once. 重置密码。")
