"""Root of the command line `zhifa`: mounts the process starter and the admin scripts, and nothing else."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from admin.commands import (
    accounts,
    audit,
    cases,
    certificates,
    classes,
    complaints,
    completion_certificates,
    compliance,
    demo,
    draws,
    exams,
    exemptions,
    hours,
    inspections,
    obligations,
    officers,
    plan,
    problems,
    registers,
    reports,
    reviews,
    sessions,
    tasks,
    training_plans,
    units,
    webhooks,
)
from admin.local import commands as local
from admin.local import home as homes

app = typer.Typer(
    name="zhifa",
    help="执法 zhifa: administrative law enforcement of a district. 区级行政执法工作系统。",
    no_args_is_help=True,
    rich_markup_mode=None,  # its help texts cost a third of a second at every call
    pretty_exceptions_show_locals=False,  # locals may hold passwords and personal data
)
app.add_typer(local.app)
app.add_typer(sessions.app)
app.add_typer(demo.app)
NOUNS = (
    accounts, units, plan, tasks, officers, exams, certificates, training_plans, classes, hours, completion_certificates,
    compliance, exemptions, cases, reviews, problems, complaints, inspections, draws, audit, webhooks, registers,
    obligations, reports,
)  # fmt: skip
for _noun in NOUNS:
    app.add_typer(_noun.app, name=_noun.__name__.rpartition(".")[2].replace("_", "-"))


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"zhifa {homes.version()}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print it.")] = False,
    profile: Annotated[str | None, typer.Option(help="Profile of the admin scripts (ZHIFA_PROFILE).")] = None,
) -> None:
    """Options that stand before the command."""
    if profile is not None:
        os.environ["ZHIFA_PROFILE"] = profile


def run() -> None:
    """Entry of the installed command."""
    app(prog_name="zhifa")


if __name__ == "__main__":
    run()
