"""Routes of the files of all kinds of a service: a sheet in, its report, a sheet out. The kind stands in the path."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from services.kit import (
    errors,
    exports,
    fields,
    import_routes,
    references,
    rights,
    routing,
    workbooks,
)
from services.kit.db import Reader
from services.kit.exports import Fetch
from services.kit.import_routes import TAKES, DryRun, Kept, SheetFile
from services.kit.jobs import Task
from services.kit.pagination import Page, PageQuery, Start
from services.kit.principal import Principal
from services.kit.registers.imports import Files, files_of
from services.kit.registers.kinds import Kind
from services.kit.registers.queries import Store, Table
from services.kit.registers.router import annotated
from services.kit.registers.schemas import CommonFilter, State
from services.kit.rights import Right
from services.kit.runtime import RuntimeDep, SessionDep

Key = Annotated[str, Path(min_length=1, max_length=64, examples=["budget-lines"], description="台账种类。")]


class UnknownKind(errors.NotFound):
    code: ClassVar[str] = "register.unknown_kind"
    zh, en = "没有这种台账。", "There is no such register."


class ExportQuery(PageQuery):
    """Which records, and in which form; `on__gte` and `on__lte` are about the day the kind is sorted by."""

    format: exports.Form = "xlsx"
    unit_id: fields.Id | None = None
    year: fields.QueryYear | None = None
    state: State | None = None
    on__gte: fields.Day | None = None
    on__lte: fields.Day | None = None


@dataclass(frozen=True, slots=True)
class Registers:
    """The kinds of a service as files, below a prefix. `read` and `write` admit whoever may read or enter some kind; of each
    kind its own right decides."""

    prefix: str
    tag: str
    files: Mapping[str, Files]
    read: Right
    write: Right

    def of(self, key: str) -> Files:
        """The kind; UnknownKind."""
        if (found := self.files.get(key)) is None:
            raise UnknownKind
        return found

    def tasks(self) -> list[Task]:
        """What runs the imports in the background."""
        return [each.task for each in self.files.values()]

    def router(self) -> APIRouter:
        """Template, import, its report, export."""
        made, routes = routing.router(self.prefix + "/{kind}", self.tag), Routes(self)
        sheet = {"response_class": Response, "responses": exports.FILES}
        for path, method, handler, summary, options in (
            ("/export", "GET", routes.export(), "导出台账", sheet),
            ("/imports", "POST", routes.start(), "导入台账", TAKES),
        ):
            made.add_api_route(path, handler, methods=[method], summary=summary, **options)
        import_routes.add_kept(made, "/imports", routes.kept(), "台账")
        return made


def registers_of(prefix: str, tag: str, kinds: Iterable[Kind], table: Table, read: Right, write: Right) -> Registers:
    """The kinds of a service."""
    found = {kind.key: files_of(Store(kind, table), f"{prefix}/{kind.key}/imports") for kind in kinds}
    return Registers(prefix, tag, found, read, write)


class Routes:
    """Makes the handlers."""

    def __init__(self, registers: Registers) -> None:
        self.registers = registers
        self.reader, self.writer = (Annotated[Principal, rights.may(right)] for right in (registers.read, registers.write))

    def export(self) -> Callable[..., Any]:
        """`GET` of all records as a file."""

        async def export(
            request: Request, kind: Key, wanted: Annotated[ExportQuery, Query()], who: Any, runtime: RuntimeDep
        ) -> StreamingResponse:
            """The records the caller may read, oldest first, as a file that can be changed and sent in again; void ones stand
            among them with their state. Each export is noted in the audit trail.
            """
            files = self.registers.of(kind)
            reader, declared = files.store.kind.grants.read.admit(who), files.store.kind
            facts = wanted.model_dump(mode="json", exclude_none=True)
            await exports.audited(request, runtime, reader, declared.object_type, facts)
            lines = exports.lines(runtime, files.sheet.headings(), fetched(files, reader, wanted))
            name = declared.title
            return exports.download(
                workbooks.written(lines, wanted.format, name[: import_routes.SHEET_NAME]), wanted.format, name
            )

        return annotated(export, who=self.reader)

    def start(self) -> Callable[..., Any]:
        """`POST` of a sheet."""

        async def start(
            kind: Key, file: SheetFile, who: Any, session: SessionDep, runtime: RuntimeDep, dry_run: DryRun = False
        ) -> Response:
            """Takes a sheet in and works on it in the background. Good rows become records, bad rows come back with every
            reason. Units stand by their codes, words in Chinese or by their codes, money in yuan. A row is known again by its
            record's id, its external id, or else by all it says, so a sheet may be sent again: what is recorded already stays,
            what differs is brought up to date. 415 `sheet.kind_not_allowed`, 400 `sheet.unsafe`, `sheet.unreadable`.
            """
            files, writer = self._admitted(kind, who)
            return await import_routes.taken_in(session, writer, runtime, files.work.kind, file, dry_run=dry_run)

        return annotated(start, who=self.writer)

    def kept(self) -> Callable[..., Any]:
        """The dependency of what all imports share: the kind's imports, for those who enter its records."""

        async def kept(kind: Key, who: Any) -> Kept:
            files, writer = self._admitted(kind, who)
            return Kept(files.answers, writer, files.store.kind.title)

        return annotated(kept, who=self.writer)

    def _admitted(self, key: str, who: Principal) -> tuple[Files, Principal]:
        """The kind, and the caller as one who enters its records; UnknownKind, Forbidden."""
        files = self.registers.of(key)
        return files, files.store.kind.grants.write.admit(who)


def fetched(files: Files, who: Principal, wanted: ExportQuery) -> Fetch:
    """Records page by page, each as the cells of a row."""
    listing = files.store.listing()
    given = wanted.model_dump(exclude={"format", "limit", "cursor", "count"}, exclude_none=True)
    asked = CommonFilter.model_construct(**given, limit=exports.PAGE, cursor=None, count=None, sort="on")

    async def fetch(read: Reader, start: Start | None) -> Page:
        page = await listing.page(read, who, asked, start)
        return Page(await _rows(read, files, [json.loads(item) for item in page.items]), page.next_start)

    return fetch


async def _rows(read: Reader, files: Files, records: Sequence[Mapping[str, Any]]) -> list[str]:
    found = await references.some_units(read, {UUID(record["unit_id"]) for record in records})
    units = {unit.id: (unit.code, unit.name) for unit in found.values()}
    names: dict[UUID, str] = {}
    for name, cell in files.sheet.facts.items():
        if cell.refers:
            named = {UUID(each) for record in records for each in _listed(record.get(name))}
            names |= await _names(read, files.store.kind, name, named)
    return [json.dumps(files.sheet.row(record, names, units), ensure_ascii=False) for record in records]


async def _names(read: Reader, kind: Kind, name: str, ids: set[UUID]) -> Mapping[UUID, str]:
    if (lookup := kind.lookups.get(name)) is not None:
        return await lookup.name(read, ids)
    return {unit.id: unit.code for unit in (await references.some_units(read, ids)).values()}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
