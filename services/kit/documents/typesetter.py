"""The child process that sets a paper with typst: a request in JSON on standard input, the pages in JSON on standard output.

Run as a script, by its path, so that it loads nothing of ours and holds no secret. The template is a file of ours; what
is printed reaches it as data and is never read as markup. Fonts are those that come with the program, on every machine
the same, and the time is the one told, so the same request gives the same bytes.
"""

from __future__ import annotations

import base64
import io
import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

MEMORY = 3 << 30
CPU_SECONDS = 60
FONTS = "rinoh_typeface_notosanscjk"


def limit() -> None:
    """Bounds this process before it reads a byte: memory, processor time, no files written, no core dump."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    bounds = {"RLIMIT_AS": MEMORY, "RLIMIT_CPU": CPU_SECONDS, "RLIMIT_FSIZE": 0, "RLIMIT_CORE": 0}
    for name, most in bounds.items():
        kind = getattr(resource, name)
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (most, most if hard == resource.RLIM_INFINITY else min(most, hard)))


def font_folders() -> list[str]:
    """Where the typeface lies."""
    found = find_spec(FONTS)
    return list(found.submodule_search_locations or []) if found else []


def code_of(text: str) -> str:
    """A QR code as a drawing; it survives a stamp over a corner of it."""
    import segno

    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=0, xmldecl=False)
    return out.getvalue().decode()


def pages(request: dict[str, Any]) -> list[bytes]:
    """The whole as one PDF (PDF/A-2b, for archives), or each page as a picture. `codes` are texts to make QR codes of."""
    import typst

    template, form = Path(request["template"]), request["form"]
    data = request["data"] | {"codes": [code_of(text) for text in request.get("codes", [])]}
    options: dict[str, Any] = {
        "root": str(template.parent),
        "font_paths": font_folders(),
        "ignore_system_fonts": True,
        "format": form,
        "sys_inputs": {"data": json.dumps(data, ensure_ascii=False)},
        "timestamp": request["at"],
    }
    if form != "pdf":
        options["ppi"] = float(request["ppi"])
    strict: dict[str, Any] = {"pdf_standards": ["a-2b"]} if form == "pdf" else {}
    try:
        made = typst.compile(str(template), **(options | strict))
    except typst.TypstError:
        # The archive's form refuses signs that the typeface lacks: a name with one is printed all the same.
        made = typst.compile(str(template), **options)
    return [made] if isinstance(made, bytes) else list(made)


def main() -> None:
    """Sets what is asked for."""
    limit()
    made = pages(json.load(sys.stdin))
    json.dump([base64.b64encode(page).decode() for page in made], sys.stdout)


if __name__ == "__main__":
    main()
