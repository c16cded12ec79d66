"""The rows of the rights table of this service, and the typed aliases made from them."""

from __future__ import annotations

from typing import Annotated

from services.kit import rights
from services.kit.principal import Principal, Role, Scope

# --------------------------------------------------------------------------------------- numbers and case files
DISTRICT_READERS = {
    Role.BUREAU: Scope.DISTRICT,
    Role.UNIT_MANAGER: Scope.DISTRICT,
    Role.UNIT_MEMBER: Scope.DISTRICT,
    Role.PLATFORM: Scope.DISTRICT,
}
ENTERING = {Role.UNIT_MANAGER: Scope.UNIT_AND_BELOW, Role.UNIT_MEMBER: Scope.UNIT, Role.PLATFORM: Scope.DISTRICT}
LEADING = {Role.UNIT_MANAGER: Scope.UNIT_AND_BELOW}

# How numbers are written is no secret within a district.
NUMBER_PATTERNS_READ = rights.right("number_patterns.read", DISTRICT_READERS)
MayReadNumberPatterns = Annotated[Principal, rights.may(NUMBER_PATTERNS_READ)]
NUMBER_PATTERNS_WRITE = rights.right("number_patterns.write", {Role.BUREAU: Scope.DISTRICT})
MayWriteNumberPatterns = Annotated[Principal, rights.may(NUMBER_PATTERNS_WRITE)]

CASE_NUMBERS_READ = rights.right("case_numbers.read", {Role.BUREAU: Scope.DISTRICT} | ENTERING)
MayReadCaseNumbers = Annotated[Principal, rights.may(CASE_NUMBERS_READ)]
CASE_NUMBERS_RESERVE = rights.right("case_numbers.reserve", ENTERING)
MayReserveCaseNumbers = Annotated[Principal, rights.may(CASE_NUMBERS_RESERVE)]
CASE_NUMBERS_VOID = rights.right("case_numbers.void", LEADING)
MayVoidCaseNumbers = Annotated[Principal, rights.may(CASE_NUMBERS_VOID)]

# A reviewer sees the files assigned; the government sees no single file at all.
CASE_FILES_READ = rights.right("case_files.read", {Role.BUREAU: Scope.DISTRICT, Role.REVIEWER: Scope.ASSIGNED} | ENTERING)
MayReadCaseFiles = Annotated[Principal, rights.may(CASE_FILES_READ)]
CASE_FILES_WRITE = rights.right("case_files.write", ENTERING)
MayWriteCaseFiles = Annotated[Principal, rights.may(CASE_FILES_WRITE)]
# Closing and archiving; the platform's imports may bring files that are closed already.
CASE_FILES_CLOSE = rights.right("case_files.close", LEADING | {Role.PLATFORM: Scope.DISTRICT})
MayCloseCaseFiles = Annotated[Principal, rights.may(CASE_FILES_CLOSE)]
CASE_FILES_VOID = rights.right("case_files.void", LEADING)
MayVoidCaseFiles = Annotated[Principal, rights.may(CASE_FILES_VOID)]
CASE_FILES_REOPEN = rights.right("case_files.reopen", LEADING)
MayReopenCaseFiles = Annotated[Principal, rights.may(CASE_FILES_REOPEN)]
PARTIES_DISCLOSE = rights.right("parties.disclose", LEADING)
MayDiscloseParties = Annotated[Principal, rights.may(PARTIES_DISCLOSE)]
