"""Bodies and answers of completion certificates."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from services.kit import batches, fields
from services.kit.pagination import PageQuery
from services.training_api.completion_certificates.rules import Kind, State, Status, Verb

Number = Annotated[
    str,
    Field(min_length=5, max_length=64, pattern="^[A-Za-z0-9][A-Za-z0-9-]*$", examples=["350111-2024-000017-7K2QF9"]),
]
MOST_OF_A_CLASS = 10_000


class IssueIn(fields.In):
    """A certificate of an officer: of a class, or of all hours of a year."""

    model_config = fields.example({"officer_id": "01932c4e-7a10-7c3e-9b1d-2f6a5d0c8e01", "year": 2024})

    officer_id: fields.Id
    class_id: Annotated[fields.Id | None, Field(description="结业证书：所参加的班次。")] = None
    year: Annotated[fields.Year | None, Field(description="学时证明：年度；本年度则截至当日。")] = None

    @model_validator(mode="after")
    def _one_of_two(self) -> IssueIn:
        if (self.class_id is None) == (self.year is None):
            raise ValueError("one of two")
        return self


class BatchIn(fields.In):
    """Certificates to issue. `atomic`: all or none."""

    model_config = fields.example(
        {
            "items": [
                {"officer_id": "01932c4e-7a10-7c3e-9b1d-2f6a5d0c8e01", "year": 2024},
                {"officer_id": "01932c4e-7a10-7c3e-9b1d-2f6a5d0c8e02", "class_id": "01932c4e-7a10-7c3e-9b1d-2f6a5d0c8e01"},
            ]
        }
    )

    items: list[IssueIn] = Field(min_length=1, max_length=batches.MOST)
    atomic: fields.Flag = False


class ReasonIn(fields.In):
    """Why a certificate is reissued or withdrawn."""

    model_config = fields.example({"reason": "姓名有误"})

    reason: Annotated[fields.Line, Field(examples=["姓名有误"])]


class IssuedOfficer(fields.Out):
    """A certificate just issued."""

    officer_id: fields.Id
    id: fields.Id
    number: Number


class IssuedOut(fields.Out):
    """What issuing for a class came to: who got one, how many had one already."""

    class_id: fields.Id
    issued: fields.Whole
    already_issued: fields.Whole
    items: list[IssuedOfficer] = Field(max_length=MOST_OF_A_CLASS)


class ByCategory(fields.Out):
    """Hours by category."""

    public_law: fields.SignedHours
    business: fields.SignedHours
    skills: fields.SignedHours
    political: fields.SignedHours


class CompletionCertificateOut(fields.Out):
    """A certificate as read. Names and sums are as when it was issued; the state is today's.

    `entries_sha256` is the SHA-256 over the hashes of the ledger's entries behind it, in the order of their ids.
    """

    id: fields.Id
    district_id: fields.Id
    unit_id: fields.Id
    issuer_id: fields.Id
    officer_id: fields.Id
    number: Number
    kind: Kind
    state: State
    name: fields.Line
    unit_name: fields.Line
    issuer_name: fields.Line
    class_id: fields.Id | None = None
    title: fields.Line | None = None
    year: fields.Year
    first_on: fields.Day
    last_on: fields.Day
    hours: fields.Hours
    by_category: ByCategory
    entry_ids: list[fields.Id] = Field(max_length=10_000)
    entries_sha256: fields.Hash
    reversed_hours: Annotated[fields.Hours, Field(description="其中后来被冲正的学时。")]
    supersedes_id: fields.Id | None = None
    superseded_by_id: fields.Id | None = None
    ended_at: fields.Moment | None = None
    ended_reason: fields.Line | None = None
    issued_on: fields.Day
    issued_by: fields.Id
    pdf_url: Annotated[str, Field(max_length=200, pattern="^/v1/")]
    allowed_actions: list[Verb] = Field(max_length=5)
    version: fields.Whole
    created_at: fields.Moment


class CompletionCertificatePage(fields.Page[CompletionCertificateOut]):
    """A page of certificates."""


class CompletionCertificateFilter(PageQuery):
    """Named filters of the list."""

    officer_id: fields.Id | None = None
    unit_id: fields.Id | None = None
    issuer_id: fields.Id | None = None
    class_id: fields.Id | None = None
    kind: Kind | None = None
    year: fields.QueryYear | None = None
    state: State | None = None
    number: Number | None = None
    sort: Literal["created_at", "-created_at"] = "-created_at"


class CompletionVerificationOut(fields.Out):
    """What anybody may learn of a number. The name is masked; none where the number is unknown."""

    number: Number
    status: Status
    name: Annotated[str | None, Field(max_length=200, pattern=r"^[^\x00-\x1f]+$")] = None
    checked_on: fields.Day
