"""What a circular is asked with."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.kit import fields


class CircularQuery(fields.In):
    """The form of the file and what only whoever issues it knows; what is not given is left out of the paper."""

    form: Literal["pdf", "docx"] = "pdf"
    number: Annotated[fields.Line | None, Field(description="发文字号。", examples=["示司〔2025〕12号"])] = None
    addressee: Annotated[fields.Line | None, Field(description="主送机关。")] = None
    copies: Annotated[fields.Line | None, Field(description="抄送机关。")] = None
    signed_on: Annotated[fields.Day | None, Field(description="成文日期。")] = None
    as_of: Annotated[fields.Moment | None, Field(description="按该时刻的记录计算，不得晚于现在。")] = None
