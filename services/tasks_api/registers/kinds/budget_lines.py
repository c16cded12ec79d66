"""执法经费: the four lines of the budget, planned and spent (plan task 24)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.kit.registers.kinds import Kind
from services.kit.registers.words import Word
from services.tasks_api import access


class BudgetLineLine(Word):
    """人员培训、执法工作、装备配备、监督工作 (plan task 24)."""

    TRAINING = "training", "人员培训费用"
    ENFORCEMENT = "enforcement", "行政执法工作经费"
    EQUIPMENT = "equipment", "装备配备费用"
    SUPERVISION = "supervision", "执法监督工作经费"


class BudgetLine(fields.In):
    """One line of a unit's budget of a year."""

    adopted_on: Annotated[fields.Day, Field(description="预算批复之日。")]
    budget_year: Annotated[fields.Year, Field(description="预算年度。")]
    line: Annotated[BudgetLineLine, Field(description="预算项目。")]
    budget_fen: Annotated[fields.Fen, Field(description="预算数（分）。")]
    spent_fen: Annotated[fields.Fen | None, Field(description="已支出数（分）。")] = None
    in_own_budget: Annotated[fields.Flag, Field(description="是否纳入本级预算。")]


KIND = Kind(
    key="budget-lines",
    path="/v1/registers/budget-lines/records",
    title="执法经费预算",
    facts=BudgetLine,
    day="adopted_on",
    filters=("budget_year", "line"),
    grants=access.register("budget_lines", access.DISTRICT_OR_OWN_UNITS),
    tasks=(24,),
    once=("budget_year", "line"),
    example={
        "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        "adopted_on": "2025-01-25",
        "budget_year": 2025,
        "line": "training",
        "budget_fen": 12000000,
        "spent_fen": 4500000,
        "in_own_budget": True,
    },
)
