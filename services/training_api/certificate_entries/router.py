"""Route by which certificates come in."""

from __future__ import annotations

from services.kit import batches, routing
from services.kit.runtime import Language, Now, SessionDep
from services.training_api import access
from services.training_api.certificate_entries import actions
from services.training_api.certificate_entries.schemas import EntriesIn

router = routing.router("/v1/certificates", "certificates")


@router.post("/batch", response_model=batches.Outcomes, summary="批量登记执法证件")
async def batch(
    wanted: EntriesIn, who: access.MayDecideCertificates, session: SessionDep, now: Now, language: Language
) -> batches.Outcomes:
    """Enters up to 500 certificates as they were issued, each with its own outcome; a known external id corrects that one.

    The same rules hold as for issuing: regular officers in service with the passes asked for, one certificate at a time.
    """
    return await actions.batch(session, who, wanted, now, language)
