"""Names of findings, so that an override holds for what was overridden and not for what comes later. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from services.cases_api.legal_checks.rules.model import Finding

# Where a sum is told up to the day of the check, these grow from day to day although the defect stays the same.
DAILY: Final = frozenset({"to", "counted", "excluded", "last_day"})


def mark_of(findings: Sequence[Finding], today: date) -> str:
    """Equal for equal findings; of what still goes on, whatever the day."""
    facts = [[each.level, _lasting(each, today.isoformat())] for each in findings]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _lasting(finding: Finding, today: str) -> dict[str, Any]:
    left_out = DAILY if finding.facts.get("to") == today else frozenset[str]()
    return {name: value for name, value in finding.facts.items() if name not in left_out}
