"""Route of the check of documents."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from fastapi import Response

from services.cases_api import access
from services.cases_api.case_files.queries import masking
from services.cases_api.document_checks import queries, rules
from services.cases_api.document_checks.rules import Result
from services.cases_api.document_checks.schemas import CheckedDocument, DocumentChecksOut
from services.kit import fields, routing
from services.kit.runtime import ReadDep

router = routing.router("/v1/case-files/{case_file_id}/document-checks", "case-files")


@router.get("", response_model=DocumentChecksOut, summary="文书要素核对")
async def document_checks(case_file_id: fields.Id, who: access.MayReadCaseFiles, read: ReadDep) -> Response:
    """Holds the newest version of each document against the template in force on its day (plan task 8). A document whose elements
    nobody stated, or of a type without a template, is undecided.
    """
    items = [_checked(row) for row in await queries.documents(read, who, case_file_id)]
    count = Counter(item.result for item in items)
    found = DocumentChecksOut(
        case_file_id=case_file_id, items=items, complete=count[Result.COMPLETE], lacking=count[Result.LACKING],
        undecided=count[Result.UNDECIDED],
    )  # fmt: skip
    # Which template was in force tells the unit as well.
    nameless = found.model_copy(update={"items": [item.model_copy(update={"template_id": None}) for item in items]})
    masked = await masking.masked_told(read, who, case_file_id, nameless.model_dump_json(exclude_none=True))
    return Response(masked or found.model_dump_json(exclude_none=True), media_type="application/json")


def _checked(row: Any) -> CheckedDocument:
    template = None if row["template"] is None else json.loads(row["template"])
    found = rules.checked(template, row["elements"])
    facts = {
        "document_id": row["id"], "type": row["type"], "title": row["title"], "version": row["version"], "on": row["day"],
        "template_id": row["template_id"], "result": found.result, "unknown": list(found.unknown),
    }  # fmt: skip
    return CheckedDocument.model_validate(facts | {"lacking": list(found.lacking), "wished": list(found.wished)})
