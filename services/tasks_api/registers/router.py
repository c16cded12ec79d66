"""Routes of the registers: those of every kind, and the list of the kinds."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Path

from services.kit import routing
from services.kit.registers import files
from services.kit.registers import router as registers
from services.kit.registers.kinds import Kind
from services.tasks_api import access
from services.tasks_api.registers.kinds import KINDS
from services.tasks_api.registers.schemas import RegisterOut, RegistersOut
from services.tasks_api.registers.tables import Record

router = routing.router("/v1/registers", "registers")
# Asked last: a path of a known kind never comes here.
unknown = routing.router("/v1/registers", "registers")
FILES: Final = files.registers_of(
    "/v1/registers", "register_files", KINDS.values(), Record, access.REGISTERS_READ, access.REGISTERS_IMPORT
)
ROUTERS: Final = [*(registers.router_of(kind, Record) for kind in KINDS.values()), FILES.router()]
Key = Annotated[str, Path(min_length=1, max_length=64)]


@router.get("", response_model=RegistersOut, summary="台账种类")
async def kinds(who: access.MayReadRegisters) -> RegistersOut:
    """Every kind of register with its path, its fields and the tasks and obligations it serves."""
    return RegistersOut(registers=[_shown(kind) for kind in KINDS.values()])


@unknown.get("/{kind}/records", response_model=RegistersOut, summary="未知台账")
async def no_such_list(kind: Key, who: access.MayReadRegisters) -> RegistersOut:
    """404 `register.unknown_kind`: no register has this name."""
    raise files.UnknownKind


@unknown.post("/{kind}/records", response_model=RegistersOut, summary="未知台账登记")
async def no_such_record(kind: Key, who: access.MayReadRegisters) -> RegistersOut:
    """404 `register.unknown_kind`: no register has this name."""
    raise files.UnknownKind


def _shown(kind: Kind) -> RegisterOut:
    return RegisterOut(
        key=kind.key,
        title=kind.title,
        path=kind.path,
        tasks=list(kind.tasks),
        requirements=list(kind.requirements),
        obligations=list(kind.obligations),
        day=kind.day,
        filters=list(kind.named),
        fields_schema=kind.facts.model_json_schema(),
        example=kind.example,
    )
