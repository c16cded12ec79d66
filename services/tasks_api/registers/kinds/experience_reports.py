"""经验交流: experiences, deeds and publicity (requirement 3)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.kit.registers.kinds import Kind
from services.kit.registers.words import Word
from services.tasks_api import access


class ExperienceReportMatter(Word):
    """Experience, deeds, publicity."""

    EXPERIENCE = "experience", "经验做法"
    DEEDS = "deeds", "先进事迹"
    PUBLICITY = "publicity", "宣传报道"


class ExperienceReportLevel(Word):
    """Of the channel."""

    DISTRICT = "district", "区级"
    CITY = "city", "市级"
    PROVINCE = "province", "省级"
    NATION = "nation", "国家级"


class ExperienceReport(fields.In):
    """One report or publication."""

    issued_on: Annotated[fields.Day, Field(description="发布之日。")]
    matter: Annotated[ExperienceReportMatter, Field(description="类别。")]
    title: Annotated[fields.Line, Field(description="标题。")]
    channel: Annotated[fields.Line, Field(description="发布渠道。")]
    level: Annotated[ExperienceReportLevel, Field(description="渠道层级。")]


KIND = Kind(
    key="experience-reports",
    path="/v1/registers/experience-reports/records",
    title="经验和宣传",
    facts=ExperienceReport,
    day="issued_on",
    filters=("matter", "level"),
    grants=access.register("experience_reports", access.EVERYONE_IN_DISTRICT),
    requirements=(3,),
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "issued_on": "2025-08-15",
        "matter": "experience",
        "title": "“1+2+6+N”模式的做法（演示）",
        "channel": "区政府简报（演示）",
        "level": "district",
    },
)
