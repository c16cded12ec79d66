"""Which service answers which path, and which operations need no token. A new resource is one more word here."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Final

GATEWAY: Final = "gateway"
DIRECTORY: Final = "directory"
TASKS: Final = "tasks"
CASES: Final = "cases"
TRAINING: Final = "training"
SERVICES: Final = (DIRECTORY, TASKS, CASES, TRAINING)

# First segments below /v1.
_RESOURCES: Final[Mapping[str, str]] = {
    GATEWAY: "permissions",
    DIRECTORY: """
        me units unit-groups accounts clients sessions audit-events attachments working-days
        changes operations webhook-endpoints webhook-deliveries settings
    """,
    TASKS: """
        plan-imports plans tasks assignments progress-reports extension-requests lateness supervision-notices
        escalation-rules escalations supervision-settings notifications problems problem-summaries complaints
        inspection-proposals inspection-plans inspections random-draws registers obligations scoreboard reports
    """,
    CASES: """
        case-files case-statistics case-numbers document-numbers document-templates number-patterns case-imports defects deadlines
        case-records legal-checks legal-settings
        discretion-benchmarks law-changes legal-reviews publicity-records guidances guidance-rounds guidance-shares
        guidance-settings granted-items lenient-items monitoring-equipment transfers mediations
        litigations typical-cases rubrics review-campaigns review-settings review-rounds draws review-assignments
        reviewers conflict-checks conflict-declarations reviews arbitrations results objections rectifications review-statistics
    """,
    TRAINING: """
        officers certificates exams qualification-reviews awards legal-reviewers exemptions exemption-reasons
        personnel-rules auxiliary-staff township-grants training-settings training-plans classes
        hour-entries hour-rules hour-years hour-imports ledger compliance rotations completion-certificates attendance-imports
        exam-result-imports officer-imports
    """,
}

PREFIXES: Final[Mapping[str, str]] = {
    "/auth": DIRECTORY,
    "/.well-known": DIRECTORY,
    **dict(chain.from_iterable(((f"/v1/{word}", service) for word in words.split()) for service, words in _RESOURCES.items())),
}

# Operations without a token; parameters are written {} whatever the service calls them.
OPEN: Final = frozenset(
    {
        ("POST", "/auth/token"),
        ("POST", "/auth/logout"),
        ("POST", "/auth/password"),
        ("GET", "/.well-known/jwks.json"),
        ("GET", "/v1/completion-certificates/{}/verification"),
        ("GET", "/v1/ledger/keys"),
        ("GET", "/v1/audit-events/keys"),
        ("GET", "/v1/certificates/{}/verification"),
        ("GET", "/v1/auxiliary-staff"),
    }
)
# Open look-ups about people: one at a time for whoever holds a card in hand, and too few to copy a register.
LOOKUPS: Final = frozenset(
    {
        ("GET", "/v1/completion-certificates/{}/verification"),
        ("GET", "/v1/certificates/{}/verification"),
        ("GET", "/v1/auxiliary-staff"),
    }
)


def service_of(path: str) -> str | None:
    """The service with the longest prefix of this path, whole segments only; None when nobody answers it."""
    while path:
        if path in PREFIXES:
            return PREFIXES[path]
        path = path.rpartition("/")[0]
    return None
