"""`webhooks`: endpoints that are told of changes, and what was sent to them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from admin.commands import lookups, terminal

if TYPE_CHECKING:  # heavy, and needed by nobody who only asks for help
    from admin import client as clients

app = terminal.noun("Webhooks: list, create, change, rotate, test, deliveries, redeliver. 推送。")
PATH, LOG = "/v1/webhook-endpoints", "/v1/webhook-deliveries"
COLUMNS = ("url", "state", "disabled_why", "event_types", "failing_since", "last_delivered_at", "id")
LOG_COLUMNS = ("created_at", "kind", "state", "attempts", "response_status", "error", "next_attempt_at", "id")
PATIENCE_SECONDS = 20.0
LOOK_SECONDS = 0.5

Endpoint = Annotated[str, typer.Argument(help="Id of the endpoint.")]
Types = Annotated[
    list[str] | None, typer.Option("--event", help="`assignment.submitted`, `review.*`; repeatable. All without it.")
]


@app.command("list")
@terminal.told
def list_(
    state: Annotated[str | None, typer.Option(help="enabled or disabled.")] = None,
    limit: terminal.Most = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List endpoints. 推送端点列表。"""
    with terminal.connect() as client:
        terminal.table(client.items(PATH, most=limit, state=state), COLUMNS, as_json=as_json)


@app.command()
@terminal.told
def create(
    url: Annotated[str, typer.Argument(help="Where to send to; https.")],
    event: Types = None,
    description: Annotated[str | None, typer.Option(help="What it is for.")] = None,
    unit: Annotated[str | None, typer.Option(help="Code of a unit: only what happens there and below.")] = None,
    machine: Annotated[
        str | None, typer.Option("--client", help="Name of the machine client it is for (administrators).")
    ] = None,
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Add an endpoint; its signing secret is shown once. 新增推送端点。"""
    with terminal.connect() as client:
        body: terminal.Json = {"url": url, "event_types": event or []}
        if description is not None:
            body["description"] = description
        if unit is not None:
            body["unit_id"] = lookups.unit_id(client, unit)
        if machine is not None:
            body["client_id"] = lookups.id_of(client, "/v1/clients", "client_id", machine)
        terminal.show(client.post(PATH, body, dry_run=dry_run).body, as_json=as_json, dry_run=dry_run)


@app.command()
@terminal.told
def rotate(
    endpoint: Endpoint,
    overlap: Annotated[int, typer.Option(min=0, max=168, help="Hours in which the old secret signs too.")] = 24,
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Give an endpoint a new signing secret, shown once. 更换签名密钥。"""
    with terminal.connect() as client:
        answer = client.move(f"{PATH}/{endpoint}", "rotate-secret", {"overlap_hours": overlap}, dry_run=dry_run)
        terminal.show(answer.body, as_json=as_json, dry_run=dry_run)


def _mover(verb: str, text: str) -> None:
    @terminal.told
    def move(
        endpoint: Endpoint, reason: terminal.Reason = None, dry_run: terminal.DryRun = False, as_json: terminal.AsJson = False
    ) -> None:
        with terminal.connect() as client:
            answer = client.move(f"{PATH}/{endpoint}", verb, dry_run=dry_run, reason=reason)
            terminal.show(answer.body, as_json=as_json, dry_run=dry_run)

    app.command(verb, help=text)(move)


_mover("disable", "Send nothing any more. 停用推送端点。")
_mover("enable", "Send again, from where it stopped. 启用推送端点。")


@app.command()
@terminal.told
def delete(endpoint: Endpoint, dry_run: terminal.DryRun = False) -> None:
    """Remove an endpoint with its log. 删除推送端点。"""
    with terminal.connect() as client:
        path = f"{PATH}/{endpoint}"
        client.change("DELETE", path, None, client.get(path).etag, dry_run=dry_run)


@app.command("test")
@terminal.told
def try_out(endpoint: Endpoint, as_json: terminal.AsJson = False) -> None:
    """Send a test message and wait for what comes of it; exit code 1 when it did not arrive. 推送测试消息。"""
    with terminal.connect() as client, terminal.busy("sending a test message"):
        location = client.post(f"{PATH}/{endpoint}/test").headers["location"]
        found = _ended(client, location)
    terminal.show(found, as_json=as_json)
    if found["state"] != "delivered":
        raise typer.Exit(terminal.REFUSED)


def _ended(client: clients.Client, location: str) -> terminal.Json:
    """The delivery once it has ended, or as it is when patience ends."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (found := client.get(location).body)["state"] == "pending" and time.monotonic() < deadline:
        time.sleep(LOOK_SECONDS)
    return found


@app.command()
@terminal.told
def deliveries(
    endpoint: Annotated[str | None, typer.Option(help="Id of an endpoint.")] = None,
    state: Annotated[str | None, typer.Option(help="pending, delivered, failed or withdrawn.")] = None,
    limit: terminal.Most = 50,
    as_json: terminal.AsJson = False,
) -> None:
    """List what was sent, the newest first. 推送记录。"""
    with terminal.connect() as client:
        terminal.table(client.items(LOG, most=limit, endpoint_id=endpoint, state=state), LOG_COLUMNS, as_json=as_json)


@app.command()
@terminal.told
def redeliver(
    delivery: Annotated[str | None, typer.Argument(help="Id of a delivery.")] = None,
    endpoint: Annotated[str | None, typer.Option(help="Id of an endpoint: all of its failed deliveries.")] = None,
    since: Annotated[str, typer.Option(help="With --endpoint: since when.")] = "2000-01-01T00:00:00Z",
    dry_run: terminal.DryRun = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Send a delivery again, or all failed ones of an endpoint. 重新推送。"""
    if (delivery is None) == (endpoint is None):
        raise terminal.usage("name a delivery, or an endpoint by --endpoint.")
    with terminal.connect() as client:
        if delivery is not None:
            answer = client.move(f"{LOG}/{delivery}", "redeliver", dry_run=dry_run)
        else:
            answer = client.post(f"{PATH}/{endpoint}/redeliver-failed", {"since": since}, dry_run=dry_run)
        terminal.show(answer.body, as_json=as_json, dry_run=dry_run)
