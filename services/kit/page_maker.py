"""The child process that sets pages: a template's path as argument, their facts on standard input, a PDF on standard output.

Run as a script, by its path, so that it loads nothing of ours and holds no secret. Facts reach the template as data and are
never read as markup. The same facts give the same bytes. A page with a `link` gets it as a QR code (`qr`, an SVG).
"""

from __future__ import annotations

import io
import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

MEMORY = 2 << 30
CPU_SECONDS = 60
TYPEFACE = "rinoh_typeface_notosanscjk"


def limit() -> None:
    """Bounds this process: memory, processor time, no files written, no core dump."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    bounds = {"RLIMIT_AS": MEMORY, "RLIMIT_CPU": CPU_SECONDS, "RLIMIT_FSIZE": 0, "RLIMIT_CORE": 0}
    for name, most in bounds.items():
        kind = getattr(resource, name)
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (most, most if hard == resource.RLIM_INFINITY else min(most, hard)))


def fonts() -> str:
    """The folder of the Chinese typeface; no font of the machine is used, so that pages look the same everywhere."""
    found = find_spec(TYPEFACE)
    if found is None or found.origin is None:
        raise RuntimeError(f"{TYPEFACE} is not installed")
    return str(Path(found.origin).parent)


def code_of(link: str) -> str:
    """A QR code that survives a stamp over a corner of it."""
    import segno

    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(out, kind="svg", border=0, xmldecl=False)
    return out.getvalue().decode()


def made(template: Path, pages: list[dict[str, Any]]) -> bytes:
    """The pages set, in the form that archives ask for (PDF/A), unless a rare sign is missing in the typeface."""
    import typst

    data = json.dumps([page | ({"qr": code_of(page["link"])} if page.get("link") else {}) for page in pages])
    text, inputs = template.read_bytes(), {"data": data}
    known = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts()])
    try:
        return typst.compile(text, font_paths=known, format="pdf", sys_inputs=inputs, pdf_standards="a-2b")
    except typst.TypstError:
        return typst.compile(text, font_paths=known, format="pdf", sys_inputs=inputs)


def main(template: str) -> None:
    """Sets what is asked for."""
    limit()
    sys.stdout.buffer.write(made(Path(template), json.load(sys.stdin.buffer)))


if __name__ == "__main__":
    main(*sys.argv[1:])
