"""What a rule lacks, in both languages. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

MISSING: Final[Mapping[str, tuple[str, str]]] = {
    "case.act_ended_on": ("违法行为终了之日", "the day the act ended"),
    "case.grave_harm": ("是否涉及生命健康、金融安全且有危害后果", "whether life, health or financial safety was harmed"),
    "case.obstacle_ended_on": ("不能线上办理的情形消除之日", "the day the obstacle ended"),
    "filing.approved": ("立案是否经审批", "whether the filing was approved"),
    "filing.approved_on": ("立案审批日期", "the day the filing was approved"),
    "evidence.kind": ("证据种类", "the kind of the evidence"),
    "evidence.equipment_id": ("所用的电子技术监控设备", "the equipment by which it was collected"),
    "evidence.content_reviewed": ("监控设备记录的内容是否经审核", "whether what was recorded was reviewed"),
    "evidence.told_on": ("告知当事人监控设备记录的违法事实之日", "the day the party was told of what was recorded"),
    "equipment.marked": ("监控设备标志是否明显", "whether the equipment is marked"),
    "delivery.manner": ("送达方式", "how it was delivered"),
    "delivery.announced_on": ("公告送达的公告日期", "the day of the public notice"),
    "delivery.receipt": ("有无送达凭证", "whether there is proof of delivery"),
    "delivery.consent": ("电子送达是否经当事人同意", "whether the party agreed to electronic delivery"),
    "officer.service": ("执法人员任职信息", "where the officer served"),
    "hearing.host_id": ("听证主持人", "who held the hearing"),
    "hearing_notice": ("听证通知", "the notice of the hearing"),
    "registration_preservation.disposed_on": ("登记保存物品的处理日期", "the day the things preserved were dealt with"),
    "seizure.ended_on": ("查封扣押结束日期", "the day the seizure ended"),
    "seizure_extension.approved_on": ("延长查封扣押的批准日期", "the day the extension was approved"),
    "seizure_extension.days": ("延长查封扣押的天数", "the days of the extension"),
    "exclusion.told_on": ("检测期间是否书面告知当事人", "whether the party was told of the testing in writing"),
    "extension.basis": ("延长办案期限的依据", "the ground of the extension"),
    "notice.contents": ("告知书载明的内容", "what the notice told"),
    "notice.penalties": ("告知的拟处罚种类和金额", "the penalty proposed"),
    "statement.made": ("当事人是否陈述申辩", "whether a defence was made"),
    "statement.new_facts": ("是否有新的违法事实", "whether new facts were found"),
    "decision.penalties": ("处罚结果和种类", "the kinds of penalty"),
    "decision.fine_fen": ("罚款金额", "the fine"),
    "decision.confiscation_fen": ("没收金额", "the sum confiscated"),
    "decision.elements": ("决定书要素", "the elements of the decision"),
    "decision.discretion_explained": ("是否说明裁量基准的适用", "whether the discretion is explained"),
    "decision.benchmark_from": ("裁量基准的施行日期", "since when the benchmark holds"),
    "decision.benchmark_id": ("所适用的裁量基准", "the benchmark applied"),
    "decision.band_key": ("所适用的裁量档次", "the band applied"),
    "decision.lenient_item_id": ("不予处罚所依据的清单事项", "the item of the list it was spared by"),
    "decision.first_offence": ("是否初次违法", "whether it was a first offence"),
    "decision.harm_slight": ("危害后果是否轻微", "whether the harm was slight"),
    "decision.corrected": ("是否及时改正", "whether it was put right in time"),
    "decision.lighter_applied": ("新规定是否较轻", "whether the later rule is lighter"),
    "decision.band_low_fen": ("裁量基准下限", "the band's lower end"),
    "decision.band_high_fen": ("裁量基准上限", "the band's upper end"),
    "decision.review_grounds": ("是否属于须法制审核的情形", "whether legal review is needed"),
    "decision.major": ("是否须集体讨论", "whether collective discussion is needed"),
    "legal_review.opinion": ("法制审核意见", "the opinion of the legal review"),
    "legal_review.reviewer_id": ("法制审核人员", "who reviewed"),
    "legal_review.qualified": ("审核人员有无法律职业资格", "whether the reviewer is qualified"),
    "legal_review.first_time": ("审核人员是否初次从事审核", "whether the reviewer is a first-time one"),
    "publicity.masked": ("公示是否隐去个人信息", "whether personal data were masked"),
    "publicity_withdrawal.cause_on": ("原决定失去效力之日", "the day the decision ended"),
    "payment.on_spot": ("是否当场收缴", "whether the money was taken on the spot"),
    "payment.amount_fen": ("收缴金额", "the sum taken"),
    "payment.late_days": ("加处罚款的天数", "the days of the late fee"),
    "payment.handed_to_organ_on": ("交至行政机关的日期", "the day it was handed to the organ"),
    "payment.handed_to_bank_on": ("缴付银行的日期", "the day it was handed to the bank"),
    "court_application.remedy_ended_on": ("救济期限届满之日", "the day the remedies ended"),
    "setting.hearing_fine": ("听证的罚款标准", "the threshold of fines for hearings"),
    "setting.hearing_confiscation": ("听证的没收标准", "the threshold of confiscation for hearings"),
    "setting.late_fee": ("加处罚款比例", "the rate of the late fee"),
}


def of_missing(what: str) -> tuple[str, str]:
    """The words for what is missing; a year of the calendar is named by its number."""
    if what.startswith("calendar."):
        year = what.removeprefix("calendar.")
        return f"{year} 年工作日历", f"the working days of {year}"
    return MISSING[what]
