"""Reading a plan document: pure text in, structure out. `parse` is the one way in."""

from services.tasks_api.plan_imports.rules.document import Cell, Document, Paragraph, Row, Table
from services.tasks_api.plan_imports.rules.hiding import hidden
from services.tasks_api.plan_imports.rules.plan import (
    Kind,
    ParsedChapter,
    ParsedDeadline,
    ParsedPlan,
    ParsedQuantity,
    ParsedTask,
    ParsedUnit,
    PlanWarning,
    Shape,
)
from services.tasks_api.plan_imports.rules.reading import parse
from services.tasks_api.plan_imports.rules.refusals import Empty, NotAPlan, TooLong, TooManyBytes, Unreadable, UnsupportedFormat
from services.tasks_api.plan_imports.rules.units import KnownUnits, UnitRow
from services.tasks_api.plan_imports.rules.words import SHIPPED, Words

__all__ = [
    "SHIPPED",
    "Cell",
    "Document",
    "Empty",
    "Kind",
    "KnownUnits",
    "NotAPlan",
    "Paragraph",
    "ParsedChapter",
    "ParsedDeadline",
    "ParsedPlan",
    "ParsedQuantity",
    "ParsedTask",
    "ParsedUnit",
    "PlanWarning",
    "Row",
    "Shape",
    "Table",
    "TooLong",
    "TooManyBytes",
    "UnitRow",
    "Unreadable",
    "UnsupportedFormat",
    "Words",
    "hidden",
    "parse",
]
