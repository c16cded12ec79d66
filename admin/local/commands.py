"""Commands of the process starter. What is heavy is imported where it is used: every command line starts with this file."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, ParamSpec

import typer

from admin.local import home as homes
from admin.local import trouble

P = ParamSpec("P")
NOT_RUNNING = 3

app = typer.Typer()


def plain_trouble(command: Callable[P, None]) -> Callable[P, None]:
    """Tells trouble in plain words on stderr, exit code 1."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except trouble.Trouble as error:
            typer.echo(f"zhifa: {error}", err=True)
            raise typer.Exit(1) from None

    return run


@app.command()
@plain_trouble
def up(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Loopback port of the gateway.")] = 8000,
    detach: Annotated[bool, typer.Option("--detach", help="Leave it running in the background.")] = False,
) -> None:
    """Start everything: PostgreSQL, migrations, services, gateway, reference data. 启动系统。"""
    from admin.local import up as starter

    try:
        starter.up(port, detach, typer.echo)
    except starter.Ended:
        typer.echo("stopped")


@app.command()
@plain_trouble
def down() -> None:
    """Stop everything that runs for this home. 停止系统。"""
    from admin.local import up as starter

    if not homes.located().exists():
        typer.echo(f"nothing runs for {homes.located()}")
        return
    starter.down(homes.opened(), typer.echo)


@app.command()
@plain_trouble
def status(as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False) -> None:
    """Show each process with address, version, migration and health. Exit code 3 when not all is healthy. 查看状态。"""
    from admin.local import status as statuses

    found = statuses.collect(homes.Home(homes.located()))
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2) if as_json else "\n".join(statuses.lines(found)))
    if not found["healthy"]:
        raise typer.Exit(NOT_RUNNING)


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}, add_help_option=False
)
@plain_trouble
def test(context: typer.Context) -> None:
    """Run the test suite; all arguments go to pytest. Uses DATABASE_URL, or a PostgreSQL of its own. 运行测试。"""
    from admin.local import testing

    raise typer.Exit(testing.run(context.args))


@app.command()
@plain_trouble
def token(username: Annotated[str, typer.Argument(help="Name the account signs in with.")]) -> None:
    """Print an access token for an account of this home, valid for 15 minutes. 签发访问令牌。"""
    from admin.local import tokens

    typer.echo(tokens.issue(homes.Home(homes.located()), username))


@app.command()
@plain_trouble
def secrets(folder: Annotated[Path, typer.Argument(help="Folder for one file per secret, for docker compose.")]) -> None:
    """Make the secrets of a container installation; what is there is kept. 生成容器部署所需的密钥文件。"""
    from admin.local import container

    for path in container.make_secrets(folder):
        typer.echo(str(path))


personal_keys = typer.Typer(
    help="Keys of personal data: status, rotate, add, activate, drop. 个人信息密钥。", no_args_is_help=True
)
app.add_typer(personal_keys, name="personal-keys")
Suite = Annotated[str | None, typer.Option(help="aes-256-gcm-sha256 or sm4-gcm-sm3; as before without it.")]
KeyName = Annotated[str, typer.Argument(help="Name of the key, for instance k2.")]


@personal_keys.command("status")
@plain_trouble
def keys_status(as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False) -> None:
    """Show each key, its suite, and how many values rest under it. 密钥使用情况。"""
    from admin.local import personal_keys as keys

    found = keys.status(homes.Home(homes.located()))
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for entry in found["keys"]:
        values = ", ".join(f"{place} {amount}" for place, amount in entry["values"].items()) or "nothing"
        typer.echo(f"{entry['key']:4} {entry['suite']:20} {'in use ' if entry['active'] else '       '} {values}")
    typer.echo("counted with the keys of today" if found["current"] else "not counted yet with the keys of today")


@personal_keys.command("rotate")
@plain_trouble
def keys_rotate(suite: Suite = None) -> None:
    """Add a new pair of keys and put it to use; everything is sealed anew while the system runs. 轮换密钥。"""
    from admin.local import personal_keys as keys

    keys.rotate(homes.Home(homes.located()), suite, typer.echo)


@personal_keys.command("add")
@plain_trouble
def keys_add(suite: Suite = None) -> None:
    """Add a new pair of keys without using it, for installations that spread their secrets slowly. 新增密钥。"""
    from admin.local import personal_keys as keys

    keys.add(homes.Home(homes.located()), suite, typer.echo)


@personal_keys.command("activate")
@plain_trouble
def keys_activate(name: KeyName) -> None:
    """Put a pair of keys to use. 启用密钥。"""
    from admin.local import personal_keys as keys

    keys.activate(homes.Home(homes.located()), name, typer.echo)


@personal_keys.command("drop")
@plain_trouble
def keys_drop(name: KeyName) -> None:
    """Remove a pair of keys under which nothing rests. 移除旧密钥。"""
    from admin.local import personal_keys as keys

    keys.drop(homes.Home(homes.located()), name, typer.echo)
