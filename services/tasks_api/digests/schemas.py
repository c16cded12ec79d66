"""The digest as answered."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.kit import fields


class DigestOut(fields.Out):
    """The caller's desk at this moment: unread messages by kind, and the assignments and requests in sight that wait."""

    unread: fields.Whole
    unread_by_kind: dict[str, int]
    late: Annotated[fields.Whole, Field(description="已逾期且未办结的任务。")]
    due_soon: Annotated[fields.Whole, Field(description="亮黄灯的任务。")]
    to_sign: Annotated[fields.Whole, Field(description="待签收的任务。")]
    to_decide: Annotated[fields.Whole, Field(description="已报送待审核的任务。")]
    extensions_waiting: Annotated[fields.Whole, Field(description="待审批的延期申请。")]
    notices_open: Annotated[fields.Whole, Field(description="未办结的督办函。")]
