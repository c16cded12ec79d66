"""Checks that several kinds share. Each answers faults with pointers into the body. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from stdnum.cn import uscc

from services.kit.errors import Fault
from services.kit.registers import faults

# Captain, deputies, members of the model that the plan spreads (task 12).
MODEL_TEAM: Final = (1, 2, 6)


def faults_of_part(name: str, part: int | None, whole: int | None) -> Sequence[Fault]:
    """A part is no more than its whole, where both are given."""
    if part is None or whole is None or part <= whole:
        return []
    return [Fault(f"/body/{name}", "too_great", {"limit": whole})]


def faults_of_team(team: tuple[int, int, int], variant: str | None) -> Sequence[Fault]:
    """A team made up otherwise than the model says why (plan task 12: 结合实际、因地制宜)."""
    return faults.of_missing(team != MODEL_TEAM, [("variant", variant)])


def faults_of_credit_code(name: str, code: str | None) -> Sequence[Fault]:
    """A unified social credit code has its check sign (GB 32100-2015)."""
    return [Fault(f"/body/{name}", "wrong_format")] if code is not None and not uscc.is_valid(code) else []
