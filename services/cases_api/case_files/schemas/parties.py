"""The party of a case file: as sent, as shown, in clear."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.cases_api.case_files.rules.parties import IdType, PartyKind
from services.kit import fields

IdNumber = Annotated[str, Field(min_length=4, max_length=40, pattern="^[0-9A-Z()-]+$", examples=["350111199001010012"])]
Phone = Annotated[str, Field(min_length=5, max_length=20, pattern="^[+]?[0-9][0-9 -]+$")]


class PartyIn(fields.In):
    """The party of the case; stored encrypted, shown masked."""

    kind: PartyKind
    name: Annotated[fields.Line, Field(max_length=100, examples=["示例商贸有限公司"])]
    id_type: Annotated[IdType | None, Field(description="缺省：自然人为居民身份证，法人为统一社会信用代码。")] = None
    id_number: IdNumber | None = None
    phone: Phone | None = None
    address: fields.Line | None = None


class PartyOut(fields.Out):
    """The party as shown: a person's name and every number masked, an organisation's name in clear."""

    kind: PartyKind
    name_masked: fields.Line
    id_type: IdType | None = None
    id_number_masked: fields.Line | None = None


class DisclosureIn(fields.In):
    """Why the party's data must be seen in clear; kept in the audit trail."""

    model_config = fields.example({"reason": "送达文书核对"})

    reason: Annotated[fields.Line, Field(examples=["送达文书核对"])]


class PartyDisclosed(fields.Out):
    """The party in clear."""

    kind: PartyKind
    name: fields.Line
    id_type: IdType | None = None
    id_number: IdNumber | None = None
    phone: Phone | None = None
    address: fields.Line | None = None
