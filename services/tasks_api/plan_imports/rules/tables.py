"""Tables of tasks (任务分工表): columns by their headings, merged cells, repeated headings, rows that go on. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, TypeAlias

from services.tasks_api.plan_imports.rules import characters, clauses, structure
from services.tasks_api.plan_imports.rules.clauses import Role
from services.tasks_api.plan_imports.rules.document import Row, Table
from services.tasks_api.plan_imports.rules.notes import Notes
from services.tasks_api.plan_imports.rules.structure import ChapterDraft, Draft

MAX_HEADING_ROWS: Final = 6

NUMBER, CHAPTER, TASK, MEASURES = "number", "chapter", "task", "measures"
_HEADINGS: Final = {
    NUMBER: "序号、编号、序、任务编号、任务序号",
    CHAPTER: "类别、分类、领域、板块、章节、任务类别、一级任务、工作板块",
    TASK: "任务、工作任务、重点任务、主要任务、任务名称、任务事项、工作事项、重点工作、事项、项目、工作项目、二级任务",
    MEASURES: "措施、主要措施、工作措施、具体措施、工作举措、主要举措、具体举措、"
    "工作内容、任务内容、具体内容、主要内容、工作要求、目标要求、具体任务",
    Role.DEADLINE.value: "时间、期限、完成日期",
}
_COLUMNS: Final[Mapping[str, str]] = {word: kind for kind, words in _HEADINGS.items() for word in words.split("、")} | {
    word: role.value for word, role in clauses.LABELS.items()
}
_ROLES: Final[Mapping[str, Role]] = {role.value: role for role in (Role.LEAD, Role.RESPONSIBLE, Role.DEADLINE)}
_NUMBER = re.compile(rf"\(?(\d{{1,3}}|{characters.NUMERAL}{{1,4}})\)?[.、]?")
_LEADING_NUMBER = re.compile(r"\d{1,3} *[.、](?!\d) *(?=\S)")
_CHAPTER_LABEL = re.compile(r"\([一二三四五六七八九十百]{1,4}\)|[一二三四五六七八九十百]{1,4}、")

# Column → what it holds and the heading as printed.
Columns: TypeAlias = dict[int, tuple[str, str]]


class Reader:
    """Reads the tables of a document in order; one without headings goes on with the columns of the one before."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._columns: Columns = {}
        self._width = 0
        self._chapter = ""
        self.chapters: list[ChapterDraft] = []

    def take(self, table: Table) -> None:
        """Takes the tasks of a table; warns of one that has no column of tasks."""
        rows = table.rows
        columns, start = _headed(rows)
        width = max((len(row.cells) for row in rows), default=0)
        if columns:
            self._columns, self._width = columns, width
        elif not self._columns or width != self._width:
            self._refuse(rows)
            return
        for row in rows[start:]:
            if not _is_heading(row, self._columns):
                self._take_row(row)

    def _refuse(self, rows: tuple[Row, ...]) -> None:
        text = next((cell.text for row in rows for cell in row.cells if cell.text.strip()), "")
        if text:
            self._notes.add("table_not_read", rows[0].line, text)

    def _take_row(self, row: Row) -> None:
        if not any(cell.text.strip() for cell in row.cells):
            return
        if _is_banner(row):
            self._open_chapter(row.cells[0].text, row.line)
            return
        chapter = self._own(row, CHAPTER)
        if chapter and chapter != self._chapter:
            self._open_chapter(chapter, row.line)
        if self._is_new(row):
            self._start(row)
        elif self.chapters and self.chapters[-1].tasks:
            self._go_on(row, self.chapters[-1].tasks[-1])
        else:
            self._notes.add("line_not_placed", row.line, " ".join(cell.text for cell in row.cells if not cell.from_left))

    def _open_chapter(self, text: str, line: int) -> None:
        self._chapter = text
        bare = characters.joined(characters.printed(text.replace("\n", "")))
        label = _CHAPTER_LABEL.match(characters.folded(bare))
        end = label.end() if label else 0
        self.chapters.append(ChapterDraft(bare[:end], bare[end:].rstrip("。"), line))

    def _own(self, row: Row, wanted: str, *, inherits: bool = False) -> str:
        """The text of the cells of one kind; what a merged cell above holds counts only when it is inherited."""
        texts = []
        for place, (kind, _) in self._columns.items():
            if kind == wanted and place < len(row.cells):
                cell = row.cells[place]
                if not cell.from_left and (inherits or not cell.from_above):
                    texts.append(characters.printed(cell.text))
        return "\n".join(text for text in texts if text)

    def _is_new(self, row: Row) -> bool:
        """A row with a number of its own, or with a task of its own where the table has no numbers."""
        has_numbers = any(kind == NUMBER for kind, _ in self._columns.values())
        if has_numbers and self._own(row, NUMBER):
            return True
        return not has_numbers and bool(self._own(row, TASK))

    def _start(self, row: Row) -> None:
        if not self.chapters:
            self.chapters.append(ChapterDraft("", "", 0))
        label = self._own(row, NUMBER)
        match = _NUMBER.fullmatch(characters.folded(label).replace(" ", ""))
        if label and not match:
            self._notes.add("number_unreadable", row.line, label)
        number = characters.number(match[1]) if match else None
        task = self._own(row, TASK, inherits=True) or self._own(row, MEASURES)
        leading = _LEADING_NUMBER.match(characters.folded(task))
        title, body = structure.split_title(_one_line(task[leading.end() if leading else 0 :]), [])
        measures = self._own(row, MEASURES) if self._own(row, TASK, inherits=True) else ""
        found = Draft(number, label, title, [*body, *_lines(measures)], self._roles(row, inherits=True), row.line)
        self.chapters[-1].tasks.append(found)

    def _go_on(self, row: Row, task: Draft) -> None:
        """A row that continues the task above: its own words are added, its units join those named."""
        more = self._own(row, TASK)
        if more and not task.body and not self._own(row, MEASURES):
            task.title += characters.joined(_one_line(more))
        else:
            task.body += _lines(more)
        task.body += _lines(self._own(row, MEASURES))
        task.roles = _merged(task.roles, self._roles(row, inherits=False))

    def _roles(self, row: Row, *, inherits: bool) -> list[clauses.Clause]:
        found = []
        for place, (kind, heading) in self._columns.items():
            if kind in _ROLES and place < len(row.cells):
                cell = row.cells[place]
                if cell.text.strip(" \n-—/") and not cell.from_left and (inherits or not cell.from_above):
                    found.append(clauses.Clause(_ROLES[kind], heading, "\n".join(_lines(cell.text)), row.line))
        return found


