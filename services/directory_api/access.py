"""The directory's rows of the rights table, and the typed aliases made from them."""

from __future__ import annotations

from typing import Annotated

from services.kit import rights
from services.kit.principal import Principal, Role, Scope

EVERYONE_IN_DISTRICT = {
    Role.BUREAU: Scope.DISTRICT,
    Role.GOVERNMENT: Scope.DISTRICT,
    Role.UNIT_MANAGER: Scope.DISTRICT,
    Role.UNIT_MEMBER: Scope.DISTRICT,
    Role.REVIEWER: Scope.DISTRICT,
    Role.PLATFORM: Scope.DISTRICT,
}

# Names and codes of units are public facts of a district: whoever works in it may read them all.
UNITS_READ = rights.right("units.read", {Role.SYSTEM_ADMIN: Scope.ALL} | EVERYONE_IN_DISTRICT)
MayReadUnits = Annotated[Principal, rights.may(UNITS_READ)]
UNITS_WRITE = rights.right("units.write", {Role.SYSTEM_ADMIN: Scope.ALL})
MayWriteUnits = Annotated[Principal, rights.may(UNITS_WRITE)]

# The calendar is the State Council's and one for all districts of the system, so its scopes know no district.
CALENDAR_READ = rights.right("working_days.read", {Role.SYSTEM_ADMIN: Scope.ALL} | dict.fromkeys(EVERYONE_IN_DISTRICT, Scope.ALL))
MayReadCalendar = Annotated[Principal, rights.may(CALENDAR_READ)]
CALENDAR_WRITE = rights.right("working_days.write", {Role.SYSTEM_ADMIN: Scope.ALL, Role.BUREAU: Scope.ALL})
MayWriteCalendar = Annotated[Principal, rights.may(CALENDAR_WRITE)]

AUDIT_READ = rights.right("audit_events.read", {Role.AUDITOR: Scope.ALL})
MayReadAudit = Annotated[Principal, rights.may(AUDIT_READ)]

# Messages and files carry the audience of the object they speak of; these rows only say who may ask at all.
CHANGES_READ = rights.right("changes.read", EVERYONE_IN_DISTRICT)
MayReadChanges = Annotated[Principal, rights.may(CHANGES_READ)]
ATTACHMENTS_READ = rights.right("attachments.read", EVERYONE_IN_DISTRICT)
MayReadAttachments = Annotated[Principal, rights.may(ATTACHMENTS_READ)]
ATTACHMENTS_WRITE = rights.right(
    "attachments.write",
    {
        Role.BUREAU: Scope.DISTRICT,
        Role.GOVERNMENT: Scope.DISTRICT,
        Role.UNIT_MANAGER: Scope.UNIT,
        Role.UNIT_MEMBER: Scope.UNIT,
        Role.REVIEWER: Scope.SELF,
        Role.PLATFORM: Scope.DISTRICT,
    },
)
MayWriteAttachments = Annotated[Principal, rights.may(ATTACHMENTS_WRITE)]

# Accounts, machine clients and sessions.
ACCOUNTS_READ = rights.right("accounts.read", {Role.SYSTEM_ADMIN: Scope.ALL})
MayReadAccounts = Annotated[Principal, rights.may(ACCOUNTS_READ)]
ACCOUNTS_WRITE = rights.right("accounts.write", {Role.SYSTEM_ADMIN: Scope.ALL})
MayWriteAccounts = Annotated[Principal, rights.may(ACCOUNTS_WRITE)]
CLIENTS_MANAGE = rights.right("clients.manage", {Role.SYSTEM_ADMIN: Scope.ALL})
MayManageClients = Annotated[Principal, rights.may(CLIENTS_MANAGE)]
EVERYONE_OWN = dict.fromkeys(Role, Scope.SELF)
ME_READ = rights.right("me.read", EVERYONE_OWN)
MayReadOwn = Annotated[Principal, rights.may(ME_READ)]
SESSIONS_OWN = rights.right("sessions.own", EVERYONE_OWN | {Role.SYSTEM_ADMIN: Scope.ALL})
MayManageSessions = Annotated[Principal, rights.may(SESSIONS_OWN)]

# Messages of an endpoint carry what its owner may see of the feed; these rows say who may look after endpoints.
WEBHOOK_KEEPERS = {Role.SYSTEM_ADMIN: Scope.ALL, Role.BUREAU: Scope.DISTRICT, Role.PLATFORM: Scope.SELF}
WEBHOOKS_READ = rights.right("webhooks.read", WEBHOOK_KEEPERS)
MayReadWebhooks = Annotated[Principal, rights.may(WEBHOOKS_READ)]
WEBHOOKS_MANAGE = rights.right("webhooks.manage", WEBHOOK_KEEPERS)
MayManageWebhooks = Annotated[Principal, rights.may(WEBHOOKS_MANAGE)]

OPERATIONS_OWN = rights.right("operations.own", dict.fromkeys(Role, Scope.SELF))
MayFollowOperations = Annotated[Principal, rights.may(OPERATIONS_OWN)]
