"""From what people write (codes, usernames, files) to the ids that the interface takes."""

from __future__ import annotations

import mimetypes
import re
from pathlib import Path
from typing import TYPE_CHECKING

from admin.commands import terminal

if TYPE_CHECKING:
    from admin import client as clients

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def unit_id(client: clients.Client, code: str) -> str:
    """Id of the unit with this code."""
    return id_of(client, "/v1/units", "code", code)


def id_of(client: clients.Client, path: str, field: str, value: str) -> str:
    """Id of the one object whose field has this value; an id is passed through. Ends the command (2) when there is none."""
    if UUID.fullmatch(value):
        return value
    found = next(client.items(path, most=1, **{field: value}), None)
    if found is None:
        raise terminal.usage(f"nothing in {path} has the {field} {value}.")
    return str(found["id"])


def form_file(path: Path) -> dict[str, tuple[str, bytes, str]]:
    """A file as the field `file` of a form."""
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return {"file": (path.name, path.read_bytes(), media_type)}


def upload(client: clients.Client, path: Path) -> str:
    """Uploads an evidence file; answers its id."""
    return str(client.post("/v1/attachments", files=form_file(path)).body["id"])
