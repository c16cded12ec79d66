"""The routes of a kind. FastAPI reads the models of a handler from its annotations, which are set per kind here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from services.kit import answers, batches, fields, rights, routing
from services.kit.db import Reader, Session
from services.kit.pagination import Cursors, CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.principal import Principal
from services.kit.registers import actions
from services.kit.registers.kinds import Kind
from services.kit.registers.queries import Store, Table
from services.kit.registers.schemas import Models, VoidIn, models_of
from services.kit.runtime import Language, Now, ReadDep, SessionDep

RecordId = Annotated[fields.Id, Path(description="记录的 id。")]


def router_of(kind: Kind, table: Table) -> APIRouter:
    """List, enter, enter many, read, change, void."""
    routes = Routes(Store(kind, table), models_of(kind))
    made = routing.router(kind.path, kind.tag)
    title = kind.title
    for path, method, handler, model, status, summary in (
        ("", "GET", routes.page(), routes.models.page, 200, f"{title}列表"),
        ("", "POST", routes.create(), routes.models.out, 201, f"登记{title}"),
        ("/batch", "POST", routes.batch(), batches.Outcomes, 200, f"批量登记{title}"),
        ("/{record_id}", "GET", routes.one(), routes.models.out, 200, title),
        ("/{record_id}", "PATCH", routes.change(), routes.models.out, 200, f"修改{title}"),
        ("/{record_id}/void", "POST", routes.void(), routes.models.out, 200, f"作废{title}"),
    ):
        made.add_api_route(path, handler, methods=[method], response_model=model, status_code=status, summary=summary)
    return made


def annotated(handler: Callable[..., Any], **models: Any) -> Callable[..., Any]:
    """The handler with the models of its kind as annotations of these parameters."""
    handler.__annotations__ = {**handler.__annotations__, **models}
    return handler


class Routes:
    """Makes the handlers of one kind."""

    def __init__(self, store: Store, models: Models) -> None:
        self.store, self.models = store, models
        self.listing, self.single = store.listing(), store.single()
        grants = store.kind.grants
        self.reader, self.writer, self.voider = (
            Annotated[Principal, rights.may(right)] for right in (grants.read, grants.write, grants.void)
        )

    def page(self) -> Callable[..., Any]:
        """`GET` of the list."""

        async def page(wanted: Any, who: Any, read: ReadDep, cursors: CursorsDep) -> Response:
            """Records in the order of their day; void ones stand among them with their state."""
            return await self._page(wanted, who, read, cursors)

        return annotated(page, wanted=Annotated[self.models.wanted, Query()], who=self.reader)

    async def _page(self, wanted: Any, who: Principal, read: Reader, cursors: Cursors) -> Response:
        return cursors.answer(await self.listing.page(read, who, wanted, cursors.after(wanted)), wanted)

    def create(self) -> Callable[..., Any]:
        """`POST` of one."""

        async def create(request: Request, wanted: Any, who: Any, session: SessionDep, now: Now) -> Response:
            """Enters a record of a unit. 409 `record.external_id_taken` where the external id is known already."""
            made = await actions.create(session, who, self.store, wanted, now)
            return answers.created(request, await self._one(session, who, made.id), f"{self.store.kind.path}/{made.id}")

        return annotated(create, wanted=self.models.made, who=self.writer)

    def batch(self) -> Callable[..., Any]:
        """`POST` of many."""

        async def batch(wanted: Any, who: Any, session: SessionDep, now: Now, language: Language) -> Response:
            """Enters up to 500 records; one whose external id is known already is brought up to date."""
            told = await actions.batch(session, who, self.store, wanted, now, language)
            return Response(told.model_dump_json(exclude_none=True), media_type="application/json")

        return annotated(batch, wanted=self.models.batch, who=self.writer)

    def one(self) -> Callable[..., Any]:
        """`GET` of one."""

        async def one(request: Request, record_id: RecordId, who: Any, read: ReadDep) -> Response:
            """One record."""
            return answers.one(request, await self._one(read, who, record_id))

        return annotated(one, who=self.reader)

    def change(self) -> Callable[..., Any]:
        """`PATCH` of one."""

        async def change(
            request: Request, record_id: RecordId, wanted: Any, who: Any, version: IfMatch, session: SessionDep, now: Now
        ) -> Response:
            """Changes facts or evidence. What is sent as null is taken away; a list sent replaces the whole."""
            await actions.change(session, who, self.store, record_id, version, wanted, now)
            return answers.one(request, await self._one(session, who, record_id))

        return annotated(change, wanted=self.models.change, who=self.writer)

    def void(self) -> Callable[..., Any]:
        """`POST` that voids one."""

        async def void(
            request: Request, record_id: RecordId, wanted: VoidIn, who: Any, version: IfMatch, session: SessionDep, now: Now
        ) -> Response:
            """Declares a record void, with a reason; it stays readable and counts nowhere."""
            await actions.void(session, who, self.store, record_id, version, wanted.reason, now)
            return answers.one(request, await self._one(session, who, record_id))

        return annotated(void, who=self.voider)

    async def _one(self, connection: Reader | Session, who: Principal, record_id: Any) -> answers.One:
        return await self.single.one(connection, who, record_id)
