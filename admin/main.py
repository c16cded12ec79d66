"""Root of the command line `zhifa`: mounts the process starter and the admin scripts, and nothing else."""

from __future__ import annotations

from typing import Annotated

import typer

from admin.local import commands as local
from admin.local import home as homes

app = typer.Typer(
    name="zhifa",
    help="智法 zhifa: administrative law enforcement of a district. 区级行政执法工作系统。",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # locals may hold passwords and personal data
)
app.add_typer(local.app)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"zhifa {homes.version()}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print it.")] = False,
) -> None:
    """Options that stand before the command."""


def run() -> None:
    """Entry of the installed command."""
    app(prog_name="zhifa")


if __name__ == "__main__":
    run()
