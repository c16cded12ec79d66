"""Commands of the process starter. What is heavy is imported where it is used: every command line starts with this file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from admin.local import home as homes
from admin.local import key_commands
from admin.local.trouble import plain_trouble

NOT_RUNNING = 3

app = typer.Typer()


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


app.add_typer(key_commands.of("personal-keys", "Keys of personal data", "个人信息密钥"))
app.add_typer(key_commands.of("webhook-keys", "Keys of the secrets of webhooks", "推送密钥"))
