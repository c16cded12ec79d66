"""`personal-keys` and `webhook-keys`: sealing keys of this home, changed while everything runs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from admin.local import home as homes
from admin.local.trouble import plain_trouble

if TYPE_CHECKING:
    from admin.local.sealing_keys import Ring

Suite = Annotated[str | None, typer.Option(help="aes-256-gcm-sha256 or sm4-gcm-sm3; as before without it.")]
KeyName = Annotated[str, typer.Argument(help="Name of the key, for instance k2.")]


def of(noun: str, english: str, chinese: str) -> typer.Typer:
    """The commands of one file of keys."""
    made = typer.Typer(name=noun, help=f"{english}: status, rotate, add, activate, drop. {chinese}。", no_args_is_help=True)

    @made.command("status")
    @plain_trouble
    def status(as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False) -> None:
        """Show each key, its suite, and how many values rest under it. 密钥使用情况。"""
        _show(noun, as_json=as_json)

    @made.command("rotate")
    @plain_trouble
    def rotate(suite: Suite = None) -> None:
        """Add a new pair of keys and put it to use; everything is sealed anew while the system runs. 轮换密钥。"""
        from admin.local import sealing_keys as keys

        keys.rotate(_home(), suite, typer.echo, ring=_ring(noun))

    @made.command("add")
    @plain_trouble
    def add(suite: Suite = None) -> None:
        """Add a new pair of keys without using it, for installations that spread their secrets slowly. 新增密钥。"""
        from admin.local import sealing_keys as keys

        keys.add(_home(), suite, typer.echo, _ring(noun))

    @made.command("activate")
    @plain_trouble
    def activate(name: KeyName) -> None:
        """Put a pair of keys to use. 启用密钥。"""
        from admin.local import sealing_keys as keys

        keys.activate(_home(), name, typer.echo, _ring(noun))

    @made.command("drop")
    @plain_trouble
    def drop(name: KeyName) -> None:
        """Remove a pair of keys under which nothing rests. 移除旧密钥。"""
        from admin.local import sealing_keys as keys

        keys.drop(_home(), name, typer.echo, _ring(noun))

    return made


def _home() -> homes.Home:
    return homes.Home(homes.located())


def _ring(noun: str) -> Ring:
    from admin.local import sealing_keys as keys

    return {ring.noun: ring for ring in (keys.PERSONAL, keys.WEBHOOKS)}[noun]


def _show(noun: str, *, as_json: bool) -> None:
    from admin.local import sealing_keys as keys

    found = keys.status(_home(), _ring(noun))
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for entry in found["keys"]:
        values = ", ".join(f"{place} {amount}" for place, amount in entry["values"].items()) or "nothing"
        typer.echo(f"{entry['key']:4} {entry['suite']:20} {'in use ' if entry['active'] else '       '} {values}")
    typer.echo("counted with the keys of today" if found["current"] else "not counted yet with the keys of today")