def _merged(roles: list[clauses.Clause], more: list[clauses.Clause]) -> list[clauses.Clause]:
    """A list of units going on in the next row: after a comma or in mid-word the same list, else one more."""
    merged = list(roles)
    for clause in more:
        place = next((at for at, each in enumerate(merged) if each.word == clause.word and each.role is clause.role), None)
        if place is None:
            merged.append(clause)
        else:
            merged[place] = clauses.Clause(clause.role, clause.word, f"{merged[place].text}\n{clause.text}", merged[place].line)
    return merged


def _headed(rows: tuple[Row, ...]) -> tuple[Columns, int]:
    """The columns of the first rows and the place of the first row beneath the headings."""
    for at, row in enumerate(rows[:MAX_HEADING_ROWS]):
        columns = _columns(row)
        if not _are_headings(columns):
            continue
        if at + 1 < len(rows) and _is_second_heading(rows[at + 1]):
            return columns | _columns(rows[at + 1]), at + 2
        return columns, at + 1
    return {}, 0


def _columns(row: Row) -> Columns:
    found: Columns = {}
    for place, cell in enumerate(row.cells):
        word = _word(cell.text)
        if word in _COLUMNS:
            found[place] = (_COLUMNS[word], word)
    return found


def _word(text: str) -> str:
    """A heading for comparison: no spaces, no remark in brackets."""
    bare = "".join(characters.folded(characters.printed(text[:60])).split())
    return bare.split("(")[0]


def _are_headings(columns: Columns) -> bool:
    kinds = {kind for kind, _ in columns.values()}
    return bool(kinds & {TASK, MEASURES}) and len(kinds) >= 2


def _is_second_heading(row: Row) -> bool:
    """牵头单位 and 配合单位 under one merged 责任单位."""
    own = [cell for cell in row.cells if cell.text.strip() and not cell.from_above]
    return bool(own) and all(_word(cell.text) in _COLUMNS for cell in own)


def _is_heading(row: Row, columns: Columns) -> bool:
    """A heading repeated on the next page."""
    again = _columns(row)
    return len(again) >= 2 and all(columns.get(place, ("", ""))[0] == kind for place, (kind, _) in again.items())


def _is_banner(row: Row) -> bool:
    """One cell over the whole width: the heading of a chapter."""
    return len(row.cells) > 1 and not row.cells[0].from_above and all(cell.from_left for cell in row.cells[1:])


def _one_line(text: str) -> str:
    return "".join(characters.printed(line) for line in text.split("\n"))


def _lines(text: str) -> list[str]:
    return [line for line in (characters.printed(each) for each in text.split("\n")) if line]
