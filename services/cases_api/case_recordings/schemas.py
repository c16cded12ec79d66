"""Bodies and answers of the index of recordings."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.cases_api.case_recordings.rules import Medium
from services.cases_api.step_forms.rules import StepName
from services.kit import fields
from services.kit.pagination import PageQuery

Place = Annotated[fields.Line, Field(description="存放位置：采集站、光盘号或平台地址。", examples=["采集站 3 号柜（示例）"])]


class CaseRecordingIn(fields.In):
    """An entry of the index. The recording itself may lie elsewhere; its SHA-256 ties it to the entry."""

    model_config = fields.example(
        {
            "stage": "evidence",
            "medium": "video",
            "title": "现场检查全程录像",
            "started_at": "2025-03-05T01:00:00Z",
            "ended_at": "2025-03-05T01:40:00Z",
            "device_no": "YS-07",
            "attachment_id": "0192f0c8-0000-7000-8000-000000000401",
        }
    )

    stage: Annotated[StepName, Field(description="记录所属的程序步骤。")]
    medium: Medium
    title: Annotated[fields.Line, Field(examples=["现场检查全程录像"])]
    started_at: fields.Moment
    ended_at: fields.Moment | None = None
    device_no: Annotated[fields.Line | None, Field(max_length=64, description="记录设备编号。")] = None
    kept_at: Place | None = None
    sha256: fields.Hash | None = None
    attachment_id: Annotated[fields.Id | None, Field(description="已上传的文件，须为本人或本单位上传。")] = None


class CaseRecordingOut(fields.Out):
    """An entry as read."""

    id: fields.Id
    case_file_id: fields.Id
    stage: StepName
    medium: Medium
    title: fields.Line
    started_at: fields.Moment
    ended_at: fields.Moment | None = None
    device_no: fields.Line | None = None
    kept_at: Place | None = None
    sha256: fields.Hash | None = None
    attachment_id: fields.Id | None = None
    created_by: fields.Id | None = None
    created_at: fields.Moment


class CaseRecordingPage(fields.Page[CaseRecordingOut]):
    """A page of the index."""


class CaseRecordingFilter(PageQuery):
    """Named filters of the index."""

    stage: StepName | None = None
    medium: Medium | None = None
    sort: Literal["started_at", "-started_at"] = "started_at"
