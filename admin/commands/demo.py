"""`demo`: synthetic people and the main story, played through the REST API of a running home."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from admin.local.trouble import plain_trouble

app = typer.Typer()


@app.command()
@plain_trouble
def demo(as_json: Annotated[bool, typer.Option("--json", help="Print the facts as JSON.")] = False) -> None:
    """Fill a running system with synthetic people and play the main story. 演示。"""
    from admin import client as rest
    from admin.commands import scoreboards
    from admin.demo import people, story
    from admin.local import home as homes
    from admin.local import tokens, trouble

    home = homes.Home(homes.located())
    address = home.read_state().get("address") or "http://127.0.0.1:8000"
    say = _silent if as_json else typer.echo
    try:
        with rest.Client(address, rest.Fixed(tokens.issue(home, "sysadmin"))) as admin:
            units = people.units_of_district(admin)
            accounts = people.Accounts(address, admin, home.path / "demo-accounts.json", units)
            say(f"演示账号 {accounts.make()} 个已建立，口令在 {accounts.store}")
            facts = story.tell(story.Story(accounts, say))
    except (rest.Refused, rest.Unreachable, story.Unexpected) as error:
        raise trouble.Trouble(f"The demonstration stopped: {error}{_faults(error)}") from error
    if as_json:
        typer.echo(json.dumps(facts, ensure_ascii=False))
    else:
        scoreboards.draw(facts["scoreboard"])


def _silent(text: str) -> None:
    """Says nothing: the facts are for a program."""


def _faults(error: Any) -> str:
    found = getattr(error, "problem", {}).get("errors", [])
    return "".join(f"\n  {fault['pointer']} {fault['code']} {fault['detail']}" for fault in found)
