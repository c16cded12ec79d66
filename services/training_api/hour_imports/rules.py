"""Rules of importing class hours: the columns, and room in a person's days. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from services.kit import cells, clock, identity
from services.kit.sheets import Column, Layout, Reason
from services.training_api.classes.rules import HOURS_OF_A_DAY
from services.training_api.hour_entries.rules import DAY, Claim
from services.training_api.hour_postings.rules import Standing
from services.training_api.hour_rules.rules import HourRule
from services.training_api.officers import rules as officers

MOST_NOTE, MOST_COURSE = 2_000, 200
CATEGORIES: Final = {
    "公共法律知识": "public_law", "公共法律": "public_law", "public_law": "public_law",
    "业务知识": "business", "业务": "business", "business": "business",
    "行政执法技能": "skills", "执法技能": "skills", "技能": "skills", "skills": "skills",
    "政治": "political", "政治理论": "political", "政治培训": "political", "political": "political",
}  # fmt: skip
SOURCES: Final = {
    "面授": "class", "线下": "class", "集中培训": "class", "class": "class",
    "网络": "online", "线上": "online", "在线": "online", "online": "online",
    "授课": "teaching", "讲课": "teaching", "teaching": "teaching",
    "自学": "self_study", "self_study": "self_study",
}  # fmt: skip
DAY_FULL: Final = "hours:hours.day_full"
# The column that a refusal is about.
ABOUT: Final = {"hours.overlap": "starts_at", "hours.online_course_twice": "course"}


def numbers(text: str) -> tuple[str, ...]:
    """An identity number as it may be sealed: a resident's, or that of another document."""
    if cells.is_bent(text):
        raise cells.NotSo("sheet.bent_number")
    sent = cells.plain(text)
    compact = identity.compact(sent)
    # What has the shape of a resident's number but not its check sign is a slip of the pen, not another document.
    mistyped = len(compact) == identity.LENGTH and compact[:-1].isdigit() and not identity.is_resident_id(compact)
    found = {officers.normal_number(kind, sent) for kind in officers.IdType} - {None}
    if mistyped or not found:
        raise cells.NotSo("officer.id_number")
    return tuple(sorted(number for number in found if number))


def identifier(text: str) -> str:
    """An identifier that is no identity number: such a number stands in its own column, where it is not kept in clear."""
    found: str = cells.code()(text)
    if identity.is_resident_id(identity.compact(found)):
        raise cells.NotSo("sheet.identity_misplaced")
    return found


def remark(most: int) -> cells.Read:
    """A line of text; identity numbers have no place in the ledger."""
    plain = cells.line(most)

    def read(text: str) -> str:
        found: str = plain(text)
        if identity.stands_in(found, clock.local_day(clock.now())):
            raise cells.NotSo("sheet.identity_misplaced")
        return found

    return read


LAYOUT: Final = Layout(
    [
        Column("certificate_number", ("执法证号", "执法证件号", "证号", "certificate number"), identifier, few=True),
        Column("id_number", ("身份证号", "身份证件号码", "证件号码", "identity number"), numbers, "350111190001010011", few=True),
        Column("officer_external_id", ("人员外部编号", "officer external id"), identifier, few=True),
        Column("officer_external_system", ("人员外部系统", "officer external system"), identifier, few=True),
        Column("name", ("姓名", "officer name"), cells.line(200), "示例甲", few=True),
        Column("category", ("类别", "培训类别", "category"), cells.choice(CATEGORIES), "业务知识", few=True),
        Column("hours", ("学时", "学时数", "hours"), cells.hundredths, "4", few=True),
        Column("occurred_on", ("日期", "培训日期", "date"), cells.day, "2024-05-06", few=True),
        Column("source", ("来源", "培训方式", "source"), cells.choice(SOURCES), "面授", few=True),
        Column("starts_at", ("开始时间", "start"), cells.clock, "09:00", few=True),
        Column("ends_at", ("结束时间", "end"), cells.clock, "12:00", few=True),
        Column("course", ("网络课程", "课程名称", "online course"), remark(MOST_COURSE), few=True),
        Column("note", ("备注", "培训内容", "note"), remark(MOST_NOTE), "行政处罚程序培训"),
        Column("external_system", ("外部系统", "external system"), identifier, few=True),
        Column("external_id", ("外部编号", "记录编号", "external id"), identifier),
    ],
    needs=[["category"], ["hours"], ["occurred_on"], ["source"], ["certificate_number", "id_number", "officer_external_id"]],
)


@dataclass(slots=True)
class Diary:
    """A person's time while rows are taken in one after another. The rule is the ledger's own; a diary finds what is near."""

    standing: Standing
    by_day: dict[date, list[Claim]] = field(default_factory=dict)
    totals: dict[date, int] = field(default_factory=dict)

    @classmethod
    def of(cls, standing: Standing) -> Diary:
        """The diary of somebody for whom this stands in the ledger."""
        made = cls(standing)
        for claim in standing.claims:
            made._note(claim)
        return made

    def why_not(self, claim: Claim, rule: HourRule) -> str | None:
        """The reason against a claim of one day, or None, and then it is taken."""
        day = claim.occurred_on
        if self.totals.get(day, 0) >= HOURS_OF_A_DAY:
            return DAY_FULL
        near = {id(other): other for each in (day - DAY, day, day + DAY) for other in self.by_day.get(each, ())}
        self.standing.claims = list(near.values())
        refusal = self.standing.why_not_add(claim, rule)
        if refusal is not None:
            return str(Reason(refusal.code, ABOUT.get(refusal.code, "hours"), refusal.params.get("limit")))
        self.standing.take(claim)
        self._note(claim)
        return None

    def _note(self, claim: Claim) -> None:
        for place in range(claim.days):
            day = claim.first_on + place * DAY
            self.by_day.setdefault(day, []).append(claim)
            self.totals[day] = self.totals.get(day, 0) + claim.share_of(day)
