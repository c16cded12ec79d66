"""Answers and filters of the annual statistics."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.kit import exports, fields

Count = fields.Whole
Fen = Annotated[int, Field(strict=True, ge=0, le=10**15, json_schema_extra={"format": "int64"})]


class PenaltyCounts(fields.Out):
    """T1: decisions of the year, each once under its heaviest kind, with the amounts their documents tell, in fen."""

    warning_or_criticism: Count
    fine: Count
    confiscation: Count
    suspension_or_downgrade: Count
    revocation: Count
    restriction: Count
    stop_or_closure: Count
    detention: Count
    other: Count
    unstated: Annotated[Count, Field(description="案卷未记载处罚种类的决定；计入合计，不作推断。")]
    total: Count
    amount_fen: Fen


class LicenceCounts(fields.Out):
    """T2: applications filed in the year, and what was decided in it."""

    applied: Annotated[Count, Field(description="本系统登记的申请；未予受理的不在案卷之内。")]
    accepted: Count
    granted: Count
    refused: Count
    revoked: Count


class CompulsionCounts(fields.Out):
    """T3: measures and executions of the year, in cases of any kind."""

    sealing: Count
    detention: Count
    freezing: Count
    other_measure: Count
    late_fee: Count
    court_application: Count
    total: Count


class OtherCounts(fields.Out):
    """T4: expropriations by their decision, inspections by their day, and files of no named kind."""

    expropriations: Count
    expropriation_fen: Fen
    inspections: Count
    other: Count


class CertificateCounts(fields.Out):
    """T5: officers on duty and those with a good certificate, at the end of the year or on the day of `as_of`."""

    on_duty: Count
    certified: Count
    rate: Annotated[float | None, Field(ge=0, le=100, description="百分数，至多两位小数；无在岗人员时为空。")] = None


class Tables(fields.Out):
    """The five tables."""

    penalties: PenaltyCounts
    licences: LicenceCounts
    compulsions: CompulsionCounts
    others: OtherCounts
    certificates: CertificateCounts


class UnitTables(Tables):
    """The five tables of a unit."""

    unit_id: fields.Id
    code: fields.Code
    name: fields.Line


class CaseStatisticsOut(fields.Out):
    """The annual statistics of a year as recorded at a moment: units with enforcement power, zeros filled in, and the sum."""

    year: Annotated[fields.Year, Field(examples=[2025])]
    as_of: fields.Moment
    units: list[UnitTables] = Field(max_length=2000)
    totals: Tables


class CaseStatisticsQuery(BaseModel):
    """Of which year, of whom, and as recorded when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    year: fields.QueryYear
    unit_id: fields.Id | None = None
    as_of: Annotated[fields.Moment | None, Field(description="按此时刻已记录的事实计算；不得在将来。")] = None


class CaseStatisticsExportQuery(CaseStatisticsQuery):
    """The same, and the form of the file."""

    format: exports.Form = "xlsx"
