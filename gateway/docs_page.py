"""The documentation page (接口文档), served without a single request to another host."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from gateway.exchange import Exchange

FOLDER: Final = Path(__file__).parent / "docs"
# Icons stand as data: images in the style sheet; everything else is a file of this origin.
POLICY: Final = (
    b"default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


@cache
def bundled() -> Path:
    """Folder of the Swagger UI files that the package fastapi-offline brings; found without importing it."""
    spec = find_spec("fastapi_offline")
    if spec is None or spec.submodule_search_locations is None:
        raise RuntimeError("fastapi-offline is not installed")
    return Path(spec.submodule_search_locations[0]) / "static"


def files() -> Mapping[str, tuple[Path, bytes]]:
    """Path → file and content type of all that the page needs."""
    return {
        "/docs": (FOLDER / "index.html", b"text/html; charset=utf-8"),
        "/docs/static/start.js": (FOLDER / "start.js", b"text/javascript; charset=utf-8"),
        "/docs/static/swagger-ui-bundle.js": (bundled() / "swagger-ui-bundle.js", b"text/javascript; charset=utf-8"),
        "/docs/static/swagger-ui.css": (bundled() / "swagger-ui.css", b"text/css; charset=utf-8"),
        "/docs/static/favicon.png": (bundled() / "favicon.png", b"image/png"),
    }


@cache
def content(path: Path) -> bytes:
    """A file's bytes, read once."""
    return path.read_bytes()


async def show(exchange: Exchange, file: Path, content_type: bytes) -> None:
    """One of the page's files."""
    await exchange.answer(200, [(b"content-type", content_type), (b"content-security-policy", POLICY)], content(file))
