"""Columns of a sheet of past case files, and what a row comes to. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final

from services.kit import cells, clock, identity
from services.kit.errors import Fault
from services.kit.sheets import Column, Layout, Reason

MOST_OFFICERS, MOST_BASES, MOST_LINE = 20, 20, 200
# Files without an id of another system are known by their number, which is public and theirs alone in the district.
OWN_SYSTEM: Final = "case-import"


def _words(**named: str) -> dict[str, str]:
    """Chinese names by code, each code naming itself as well."""
    return {name: code for code, names in named.items() for name in (code, *names.split())}


KINDS: Final = _words(
    penalty="行政处罚 处罚", licence="行政许可 许可", compulsion="行政强制 强制", inspection="行政检查 检查",
    expropriation="行政征收征用 征收 征用 征收征用", other="其他",
)  # fmt: skip
PROCEDURES: Final = _words(ordinary="普通程序 一般程序 普通", summary="简易程序 简易", fast="快速办理 快速")
PARTIES: Final = _words(natural="自然人 个人 公民", legal="法人 单位 其他组织 法人或其他组织 个体工商户")
ID_TYPES: Final = _words(
    resident_id="居民身份证 身份证", credit_code="统一社会信用代码 信用代码", passport="护照",
    hk_macao_permit="港澳居民来往内地通行证",
    taiwan_permit="台湾居民来往大陆通行证", foreign_residence="外国人永久居留证", other="其他",
)  # fmt: skip
PENALTIES: Final = _words(
    warning="警告", public_criticism="通报批评", fine="罚款",
    confiscation="没收 没收违法所得 没收非法财物",
    licence_suspension="暂扣 暂扣许可证件",
    qualification_downgrade="降级 降低资质等级",
    operation_restriction="限制经营 限制开展生产经营活动",
    production_stop="停产停业 责令停产停业", closure="责令关闭 关闭", profession_ban="限制从业",
    licence_revocation="吊销 吊销许可证件",
    detention="拘留 行政拘留", other="其他",
)  # fmt: skip
OFFLINE: Final = _words(no_network="无网络 现场无网络", platform_fault="平台故障", law="法律规定 法律法规规定")


def number(text: str) -> str:
    """An identity number as it is sealed: without spaces, capitals."""
    if cells.is_bent(text):
        raise cells.NotSo("sheet.bent_number")
    found = identity.compact(cells.plain(text)).upper()
    if not (4 <= len(found) <= 40 and found.isascii() and found.replace("-", "").replace("(", "").replace(")", "").isalnum()):
        raise cells.NotSo("wrong_format")
    return found


def public(most: int) -> cells.Read:
    """A line of text that is shown to everybody; identity numbers have no place in it."""
    plain = cells.line(most)

    def read(text: str) -> str:
        found: str = plain(text)
        if identity.stands_in(found, clock.local_day(clock.now())):
            raise cells.NotSo("sheet.identity_misplaced")
        return found

    return read


BASES: Final = cells.listed(public(MOST_LINE), MOST_BASES)
LAYOUT: Final = Layout(
    [
        Column("unit_code", ("单位代码", "执法单位代码", "unit code"), cells.code(), "350111102", few=True),
        Column("case_no", ("案号", "案件编号", "case number"), cells.line(100), "350111102-2021-CF-00001"),
        Column("kind", ("案卷类别", "类别", "kind"), cells.choice(KINDS), "行政处罚", few=True),
        Column("procedure", ("程序", "办案程序", "procedure"), cells.choice(PROCEDURES), "普通程序", few=True),
        Column("party_kind", ("当事人类型", "party kind"), cells.choice(PARTIES), "自然人", few=True),
        Column("party_name", ("当事人", "当事人姓名或名称", "party name"), cells.line(100), "示例甲"),
        Column("id_type", ("证件类型", "id type"), cells.choice(ID_TYPES), "居民身份证", few=True),
        Column("id_number", ("证件号码", "身份证号或信用代码", "id number"), number, "350111190001010011"),
        Column("phone", ("联系电话", "phone"), cells.line(20)),
        Column("address", ("地址", "住址", "address"), cells.line(MOST_LINE)),
        Column("officers", ("承办人证号", "执法证号", "officers"), cells.listed(cells.code(), MOST_OFFICERS), "13010000001"),
        Column("item", ("执法事项", "案由", "事项", "item"), public(MOST_LINE), "占道经营", few=True),
        Column("legal_bases", ("法律依据", "legal bases"), BASES, "《示例条例》第一条", few=True),
        Column("filed_on", ("立案日期", "filed on"), cells.day, "2021-03-01", few=True),
        Column("decided_on", ("决定日期", "decided on"), cells.day, "2021-04-01", few=True),
        Column("decision", ("决定内容", "处理结果", "decision"), public(2_000), "罚款五百元"),
        Column("penalties", ("处罚种类", "penalties"), cells.listed(cells.choice(PENALTIES), 13), "罚款", few=True),
        Column("fine_fen", ("罚款金额（元）", "罚款金额", "fine"), cells.fen, "500", few=True),
        Column("confiscation_fen", ("没收金额（元）", "没收金额", "confiscation"), cells.fen, few=True),
        Column("closed_on", ("结案日期", "closed on"), cells.day, "2021-05-01", few=True),
        Column("archived_on", ("归档日期", "archived on"), cells.day, "2021-05-20", few=True),
        Column("act_ended_on", ("违法行为终了日期", "act ended on"), cells.day, few=True),
        Column("discovered_on", ("发现日期", "discovered on"), cells.day, few=True),
        Column("offline_reason", ("线下办理原因", "offline reason"), cells.choice(OFFLINE), few=True),
        Column("obstacle_ended_on", ("情形消除日期", "obstacle ended on"), cells.day, few=True),
        Column("keyed_in_on", ("补录日期", "keyed in on"), cells.day, few=True),
        Column("external_system", ("外部系统", "external system"), cells.code(), few=True),
        Column("external_id", ("外部编号", "external id"), cells.code()),
    ],
    needs=[["unit_code"], ["kind"], ["party_kind"], ["party_name"], ["officers"], ["item"], ["legal_bases"], ["filed_on"],
           ["case_no", "external_id"]],
)  # fmt: skip
NAMES: Final = tuple(column.name for column in LAYOUT.columns)
DAYS: Final = frozenset(name for name in NAMES if name.endswith("_on"))
# Where the rules speak of a part of the file, and the column that holds it.
_PARTS: Final[Mapping[str, str]] = {
    "unit_id": "unit_code",
    "party": "party_name",
    "steps": "penalties",
    "case_number_id": "case_no",
}


@dataclass(slots=True)
class Row:
    """The cells of a row; what was not to be read is None."""

    unit_code: str | None
    case_no: str | None
    kind: str | None
    procedure: str | None
    party_kind: str | None
    party_name: str | None
    id_type: str | None
    id_number: str | None
    phone: str | None
    address: str | None
    officers: list[str] | None
    item: str | None
    legal_bases: list[str] | None
    filed_on: date | None
    decided_on: date | None
    decision: str | None
    penalties: list[str] | None
    fine_fen: int | None
    confiscation_fen: int | None
    closed_on: date | None
    archived_on: date | None
    act_ended_on: date | None
    discovered_on: date | None
    offline_reason: str | None
    obstacle_ended_on: date | None
    keyed_in_on: date | None
    external_system: str | None
    external_id: str | None

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Row:
        """A row as it was staged; days are text there."""
        days = {name: date.fromisoformat(told[name]) for name in DAYS if told.get(name) is not None}
        found: dict[str, Any] = {each.name: told.get(each.name) for each in fields(cls)} | days
        return cls(**found)

    @property
    def amount_fen(self) -> int | None:
        """What the decision is over, as far as the row tells."""
        told = [each for each in (self.fine_fen, self.confiscation_fen) if each is not None]
        return sum(told) if told else None

    @property
    def key(self) -> tuple[str, str] | None:
        """System and id by which the file is known again; the number stands in when there is no id."""
        if self.external_system is not None and self.external_id is not None:
            return self.external_system, self.external_id
        if self.case_no is None:
            return None
        return OWN_SYSTEM, hashlib.sha256(self.case_no.encode()).hexdigest()[:32]

    def decision_facts(self) -> dict[str, Any] | None:
        """What the decision holds, when the row tells of one."""
        facts = {"penalties": self.penalties, "fine_fen": self.fine_fen, "confiscation_fen": self.confiscation_fen}
        told = {name: value for name, value in facts.items() if value is not None}
        return {"step": "decision", "on": self.decided_on, **told} if told and self.decided_on is not None else None


def row_faults(row: Row) -> list[Fault]:
    """What is wrong with a row beside what an entry's own rules say."""
    faults = []
    if (row.external_id is None) != (row.external_system is None):
        faults.append(Fault(f"/body/{'external_id' if row.external_id is None else 'external_system'}", "missing"))
    told = row.penalties is not None or row.fine_fen is not None or row.confiscation_fen is not None
    if told and row.decided_on is None:
        faults.append(Fault("/body/decided_on", "missing"))
    if row.offline_reason is None and (row.obstacle_ended_on or row.keyed_in_on) is not None:
        faults.append(Fault("/body/offline_reason", "missing"))
    return faults


def reason(fault: Fault) -> str:
    """A fault of an entry as a reason of its row."""
    parts = fault.pointer.removeprefix("/body/").split("/")
    column = next((name for name in reversed(parts) if name in NAMES), None)
    if column is None:
        column = "party_kind" if parts[-1] == "kind" and parts[0] == "party" else _PARTS.get(parts[0], "")
    return str(Reason(fault.code, column))
