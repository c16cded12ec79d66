"""`login`, `logout`, `whoami`. Passwords are asked for or read from standard input; no argument ever holds one."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from admin.commands import terminal

if TYPE_CHECKING:
    from admin import client as clients

app = typer.Typer()


@app.command()
@terminal.told
def login(
    username: Annotated[str, typer.Argument(help="Name the account signs in with.")],
    url: Annotated[str | None, typer.Option(help="Address of the system; else ZHIFA_URL, else what runs for this home.")] = None,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input; a new one from its second line.")
    ] = False,
) -> None:
    """Sign in and keep the tokens in the profile. Asks for a new password where one is due. 登录。"""
    from admin import client as clients
    from admin import profiles, sign_in

    address = (url or profiles.address_for_login()).rstrip("/")
    password = _secret("Password (密码)", from_stdin=password_stdin)
    with clients.Client(address, clients.Fixed(None)) as client:
        try:
            tokens = sign_in.by_password(client, username, password)
        except clients.Refused as refusal:
            if refusal.code != sign_in.CHANGE_REQUIRED:
                raise
            tokens = _with_new_password(client, username, password, from_stdin=password_stdin)
    kept = profiles.Profile(address, username, tokens["access_token"], tokens["refresh_token"])
    profiles.write(profiles.chosen_name(), kept)
    typer.echo(f"signed in as {username} at {address} (profile {profiles.chosen_name()})")


@app.command()
@terminal.told
def logout() -> None:
    """End the session and forget its tokens. 退出登录。"""
    from admin import client as clients
    from admin import profiles

    name = profiles.chosen_name()
    profile = profiles.read(name)
    if profile is None or not profile.refresh_token:
        typer.echo("nobody is signed in")
        return
    try:
        with clients.Client(profile.url, clients.Fixed(profile.access_token), patience=5.0) as client:
            client.post("/auth/logout", form={"refresh_token": profile.refresh_token})
    finally:
        profiles.write(name, profiles.Profile(profile.url, profile.username))
    typer.echo("signed out")


@app.command()
@terminal.told
def whoami(as_json: terminal.AsJson = False) -> None:
    """Show who is signed in, with roles and unit. 当前账号。"""
    with terminal.connect() as client:
        terminal.show(client.get("/v1/me").body, as_json=as_json)


def _with_new_password(client: clients.Client, username: str, password: str, *, from_stdin: bool) -> clients.Json:
    from admin import sign_in

    if not from_stdin:
        typer.echo("The password must be changed before the first use (首次登录须修改密码).", err=True)
    new = _secret("New password (新密码, ≥ 15)", from_stdin=from_stdin, confirm=True)
    sign_in.change_password(client, username, password, new)
    return sign_in.by_password(client, username, new)


def _secret(prompt: str, *, from_stdin: bool, confirm: bool = False) -> str:
    if not from_stdin:
        return str(typer.prompt(prompt, hide_input=True, confirmation_prompt=confirm, err=True))
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise terminal.usage("standard input holds no (new) password.")
    return line
