"""Bodies and answers of officers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from services.kit import fields
from services.kit.pagination import PageQuery
from services.training_api.officers.rules import IdType, OfficerKind

Verb = Literal["change", "transfer", "reclassify", "leave", "rejoin", "identity_disclosure"]
# Of the sending system when it does not name itself.
PLATFORM = "platform"

Posts = Annotated[tuple[fields.Line, ...], Field(max_length=20, description="岗位。", examples=[["综合执法岗"]])]
IdNumber = Annotated[
    str, Field(min_length=5, max_length=30, pattern=r"^[0-9A-Za-z() \-]+$", description="证件号码，只写不读；读取时仅有掩码。")
]
Masked = Annotated[str, Field(max_length=30, pattern=r"^[0-9A-Za-z()*\-]+$", examples=["350111********0012"])]
ExternalSystem = Annotated[fields.Code, Field(description="外部系统；给出 external_id 而未给出时为 platform。")]


class OfficerIn(fields.In):
    """A new officer."""

    model_config = fields.example(
        {
            "unit_id": "01932c4e-7a10-7c3e-9b1d-2f6a5d0c8e01",
            "name": "示例甲（演示）",
            "id_number": "350111190001010011",
            "kind": "officer",
            "posts": ["综合执法岗"],
            "hired_on": "2021-07-01",
            "external_system": "demo",
            "external_id": "people-001",
        }
    )

    unit_id: fields.Id
    name: Annotated[fields.Line, Field(description="姓名。", examples=["演示甲"])]
    id_type: IdType = IdType.RESIDENT
    id_number: IdNumber
    kind: OfficerKind = OfficerKind.OFFICER
    posts: Posts = ()
    hired_on: fields.Day
    external_system: ExternalSystem | None = None
    external_id: fields.Code | None = None


class OfficerChange(fields.In):
    """What may be corrected. Moves between units and the end of service are acts of their own."""

    model_config = fields.example({"posts": ["综合执法岗", "法制员"]})

    name: fields.Line | None = None
    id_type: IdType | None = None
    id_number: IdNumber | None = None
    kind: OfficerKind | None = None
    posts: Posts | None = None
    hired_on: fields.Day | None = None


class TransferIn(fields.In):
    """The unit an officer belongs to from a day on."""

    model_config = fields.example({"unit_id": "01932c4e-7a10-7c3e-9b1d-2f6a5d0c8e02", "on": "2024-07-01"})

    unit_id: fields.Id
    on: Annotated[fields.Day, Field(description="在新单位任职的首日。")]


class ReclassifyIn(fields.In):
    """What an officer is from a day on, and why (招录, 转岗……)."""

    model_config = fields.example({"kind": "officer", "on": "2024-07-01", "reason": "招录为公务员"})

    kind: OfficerKind
    on: Annotated[fields.Day, Field(description="新类别的首日。")]
    reason: Annotated[fields.Line, Field(examples=["招录为公务员"])]


class RejoinIn(fields.In):
    """Where and as what somebody who left serves again."""

    model_config = fields.example({"unit_id": "01932c4e-7a10-7c3e-9b1d-2f6a5d0c8e01", "kind": "officer", "on": "2024-09-01"})

    unit_id: fields.Id
    kind: OfficerKind = OfficerKind.OFFICER
    on: Annotated[fields.Day, Field(description="重新任职的首日。")]


class LeaveIn(fields.In):
    """The last day of service, and why it ends (退休、调离、辞职……)."""

    model_config = fields.example({"on": "2024-08-31", "reason": "退休"})

    on: Annotated[fields.Day, Field(description="在职的最后一日。")]
    reason: Annotated[fields.Line, Field(examples=["退休"])]


class DisclosureIn(fields.In):
    """Why the number must be seen; stands in the audit trail."""

    model_config = fields.example({"reason": "办理执法证件"})

    reason: Annotated[fields.Line, Field(examples=["办理执法证件"])]


class IdentityOut(fields.Out):
    """An identity number in clear."""

    officer_id: fields.Id
    id_type: IdType
    id_number: IdNumber


class SearchIn(fields.In):
    """Exactly one of the two: a whole identity number, or the beginning of a name."""

    model_config = fields.example({"name": "示例"})

    id_number: IdNumber | None = None
    name: fields.Line | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> SearchIn:
        if (self.id_number is None) == (self.name is None):
            raise ValueError("one of two")
        return self


class BatchIn(fields.In):
    """Officers to add. One whose external id is known already is corrected instead."""

    model_config = fields.example(
        {
            "items": [
                {
                    "unit_id": "01932c4e-7a10-7c3e-9b1d-2f6a5d0c8e01",
                    "name": "示例甲（演示）",
                    "id_number": "350111190001010011",
                    "hired_on": "2021-07-01",
                    "external_system": "demo",
                    "external_id": "people-001",
                }
            ]
        }
    )

    atomic: fields.Flag = False
    items: list[OfficerIn] = Field(min_length=1, max_length=500)


class UnitSpell(fields.Out):
    """Service in one unit as one kind, first and last day included."""

    unit_id: fields.Id
    kind: OfficerKind
    from_on: fields.Day
    to_on: fields.Day | None = None


class OfficerOut(fields.Out):
    """An officer as read. The name is whole for the unit's own people and the bureau, masked for the platform."""

    id: fields.Id
    district_id: fields.Id
    unit_id: fields.Id
    name: fields.Line
    id_type: IdType
    id_number_masked: Masked
    kind: OfficerKind
    posts: Posts
    hired_on: fields.Day
    left_on: fields.Day | None = None
    units: list[UnitSpell] = Field(max_length=200)
    external_system: fields.Code | None = None
    external_id: fields.Code | None = None
    allowed_actions: list[Verb] = Field(max_length=10)
    version: fields.Whole
    created_at: fields.Moment


class OfficerPage(fields.Page[OfficerOut]):
    """A page of officers."""


class OfficerFilter(PageQuery):
    """Named filters of the list. Names and identity numbers are searched by POST, so that no URL holds them."""

    unit_id: fields.Id | None = None
    kind: OfficerKind | None = None
    in_service_on: fields.Day | None = None
    external_system: fields.Code | None = None
    external_id: fields.Code | None = None
    sort: Literal["created_at", "-created_at"] = "-created_at"
