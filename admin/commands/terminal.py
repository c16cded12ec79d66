"""What the commands share at the terminal: options, exit codes, problems in plain words, tables and JSON."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec, TypeVar

import typer

if TYPE_CHECKING:  # heavy, and needed by nobody who only asks for help
    from admin import client as clients

P = ParamSpec("P")
T = TypeVar("T")
Json = dict[str, Any]
REFUSED, USAGE, UNREACHABLE = 1, 2, 3
CELL = 60

AsJson = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check everything, write nothing.")]
Reason = Annotated[str | None, typer.Option("--reason", help="Why; kept in the audit trail.")]
Most = Annotated[int | None, typer.Option("--limit", min=1, help="At most so many; all without it.")]
JsonFile = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="JSON file, `-` for standard input.", allow_dash=True)
]


def noun(text: str) -> typer.Typer:
    """The command group of a noun."""
    return typer.Typer(help=text, no_args_is_help=True, rich_markup_mode=None)


def told(command: Callable[P, None]) -> Callable[P, None]:
    """Tells refusals (exit code 1) and silence (3) in plain words on stderr; with `--json` the problem as JSON."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        from admin import client as clients

        try:
            command(*args, **kwargs)
        except clients.Refused as refusal:
            _tell(refusal.problem, as_json=bool(kwargs.get("as_json")))
            raise typer.Exit(REFUSED) from None
        except clients.Unreachable as failure:
            typer.echo(f"zhifa: {failure}", err=True)
            raise typer.Exit(UNREACHABLE) from None

    return run


def connect() -> clients.Client:
    """The client of whoever is signed in: ZHIFA_TOKEN, else the profile."""
    from admin import sign_in

    return sign_in.connect()


def usage(text: str) -> typer.Exit:
    """Ends the command for wrong use, exit code 2."""
    typer.echo(f"zhifa: {text}", err=True)
    return typer.Exit(USAGE)


def read_json(path: Path) -> Json:
    """The object in a JSON file, or on standard input for `-`."""
    try:
        body: Any = json.loads(sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise usage(f"{path} is not valid JSON: {error}") from None
    if not isinstance(body, dict):
        raise usage(f"{path} must hold a JSON object.")
    return body


def show(answer: Json, *, as_json: bool, dry_run: bool = False) -> None:
    """One resource: a line per field, or JSON."""
    if as_json:
        _print_json(answer)
        return
    if dry_run:
        typer.echo("(dry run: nothing was written)")
    width = max((len(name) for name in answer), default=0)
    for name, value in answer.items():
        typer.echo(f"{name:<{width}}  {_cell(value)}")


def table(items: Iterable[Json], columns: Sequence[str], *, as_json: bool) -> None:
    """Many: a table of some columns, or `{"items": […]}` with everything."""
    rows = list(items)
    if as_json:
        _print_json({"items": rows})
        return
    from rich import box
    from rich import table as tables

    drawn = tables.Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name in columns:
        drawn.add_column(name, overflow="fold")
    for row in rows:
        drawn.add_row(*(_short(row.get(name)) for name in columns))
    console().print(drawn)
    typer.echo(f"{len(rows)} shown", err=True)


@contextmanager
def busy(text: str) -> Iterator[None]:
    """A spinner while something long runs; on a terminal only."""
    if not sys.stderr.isatty():
        yield
        return
    with console(err=True).status(text):
        yield


def progress(items: Sequence[T], text: str) -> Iterable[T]:
    """The items one by one, with a bar on a terminal."""
    if not sys.stderr.isatty():
        return items
    from rich import progress as bars

    return bars.track(items, text, console=console(err=True), transient=True)


@contextmanager
def bar(text: str) -> Iterator[Callable[[float], None]]:
    """A bar for work that others do; gives what takes its share done, 0 to 1. On a terminal only."""
    if not sys.stderr.isatty():
        yield lambda share: None
        return
    from rich import progress as bars

    with bars.Progress(console=console(err=True), transient=True) as shown:
        task = shown.add_task(text, total=1.0)
        yield lambda share: shown.update(task, completed=share)


def console(*, err: bool = False) -> Any:
    """The terminal; into a pipe lines are never folded."""
    from rich import console as consoles

    width = None if sys.stdout.isatty() else 1000
    return consoles.Console(stderr=err, width=width, soft_wrap=False, highlight=False, markup=False)


def _tell(problem: Json, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(problem, ensure_ascii=False, indent=2), err=True)
        return
    typer.echo(f"zhifa: {problem.get('detail') or problem.get('title') or 'refused'} ({problem.get('code')})", err=True)
    faults = problem.get("errors", [])
    width = max((len(fault["pointer"]) for fault in faults), default=0)
    for fault in faults:
        typer.echo(f"  {fault['pointer']:<{width}}  {fault['detail']} ({fault['code']})", err=True)
    if trace := problem.get("trace_id"):
        typer.echo(f"  trace_id {trace}", err=True)


def json_of(value: object) -> str:
    """JSON for people and files, with its last line ended."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _print_json(value: object) -> None:
    typer.echo(json_of(value), nl=False)


def _short(value: object) -> str:
    text = _cell(value)
    return text if len(text) <= CELL else f"{text[: CELL - 1]}…"


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
