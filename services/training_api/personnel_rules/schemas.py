"""Bodies and answers of the rules about people."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from services.kit import fields
from services.kit.pagination import PageQuery
from services.training_api.personnel_rules.rules import RequiredExam, ShownName

INT32 = {"format": "int32"}
Digits = Annotated[int, Field(strict=True, ge=1, le=30, json_schema_extra=INT32)]


class PersonnelRuleIn(fields.In):
    """All rules as they are from a day on; a later row takes their place."""

    model_config = fields.example(
        {
            "certificate_months": 60,
            "required_exams": ["general", "professional"],
            "verification_name": "surname",
            "public_list_name": "surname",
            "public_list_needs_exam": True,
            "valid_from": "2025-01-01",
        }
    )

    certificate_months: Annotated[
        int, Field(strict=True, ge=1, le=600, json_schema_extra=INT32, description="证件有效月数。")
    ] = 60
    required_exams: Annotated[tuple[RequiredExam, ...], Field(max_length=2, description="申领执法证件须合格的考试。")] = (
        RequiredExam.GENERAL,
        RequiredExam.PROFESSIONAL,
    )
    exam_valid_months: Annotated[
        int, Field(strict=True, ge=0, le=600, json_schema_extra=INT32, description="考试合格的有效月数；0 为长期有效。")
    ] = 0
    number_digits_min: Annotated[Digits, Field(description="常见证号的最少位数；不符者仍可登记，仅作提示。")] = 8
    number_digits_max: Digits = 14
    verification_name: Annotated[ShownName, Field(description="证件公开核验时姓名的显示方式。")] = ShownName.SURNAME
    public_list_name: Annotated[ShownName, Field(description="辅助人员公示名单中姓名的显示方式。")] = ShownName.SURNAME
    public_list_needs_exam: Annotated[fields.Flag, Field(description="公示名单只列考试合格者。")] = True
    valid_from: fields.Day

    @model_validator(mode="after")
    def _consistent(self) -> PersonnelRuleIn:
        if self.number_digits_min > self.number_digits_max or len(set(self.required_exams)) < len(self.required_exams):
            raise ValueError("inconsistent")
        return self


class PersonnelRuleOut(fields.Out):
    """The rules from a day on; without a district they are what every system begins with."""

    id: fields.Id
    district_id: fields.Id | None = None
    certificate_months: fields.Whole
    required_exams: list[RequiredExam] = Field(max_length=2)
    exam_valid_months: fields.Whole
    number_digits_min: Digits
    number_digits_max: Digits
    verification_name: ShownName
    public_list_name: ShownName
    public_list_needs_exam: fields.Flag
    valid_from: fields.Day
    recorded_at: fields.Moment


class PersonnelRulePage(fields.Page[PersonnelRuleOut]):
    """A page of rules."""


class PersonnelRuleFilter(PageQuery):
    """`in_force_on` leaves the row that holds on that day; without it every row there ever was is listed."""

    in_force_on: fields.Day | None = None
    sort: Literal["-valid_from"] = "-valid_from"
