"""What the person at the terminal can understand and mend."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec

P = ParamSpec("P")


class Trouble(Exception):
    """A plain message for the terminal; never holds a password."""


def plain_trouble(command: Callable[P, None]) -> Callable[P, None]:
    """Tells trouble in plain words on stderr, exit code 1."""
    import typer

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except Trouble as error:
            typer.echo(f"zhifa: {error}", err=True)
            raise typer.Exit(1) from None

    return run
