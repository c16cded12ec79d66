"""The scoreboard drawn for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import typer

from admin.commands import terminal

if TYPE_CHECKING:
    from admin import client as clients

Json = terminal.Json
STATES = ("issued", "signed", "in_progress", "submitted", "approved", "suspended", "void")
MOVED = ("of", "unit", "before", "after")
COLUMNS = ("task", "title", *STATES, "late", "obligations met", "measured")


def active_plan(client: clients.Client) -> Json:
    """The plan in force. Ends the command (2) when there is none or more than one."""
    found = list(client.items("/v1/plans", state="active"))
    if len(found) != 1:
        raise terminal.usage(f"{len(found)} plans are in force; name one with --plan (see: zhifa plan list).")
    return found[0]


def draw(board: Json) -> None:
    """A row per task: how many assignments are in which state, what the other services measure, and by how many obligations
    are met."""
    typer.echo(f"{board['title']}  ({board['state']})")
    terminal.table((_row(task) for task in board["tasks"]), COLUMNS, as_json=False)


def _row(task: Json) -> Json:
    kind = "" if task["kind"] == "task" else f"{task['kind']} "
    counts = {name: task["counts"].get(name) or "" for name in (*STATES, "late")}
    told = {"obligations met": ", ".join(proved(task.get("obligations", ()))), "measured": "; ".join(measured(task["units"]))}
    return {"task": f"{kind}{task['number']}", "title": task["title"], **counts, **told}


def proved(obligations: Iterable[Json]) -> Iterator[str]:
    """Each obligation of the task: by how many of those who owe it it is met; a dash where nobody owes it."""
    stands: dict[str, list[str]] = {}
    for each in obligations:
        stands.setdefault(each["id"], []).append(each["status"])
    for name, statuses in stands.items():
        owed = [status for status in statuses if status != "not_applicable"]
        yield f"{name} {owed.count('met')}/{len(owed)}" if owed else f"{name} -"


def measured(units: Iterable[Json]) -> Iterator[str]:
    """Hours rate and reviewed files over the units of a task, where there are any."""
    rows = list(units)
    hours = [row["training_hours"] for row in rows if row.get("training_hours")]
    files = [row["reviewed_files"] for row in rows if row.get("reviewed_files")]
    officers = sum(each["officers"] for each in hours)
    if officers:
        met = sum(each["met"] for each in hours)
        yield f"{met}/{officers} officers with enough hours ({met / officers:.0%})"
    reviewed = sum(each.get(mode, 0) for each in files for mode in ("self", "cross", "sample"))
    if reviewed:
        yield f"{reviewed} files reviewed"


def moved(found: Json) -> Iterator[Json]:
    """A row for each thing that stood otherwise: assignments by task and unit, then obligations."""
    for each in found["assignments"]:
        before, after = each.get("before"), each.get("after")
        named = {"of": f"{each['number']} {each['title']}", "unit": (after or before)["short_name"]}
        yield named | {"before": _stand(before), "after": _stand(after)}
    for each in found["obligations"]:
        yield {
            "of": each["id"],
            "unit": each["unit_id"],
            "before": _amount(each.get("before")),
            "after": _amount(each.get("after")),
        }


def _stand(told: Json | None) -> str:
    return " ".join(str(told[name]) for name in ("short_name", "state", "lamp", "due_on") if name in told) if told else ""


def _amount(told: Json | None) -> str:
    return f"{told['value']}/{told['threshold']} {told['status']}" if told else ""
