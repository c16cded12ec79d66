"""The routes that all kinds of import share: the list, one, the template, the report. Taking a file in is the feature's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, File, Query, Request, Response, UploadFile
from fastapi.responses import StreamingResponse

from services.kit import answers, exports, fields, import_reports, imports, operations, routing
from services.kit.db import Session
from services.kit.import_answers import Imports
from services.kit.import_schemas import ImportFilter, ImportOut, ImportPage
from services.kit.pagination import CursorsDep
from services.kit.principal import Principal
from services.kit.runtime import Language, ReadDep, Runtime, RuntimeDep

# What an operation that takes a file in is declared with.
TAKES: Final[dict[str, Any]] = {
    "status_code": 202,
    "response_class": Response,
    "responses": {202: {"description": "已受理；进度见 Location。"}},
    "openapi_extra": {routing.KEEPS_DRY_RUNS: True, routing.TAKES_TIME: True},
}
# A sheet's name in a workbook is no longer.
SHEET_NAME: Final = 31
SheetFile = Annotated[UploadFile, File(description=".xlsx 或 .csv（UTF-8 或 GB18030），列标题见模板。")]
DryRun = Annotated[bool, Query(description="`true`：照常检查并给出报告，但不写入。")]
Form = Annotated[exports.Form, Query(alias="format", description="文件格式。")]


async def taken_in(session: Session, who: Principal, runtime: Runtime, kind: str, file: UploadFile, *, dry_run: bool) -> Response:
    """Keeps the file and queues its work. Raises UnknownKind, Unsafe, Unreadable."""
    vault = runtime.extras["vault"]
    started = await imports.start(session, who, vault, kind, file.file, file.filename or "", dry_run=dry_run)
    return operations.accepted(started)


@dataclass(frozen=True, slots=True)
class Kept:
    """The imports a path speaks of, the caller as one who may send such files, and what they bring (学时)."""

    imports: Imports
    who: Principal
    title: str


def add_to(router: APIRouter, shared: Imports, admitted: Any, title: str) -> None:
    """Adds the shared routes below a feature's own; `admitted` is the caller's annotation, `title` the kind's name (学时)."""

    async def kept(who: Any) -> Kept:
        return Kept(shared, who, title)

    kept.__annotations__["who"] = admitted
    add_kept(router, "", kept, title)


def add_kept(router: APIRouter, path: str, kept: Callable[..., Any], title: str) -> None:
    """Adds them below `path`; the dependency `kept` tells of which imports it speaks, `title` is the kind's name."""
    made = _Routes(Annotated[Kept, Depends(kept)])
    file: dict[str, Any] = {"response_class": Response, "responses": exports.FILES}
    router.add_api_route(path, made.page(), response_model=ImportPage, summary=f"{title}导入列表")
    router.add_api_route(f"{path}/template", made.template(), summary=f"{title}导入模板", **file)
    router.add_api_route(f"{path}/{{import_id}}", made.one(), response_model=ImportOut, summary=f"{title}导入")
    router.add_api_route(f"{path}/{{import_id}}/report", made.report(), summary=f"{title}导入报告", **file)


@dataclass(frozen=True, slots=True)
class _Routes:
    """Makes the handlers of one kind. FastAPI reads who may call from their annotations, which are set here."""

    kept: Any

    def page(self) -> Callable[..., Any]:
        async def page(wanted: Annotated[ImportFilter, Query()], kept: Any, read: ReadDep, cursors: CursorsDep) -> Response:
            """The caller's own imports, newest first."""
            found = await kept.imports.listing.page(read, kept.who, wanted, cursors.after(wanted))
            return cursors.answer(found, wanted)

        return self._by(page)

    def template(self) -> Callable[..., Any]:
        async def template(kept: Any, form: Form = "xlsx") -> StreamingResponse:
            """A file to fill: the headings and an example."""
            blocks = import_reports.template(kept.imports.layout, form, kept.title[:SHEET_NAME])
            return exports.download(blocks, form, f"{kept.title}导入模板")

        return self._by(template)

    def one(self) -> Callable[..., Any]:
        async def one(request: Request, import_id: fields.Id, kept: Any, read: ReadDep, language: Language) -> Response:
            """How an import went: rows, accepted, refused, and why."""
            return answers.one(request, await kept.imports.one(read, kept.who, import_id, language))

        return self._by(one)

    def report(self) -> Callable[..., Any]:
        async def report(
            import_id: fields.Id, kept: Any, read: ReadDep, runtime: RuntimeDep, language: Language, form: Form = "xlsx"
        ) -> StreamingResponse:
            """The file as it was sent, with two columns more: what became of each row, and why. 409 `import.not_finished`."""
            found = await kept.imports.kept(read, kept.who, import_id)
            blocks = import_reports.stream(runtime, found, kept.imports.layout, form, language)
            return exports.download(blocks, form, f"{kept.title}导入报告")

        return self._by(report)

    def _by(self, handler: Callable[..., Any]) -> Callable[..., Any]:
        handler.__annotations__ = {**handler.__annotations__, "kept": self.kept}
        return handler
