"""What the bureau lays down."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.kit import audit, errors, ids, outbox, references, rights
from services.kit.db import Session
from services.kit.principal import Principal
from services.training_api import access
from services.training_api.training_settings import queries, rules
from services.training_api.training_settings.schemas import SettingsIn
from services.training_api.training_settings.tables import TrainingSettings

OBJECT = "training_settings"
# Name in the body → column.
HOURS = {"required_hours": "required_hundredths", "day_hours": "day_hundredths", "half_day_hours": "half_day_hundredths"}
PLAIN = ("categories", "half_day_minutes", "sign_in_minutes", "joint_classes", "coordinator_id")
SHARE = ("missed_numerator", "missed_denominator")


async def lay_down(session: Session, who: Principal, wanted: SettingsIn, now: datetime) -> TrainingSettings:
    """Adds a version from a day on. Raises BadInput (values, unit). Earlier versions stay, and what was worked out by them."""
    district_id = queries.demand_district(who)
    before = await queries.in_force(session, district_id, wanted.valid_from, now)
    facts: dict[str, Any] = {name: getattr(before, name) for name in (*HOURS.values(), *PLAIN, *SHARE)}
    sent = _sent(wanted)
    made = TrainingSettings(
        id=ids.new_id(),
        district_id=district_id,
        valid_from=wanted.valid_from,
        reason=wanted.reason,
        recorded_by=who.account_id,
        recorded_at=now,
        **(facts | sent),
    )
    faults = rules.faults_of(made)
    if wanted.coordinator_id is not None:
        unit = await references.unit(session, wanted.coordinator_id, "/body/coordinator_id")
        faults += [] if rights.covers(who, unit.path) else [errors.Fault("/body/coordinator_id", "not_found")]
    if faults:
        raise errors.BadInput(*faults)
    session.add(made)
    await session.flush()
    old, new = audit.changes(facts, sent)
    place = (district_id, who.unit_id)
    after = new | {"valid_from": wanted.valid_from}
    audit.record(session, who, f"{OBJECT}.laid_down", OBJECT, made.id, *place, before=old, after=after, reason=wanted.reason)
    outbox.publish(session, f"{OBJECT}.laid_down", OBJECT, made.id, 1, access.SETTINGS_READ, *place)
    return made


def _sent(wanted: SettingsIn) -> dict[str, Any]:
    sent = {column: getattr(wanted, name) for name, column in HOURS.items()} | {name: getattr(wanted, name) for name in PLAIN}
    if wanted.categories is not None:
        sent["categories"] = list(dict.fromkeys(each.value for each in wanted.categories))
    if wanted.missed_share is not None:
        sent |= dict(zip(SHARE, (wanted.missed_share.numerator, wanted.missed_share.denominator), strict=True))
    return {name: value for name, value in sent.items() if value is not None}
