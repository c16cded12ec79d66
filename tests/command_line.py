"""The command line, typed in the test's own process: a start of its own for each call would take most of the time."""

from __future__ import annotations

import functools

from typer import testing
from typer.main import get_command

from admin import main

# The tree of all commands is made once, not for each call.
setattr(testing, "_get_command", functools.cache(get_command))  # noqa: B010  # not a public name of theirs


def typed(*words: str, stdin: str | None = None, **environment: str) -> testing.Result:
    """What became of the command."""
    return testing.CliRunner().invoke(main.app, list(words), input=stdin, env=environment)
