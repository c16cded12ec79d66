"""The one place that turns an error into problem+json (RFC 9457), in Chinese or English. Free of any web framework."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from services.kit import errors

CONTENT_TYPE = b"application/problem+json"
MAX_FAULTS = 100
TYPE_BASE = "urn:zhifa:problem:"

# Titles by status; the detail comes from the error itself.
TITLES: Mapping[int, tuple[str, str]] = {
    400: ("请求无效", "Bad request"),
    401: ("未登录", "Unauthorized"),
    403: ("禁止访问", "Forbidden"),
    404: ("未找到", "Not found"),
    405: ("不支持此方法", "Method not allowed"),
    408: ("请求超时", "Request timeout"),
    409: ("状态冲突", "Conflict"),
    412: ("前提条件不符", "Precondition failed"),
    413: ("内容过大", "Content too large"),
    415: ("内容类型不支持", "Unsupported media type"),
    422: ("无法处理", "Unprocessable content"),
    428: ("缺少前提条件", "Precondition required"),
    429: ("请求过多", "Too many requests"),
    431: ("请求头过大", "Request header fields too large"),
    500: ("服务器内部错误", "Internal server error"),
    502: ("网关错误", "Bad gateway"),
    503: ("服务不可用", "Service unavailable"),
    504: ("网关超时", "Gateway timeout"),
}

# Texts of the single faults of an input; params fill the braces.
FAULTS: Mapping[str, tuple[str, str]] = {
    "missing": ("必填。", "Required."),
    "unknown_field": ("不认识的字段。", "Unknown field."),
    "unknown_parameter": ("不认识的参数。", "Unknown parameter."),
    "repeated_parameter": ("参数重复。", "The parameter is given more than once."),
    "wrong_type": ("类型不对。", "Wrong type."),
    "too_short": ("过短，至少 {limit}。", "Too short; at least {limit}."),
    "too_long": ("过长，至多 {limit}。", "Too long; at most {limit}."),
    "too_small": ("过小，至少 {limit}。", "Too small; at least {limit}."),
    "too_great": ("过大，至多 {limit}。", "Too great; at most {limit}."),
    "wrong_format": ("格式不对。", "Wrong format."),
    "target_forbidden": ("不在允许的推送目标之内。", "Not one of the targets allowed here."),
    "not_allowed": ("不在允许的取值之内。", "Not one of the allowed values."),
    "invalid": ("无效。", "Not valid."),
    "not_found": ("所指对象不存在。", "The object referred to does not exist."),
    "repeated": ("重复。", "Given more than once."),
    "party.unknown": ("“{name}”未对应到单位或单位组。", "“{name}” is neither a known unit nor a group."),
    "party.no_members": ("单位组“{name}”在计划期内没有成员。", "The group “{name}” has no members in the plan's period."),
    "party.not_below": ("只能分解给本单位的下属单位。", "A part goes to units below the one that gives it on."),
    "day.not_later": ("须晚于 {limit}。", "Must be later than {limit}."),
    "day.before_plan": ("早于计划期间，最早 {limit}。", "Before the plan's period; {limit} at the earliest."),
    "day.not_in_year": ("须在 {year} 年内。", "Must lie in {year}."),
    "inspection.unit_not_planned": (
        "该单位不在此检查事项的单位之列。",
        "The unit is none of those the plan names for this visit.",
    ),
    "unit.not_in_force": ("该单位已撤销或尚未设立。", "The unit is gone, or not there yet."),
    "day.after_plan": ("超出计划期间，至迟 {limit}。", "Beyond the plan's period; {limit} at the latest."),
    "day.too_far": ("至多顺延 {limit} 日。", "At most {limit} days later."),
    "in_the_future": ("时间在将来。", "The time lies in the future."),
    "day.in_the_future": ("日期在将来。", "The day lies in the future."),
    "day.other_year": (
        "案号年度为立案年度，不能改到另一年。",
        "The number keeps the year of filing; it cannot move to another year.",
    ),
    "step.other_day": ("与案卷相应日期不一致。", "Differs from the file's own day."),
    "benchmark.zero_range": ("零幅度基准的上下限须为同一数额。", "With a range of zero both ends are one amount."),
    "record.not_a_township": ("该单位不是乡镇或街道。", "The unit is no township or subdistrict."),
    "record.out_of_order": ("日期早于在先的步骤。", "Lies before a step that comes first."),
    "record.void": ("该记录已作废。", "The record is void."),
    "record.other_unit": ("该记录登记在另一单位。", "The record belongs to another unit."),
    "record.unit_does_not_enforce": ("该单位不是行政执法单位。", "The unit does not enforce."),
    "record.tells_identity": (
        "公开文本中不得含证件、电话、账户等号码。",
        "A text to be published must hold no number that tells a person.",
    ),
    "arbitration.not_disputed": ("评查意见在此并无分歧。", "The reviews do not differ here."),
    "arbitration.undecided": ("分歧未逐项说明理由：{about} {key}。", "A disputed point has no reasoned decision: {about} {key}."),
    "legal_review.absent": ("审核人员当日不在岗。", "The reviewer was absent on that day."),
    "legal_review.unqualified": (
        "初次从事法制审核须取得法律职业资格。",
        "Who reviews for the first time needs the legal profession's qualification.",
    ),
    "legal_review.handled_the_case": ("审核人员是该案承办人员。", "The reviewer handled the case."),
    "period.ends_before_start": ("最后一日早于第一日。", "The last day is earlier than the first."),
    "recording.ends_before_start": ("结束时间早于开始时间。", "Ends before it begins."),
    "right.close_needed": ("须有结案权限。", "Needs the right to close case files."),
    "number_pattern.ambiguous": ("按此规则不同案件可能得到相同编号。", "By this pattern two cases could get the same number."),
    "case_number.not_reserved": ("该案号已使用或已作废。", "This number is used or void."),
    "case_number.other_series": ("该案号的类别或年度与案卷不符。", "The number is of another kind or year than the file."),
    "case_file.locked": ("案卷已锁定，不能修改。", "The case file is locked and cannot be changed."),
    "case_file.goes_back": ("缺少案卷已有的决定日期。", "The day of the decision that the file already has is lacking."),
    "case_file.identity_fixed": ("单位、类别和立案年度不能改变。", "Unit, kind and year of filing cannot change."),
    "in_future": ("日期或时间在将来。", "The day or time lies in the future."),
    "officer.id_number": ("证件号码不正确。", "Not a valid identity number."),
    "legal_reviewer.not_of_unit": ("该人员不在该单位任职。", "The officer does not serve in the unit."),
    "exam.pass_mark": ("合格分须大于零且不超过满分。", "The pass mark lies above zero and within the full mark."),
    "exam.absent_with_points": ("缺考者没有分数。", "Who was absent has no points."),
    "exam.other_kind": ("此类考试不适用于该人员。", "This exam is not for officers of this kind."),
    "certificate.not_regular": ("辅助人员和离职人员不能申领执法证件。", "Only regular officers in service hold certificates."),
    "certificate.ends_before_start": ("截止日早于起始日。", "The last day lies before the first."),
    "certificate.too_long": ("有效期至多 {limit} 个月。", "A certificate lasts {limit} months at most."),
    "certificate.not_issued": ("尚未核发，没有有效期。", "It was not issued yet and has no period."),
    "certificate.before_validity": ("早于证件起始日。", "Earlier than the certificate's first day."),
    "exemption.unknown_reason": ("当日没有此减免事由。", "There is no such reason on the first day."),
    "exemption.ends_before_start": ("结束日期早于开始日期。", "The last day lies before the first."),
    "exemption.too_short": ("此事由至少须 {limit} 个月。", "This reason must last at least {limit} months."),
    "exemption.owes_nothing": ("辅助人员没有学时要求，无须减免。", "An auxiliary owes no hours and needs no exemption."),
    "exemption.no_certificate": ("该人员尚未取得执法证件。", "The officer has no certificate yet."),
    "exemption.not_until_certified": ("须止于首次取得执法证件的前一日。", "It must end the day before the first certificate."),
    "officer.unit_does_not_enforce": ("该单位不是行政执法单位。", "The unit does not enforce."),
    "officer.unit_not_in_force": ("该单位当日已撤销。", "The unit is no longer in force on that day."),
    "officer.duplicate": ("该证件号码已登记为在职人员。", "An officer in service has this identity number already."),
    "officer.duplicate_external_id": ("该外部编号已登记。", "This external id is taken already."),
    "officer.kind_changed": ("该人员曾转换类别，请按日期办理转换。", "The kind changed over time; use the reclassification."),
    "officer.after_move": ("入职日期晚于首次调动或离职之日。", "Later than the first move or the end of service."),
    "officer.other_unit": ("该人员登记在另一单位。", "The officer belongs to another unit."),
    "settings.half_exceeds_day": ("半天学时不得多于一天学时。", "Half a day is not worth more than a whole one."),
    "settings.share_above_one": ("比例不得大于一。", "A share is at most the whole."),
    "township_grant.ends_early": ("结束日期早于开始日期。", "It ends before it begins."),
    "township_grant.no_township": ("须为乡镇或街道。", "Must be a township or a subdistrict."),
    "training_plan.no_enforcement_unit": ("不是行政执法单位。", "Not an enforcement unit."),
    "training_plan.township_missing": (
        "未纳入{name}的 {officers} 名执法人员。",
        "The {officers} officers of {name} are not included.",
    ),
    "class.ends_before_start": ("结束时间须晚于开始时间。", "The class must end after it starts."),
    "class.session_out_of_place": (
        "课次须依次排列，不得重叠，且在培训班起止时间之内。",
        "Sessions follow one another without overlap, within the class.",
    ),
    "class.not_coordinator": (
        "乡镇（街道）联合培训须由牵头协调部门主办。",
        "Joint classes of townships are held by the coordinating unit.",
    ),
    "class.missed_exceeds": ("缺课时间超过全班课时。", "More was missed than the class lasts."),
    "class.unknown_session": ("没有此课次。", "There is no such session."),
    "class.hours_posted": ("该班已登记学时，不能再记为缺席。", "Hours of the class are posted; nobody becomes absent any more."),
    "class.no_plan": ("须为主办单位当年的培训计划。", "Must be a training plan of the organiser for the year."),
    "class.crosses_years": ("培训班须在同一自然年内，跨年请分班。", "A class lies within one calendar year; make two of it."),
    "class.cancelled": ("该班已取消。", "The class is cancelled."),
    "hours.not_positive": ("学时须大于零。", "Hours must be above zero."),
    "hours.in_future": ("不能登记将来的学时。", "Hours of a day to come cannot be recorded."),
    "hours.not_in_service": ("该人员当日不在职。", "The officer was not in service on that day."),
    "hours.times": (
        "时段须始于所记日期，且不超过 24 小时。",
        "The times must begin on the day recorded, within 24 hours.",
    ),
    "hours.class_mismatch": ("与所指培训班不符。", "Does not agree with the class referred to."),
    "hours.above_class": ("超过该班可得学时 {limit}。", "More than the class gives, {limit}."),
    "hours.course_not_online": ("只有网络学习填写课程。", "Only online hours name a course."),
    "json.syntax": ("不是合法的 JSON。", "Not valid JSON."),
    "json.duplicate_name": ("同一对象内名称重复。", "A name stands twice in one object."),
    "json.not_a_number": ("不接受 NaN 或无穷。", "NaN and Infinity are not accepted."),
    "json.number_too_long": ("数字过长。", "A number is too long."),
    "json.too_deep": ("嵌套过深。", "Nested too deeply."),
    "json.bad_text": ("文本含不允许的字符。", "A text holds characters that are not allowed."),
    "json.not_an_object": ("顶层须为对象。", "The top level must be an object."),
    "json.empty": ("请求体为空。", "The body is empty."),
    "hours.overlap": ("与该人员其他学时的时段重叠。", "The times overlap with other hours of this officer."),
    "hours.day_full": ("该人员当日学时合计超过 24。", "The hours of this officer on that day would exceed 24."),
    "hours.online_course_twice": (
        "该人员本年度已登记同一网络课程。",
        "This officer has hours of the same online course in that year already.",
    ),
    "hours.source_cap": (
        "该人员本年度此来源的学时将超过上限 {limit}。",
        "The officer's hours of this source in that year would exceed the cap of {limit}.",
    ),
    "hours.reason_needed": (
        "该年度学时已关账，导入时须注明理由。",
        "The hours of that year are closed; the import must say why they come so late.",
    ),
    "hour_rule.none": ("当日没有适用的学时规则。", "No settings of the ledger are in force on that day."),
    "hours.officer_mismatch": ("几项人员标识指向不同的人。", "The identifiers of the row mean different people."),
    "hours.officer_ambiguous": ("人员标识对应多人。", "The identifiers of the row mean more than one person."),
    "hours.name_mismatch": ("与该人员登记的姓名不符。", "Differs from the name on record."),
    "hours.duplicate_external_id": ("该外部编号的学时已登记。", "Hours with this external id are recorded already."),
    "hours.external_id_differs": (
        "该外部编号已登记，但内容不同；如需更正请先冲正。",
        "This external id is recorded with other content; to correct it, reverse the entry first.",
    ),
    "import.repeated_in_file": ("与本文件中前面的行相同。", "The same as an earlier row of this file."),
    "import.external_id_taken_in_file": (
        "外部编号与本文件中前面的行重复，内容不同。",
        "An earlier row of this file has this external id with other content.",
    ),
    "import.recorded": ("此前已登记。", "Recorded before."),
    "import.recorded_and_undone": ("此前已登记，后被冲正或退回。", "Recorded before, and reversed or refused since."),
    "sheet.identity_misplaced": ("身份证号只能填在身份证号列。", "An identity number belongs in its own column only."),
    "sheet.empty": ("文件中没有内容。", "There is nothing in the file."),
    "sheet.unreadable": ("文件已损坏或不是有效的工作簿。", "The file is damaged, or no workbook."),
    "sheet.broken_quotes": ("引号不成对，或单元格过长。", "Quotes do not match, or a cell is too long."),
    "sheet.too_wide": ("列数超过 200。", "More than 200 columns."),
    "sheet.cell_too_long": ("单元格超过 32767 个字符。", "A cell holds more than 32,767 signs."),
    "sheet.too_many_rows": ("超过 {limit} 行，请分成几个文件。", "More than {limit} rows; make several files of it."),
    "sheet.too_slow": ("读取超时。", "Reading it took too long."),
    "sheet.too_much_inside": (
        "解压后过大，或有远离其余内容的单元格；请把数据复制到新工作簿后再试。",
        "Too large when unpacked, or a cell lies far away from the rest; copy the data into a new workbook.",
    ),
    "sheet.bent_names": ("压缩包内的文件名异常。", "Odd file names inside the archive."),
    "sheet.macros": ("含宏或可执行内容。", "Holds macros or programs."),
    "sheet.external_links": ("含外部链接或数据连接。", "Holds links to other workbooks or data sources."),
    "sheet.embedded_files": ("含内嵌文件。", "Holds embedded files."),
    "sheet.odd_packing": ("压缩方式异常或已加密。", "Packed in an odd way, or locked."),
    "sheet.column_missing": ("缺少列“{name}”。", "The column “{name}” is missing."),
    "sheet.column_repeated": ("列“{name}”出现两次。", "The column “{name}” stands twice."),
    "sheet.one_needed": ("须填写几项标识中的至少一项。", "At least one of the identifiers is needed."),
    "sheet.bent_number": (
        "长数字被表格软件改成了科学计数，请把该列设为文本格式后重新填写。",
        "A long number was bent by the spreadsheet; make the column text and enter it again.",
    ),
    "cursor.invalid": ("游标无效，或不属于此查询。", "The cursor is not valid, or belongs to another query."),
    "rubric.block_points": (
        "须大于 0，且不超过各项分值之和 {limit}。",
        "Must be above 0 and at most the sum of the items, {limit}.",
    ),
    "rubric.grades_descend": (
        "等次须由高到低，分数线逐级降低，最高不超过 100。",
        "Thresholds must fall from grade to grade, from 100 at most.",
    ),
    "rubric.lowest_grade": ("最低等次的分数线须为 0。", "The lowest grade must begin at 0."),
    "conflict_declaration.one_of_two": ("单位和案卷只填一项。", "Name a unit or a case file, not both."),
    "assignment.files_are_drawn": ("本轮案卷由抽取产生，不能指定。", "The files of this round are drawn, not named."),
    "assignment.too_few_reviewers": (
        "{unit}有 {files} 件案卷各需 {need} 名评查人，而可评查的只有 {people} 名。",
        "{unit} has {files} files that need {need} reviewers each, and only {people} eligible.",
    ),
    "assignment.no_legal_reviewer": (
        "{unit}有 {files} 件案卷没有足够的具备法制审核资格的评查人。",
        "{unit} has {files} files without enough eligible reviewers qualified for legal review.",
    ),
    "assignment.too_little_room": (
        "共需 {wanted} 次评查，评查人的上限合计只有 {room} 次。",
        "{wanted} reviews are wanted, and the reviewers' limits leave room for {room}.",
    ),
    "assignment.least_too_great": (
        "评查人的下限合计 {least} 次，超过所需的 {wanted} 次。",
        "The least loads add up to {least}, more than the {wanted} reviews wanted.",
    ),
    "assignment.overloaded": (
        "{units}的 {files} 件案卷共需 {wanted} 次评查，可评查的人员最多能承担 {possible} 次。",
        "The {files} files of {units} want {wanted} reviews; those eligible can give {possible}.",
    ),
    "assignment.mutual_pairs": (
        "不出现单位互评就无法分派；请增加不属于这些单位的评查人。",
        "Not possible without units reviewing each other; add reviewers of other units.",
    ),
    "assignment.least_loads": (
        "回避之后，有评查人达不到下限。",
        "With all conflicts heeded, somebody cannot reach the least load.",
    ),
    "document_number.not_reserved": ("该文号未预留或已使用。", "This number is not reserved, or is used."),
    "document_number.other_series": ("该文号属于其他类型文书。", "This number is of another type of document."),
    "guidance_settings.year_over": ("设置不能追溯至已结束的年度。", "Settings do not reach back into a year that is over."),
    "guidance.grants_nothing": ("该单位当年没有赋权事项。", "The unit has granted nothing that holds in this year."),
    "guidance.not_granted": (
        "该案件不属于本单位赋权事项，或者本部门已在指导。",
        "The case is not on an item this unit granted, or is guided by it already.",
    ),
    "review_settings.in_the_past": ("设置不能追溯，须自今日或以后起。", "Settings begin today or later."),
    "review_round.only_drawn": ("只用于互评和抽评轮次。", "For cross reviews and samples alone."),
    "review_round.not_a_reviewer": ("该账号没有评查人角色。", "The account does not have the reviewer's role."),
    "review_round.file_not_closed": ("案卷尚未结案。", "The case file is not closed."),
    "review_round.file_of_other_kind": ("评查标准不适用于该类案卷。", "The rubric does not cover files of this kind."),
    "review_round.file_taken": ("案卷已在本轮分派。", "The case file is given out in this round already."),
    "review_round.no_reviewer": ("所列评查人中没有案卷所在单位的人员。", "None of the reviewers named works in the file's unit."),
    "review.not_reviewable": ("不符合评查条件的案卷不再评分。", "A file that cannot be reviewed gets no findings."),
    "review.item_not_applicable": ("该项不适用于本案卷。", "The item does not apply to this file."),
    "review.item_must_apply": ("该项不得标为不适用。", "The item cannot be left out."),
    "review.nothing_applies": ("至少须有一项适用。", "At least one item must apply."),
}


def language_of(accept_language: str | None) -> str:
    """`en` when English is preferred to Chinese in `Accept-Language`, else `zh-CN`."""
    for part in (accept_language or "").lower().split(","):
        tag = part.split(";")[0].strip()
        if tag.startswith("en"):
            return "en"
        if tag.startswith("zh"):
            return "zh-CN"
    return "zh-CN"


def fault_text(code: str, language: str, params: Mapping[str, str | int]) -> str:
    """Text of one fault; an unknown code falls back to the general one."""
    texts = FAULTS.get(code, FAULTS["invalid"])
    return texts[language == "en"].format_map(params)


def body_of(error: errors.DomainError, *, language: str, trace_id: str, instance: str) -> dict[str, Any]:
    """The problem as a mapping; at most 100 faults are listed."""
    english = language == "en"
    title = TITLES.get(error.status, (HTTPStatus(error.status).phrase,) * 2)[english]
    body: dict[str, Any] = {
        "type": TYPE_BASE + error.code,
        "title": title,
        "status": error.status,
        "detail": (error.en if english else error.zh).format_map(error.params),
        "instance": instance,
        "code": error.code,
        "trace_id": trace_id,
    }
    if error.faults:
        body["errors"] = [
            {"pointer": fault.pointer, "code": fault.code, "detail": fault_text(fault.code, language, fault.params)}
            for fault in error.faults[:MAX_FAULTS]
        ]
    return body


def render(
    error: errors.DomainError, *, language: str, trace_id: str, instance: str
) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """Status, headers and body bytes of an error."""
    body = json.dumps(body_of(error, language=language, trace_id=trace_id, instance=instance), ensure_ascii=False).encode()
    headers = [
        (b"content-type", CONTENT_TYPE),
        (b"content-language", language.encode()),
        (b"content-length", str(len(body)).encode()),
    ]
    if error.status == 401:
        headers.append((b"www-authenticate", b'Bearer realm="zhifa"'))
    if error.retry_after is not None or error.status in {429, 503}:
        headers.append((b"retry-after", str(error.retry_after or 1).encode()))
    return error.status, headers, body
