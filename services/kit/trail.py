"""What an act leaves behind: its audit row and its message, of the same name and about the same object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.kit import audit, outbox
from services.kit.db import Session
from services.kit.principal import Principal
from services.kit.rights import Right

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Trail:
    """Of one kind of object, told of by its rows: these have `id`, `district_id` and `version`.

    `right` is the right to read it: whom messages reach. `unit` names the column of the unit it belongs to (None: it is the
    district's), `person` that of an account that hears of it besides, `data` those that messages carry.
    """

    object_type: str
    right: Right
    unit: str | None = "unit_id"
    person: str | None = None
    data: Sequence[str] = ()

    def tell(
        self,
        session: Session,
        who: Principal | None,
        row: Any,
        verb: str,
        before: Facts | None = None,
        after: Facts | None = None,
        reason: str | None = None,
        *,
        right: Right | None = None,
        version: int | None = None,
        data: Facts | None = None,
    ) -> None:
        """Adds both, `<object_type>.<verb>`, to be written with the commit. Values must hold no personal data in clear.

        `right` stands for that of the kind where a state lets others read, `version` for that of the row where it is not its
        own, `data` for the columns of the kind.
        """
        unit_id = getattr(row, self.unit) if self.unit else None
        place = (self.object_type, row.id, row.district_id, unit_id)
        audit.record(session, who, f"{self.object_type}.{verb}", *place, before=before, after=after, reason=reason)
        self.publish(session, row, verb, unit_id, right=right, version=version, data=data)

    def publish(
        self,
        session: Session,
        row: Any,
        verb: str,
        unit_id: UUID | None,
        *,
        right: Right | None = None,
        version: int | None = None,
        data: Facts | None = None,
    ) -> None:
        """Adds the message alone: also for another unit than the row's, that had the object or has a part in it."""
        outbox.publish(
            session,
            f"{self.object_type}.{verb}",
            self.object_type,
            row.id,
            row.version if version is None else version,
            right or self.right,
            row.district_id,
            unit_id,
            account_ids=self._people(row),
            data=data or {column: getattr(row, column) for column in self.data} or None,
        )

    def _people(self, row: Any) -> list[UUID]:
        person = getattr(row, self.person) if self.person else None
        return [] if person is None else [person]
