"""What errors of SQLAlchemy and of the driver mean to a caller."""

from __future__ import annotations

import asyncpg
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_dbapi
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError

from services.kit import errors

UNREACHABLE = (
    OperationalError,
    InterfaceError,
    PoolTimeout,
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    AsyncAdapt_asyncpg_dbapi.InterfaceError,
)
# Lock and statement timeouts, deadlocks, shutdown, too many connections: worth another try.
PASSING = frozenset({"55P03", "57014", "40001", "40P01", "57P01", "57P02", "57P03", "53300"})


class DatabaseUnavailable(errors.Unavailable):
    code = "database_unavailable"
    zh, en = "数据库暂时不可用，请稍后再试。", "The database is temporarily unavailable; try again later."


class Duplicate(errors.Conflict):
    code = "duplicate"
    zh, en = "已存在相同的记录。", "Such a record exists already."


class StillReferenced(errors.Conflict):
    code = "reference_broken"
    zh, en = "所指对象不存在，或仍被引用。", "The object referred to does not exist, or is still referred to."


def translated(error: Exception) -> errors.DomainError | None:
    """The domain error that an error of SQLAlchemy or of the driver stands for, or None for a fault of ours."""
    if isinstance(error, StaleDataError):
        return errors.Stale()
    state = _sqlstate(error)
    if state in {"23505", "23P01"}:
        return Duplicate()
    if state == "23503":
        return StillReferenced()
    if isinstance(error, UNREACHABLE) or state in PASSING or state.startswith("08") or _is_invalidated(error):
        return DatabaseUnavailable(retry_after=1)
    return None


def _sqlstate(error: Exception) -> str:
    source = error.orig if isinstance(error, DBAPIError) else error
    return str(getattr(source, "sqlstate", "") or "")


def _is_invalidated(error: Exception) -> bool:
    return isinstance(error, DBAPIError) and error.connection_invalidated
