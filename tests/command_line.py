"""The command line, typed in the test's own process: a start of its own for each call would take most of the time."""

from __future__ import annotations

import functools

from typer import testing

from admin import main

# The tree of all commands is made once, not for each call.
testing._get_command = functools.cache(testing._get_command)


def typed(*words: str, stdin: str | None = None, **environment: str) -> testing.Result:
    """What became of the command."""
    return testing.CliRunner().invoke(main.app, list(words), input=stdin, env=environment)
