"""The table of what proves what: task of the plan, records that serve it, obligations measured from them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from services.kit.registers.kinds import Kind
from services.tasks_api.obligations.rules import SETTINGS, Obligation

HEAD: Final = """# From the plan to its proof

Each task (T) and work requirement (R) of the plan, the typed registers that hold its records, and the obligations measured from
records, with the dated settings by which open words of the plan are read and the address of the records behind each. Made
from the code by `python -m services.tasks_api.obligations.formats`; a test keeps it current.

| Task | Registers | Obligation | Measure | Basis | Read by | Records behind it |
|---|---|---|---|---|---|---|
"""


def document(obligations: Sequence[Obligation], kinds: Iterable[Kind]) -> str:
    """The whole page."""
    return HEAD + "\n".join(_lines(obligations, list(kinds))) + "\n"


def _lines(obligations: Sequence[Obligation], kinds: Sequence[Kind]) -> Iterator[str]:
    for sign, numbers in (("T", range(1, 25)), ("R", range(1, 4))):
        for number in numbers:
            served = [kind.key for kind in kinds if number in (kind.tasks if sign == "T" else kind.requirements)]
            owed = [each for each in obligations if number in (each.tasks if sign == "T" else each.requirements)]
            yield from _rows(f"{sign}{number}", ", ".join(f"`{key}`" for key in served), owed)


def _rows(task: str, registers: str, owed: Sequence[Obligation]) -> Iterator[str]:
    for place, each in enumerate(owed):
        first = (task, registers) if place == 0 else ("", "")
        read_by = ", ".join(f"`{key}`" for key in SETTINGS.get(each.id, ()))
        yield "| " + " | ".join((*first, each.id, each.measure, each.basis.value, read_by, f"`{each.evidence}`")) + " |"


def main() -> None:
    """Writes `docs/obligations.md`."""
    from pathlib import Path

    from services.tasks_api.obligations.rules import OBLIGATIONS
    from services.tasks_api.registers.kinds import KINDS

    Path("docs/obligations.md").write_text(document(OBLIGATIONS, KINDS.values()), encoding="utf-8")


if __name__ == "__main__":
    main()
