"""What the errors of database drivers mean. Importing this imports SQLAlchemy."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from promptls.cache.failures import REASONS, Failure, Kind

_SQLITE_KINDS: dict[int, Kind] = {
    sqlite3.SQLITE_CORRUPT: "corrupt",
    sqlite3.SQLITE_NOTADB: "corrupt",
    sqlite3.SQLITE_ERROR: "outdated",
    sqlite3.SQLITE_BUSY: "busy",
    sqlite3.SQLITE_LOCKED: "busy",
    sqlite3.SQLITE_FULL: "unwritable",
    sqlite3.SQLITE_READONLY: "unwritable",
    sqlite3.SQLITE_CONSTRAINT: "refused",
    sqlite3.SQLITE_MISMATCH: "refused",
    sqlite3.SQLITE_TOOBIG: "refused",
}
_POSTGRESQL_KINDS: dict[str, Kind] = {
    # https://www.postgresql.org/docs/current/errcodes-appendix.html
    "22": "refused",
    "23": "refused",
    "40": "busy",
    "42": "outdated",
    "42501": "unwritable",
    "25006": "unwritable",
    "53100": "unwritable",
    "55P03": "busy",
    "57014": "busy",
}


def classify(error: Exception) -> Failure:
    """Tell what an error of the driver's means. Others' errors are failures of the record."""
    if isinstance(error, PoolTimeout):
        return Failure("busy", "all of its connections are in use")
    if isinstance(error, OSError):
        return Failure("unavailable", error.strerror or type(error).__name__)
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        return _of_sqlite(cause)
    if cause is error:
        return Failure("refused", type(error).__name__)
    state = getattr(cause, "sqlstate", None) or ""
    kind = _POSTGRESQL_KINDS.get(state) or _POSTGRESQL_KINDS.get(state[:2], "unavailable")
    return Failure(kind, REASONS.get(kind) or _first_line(cause))


def _of_sqlite(cause: sqlite3.Error) -> Failure:
    code = getattr(cause, "sqlite_errorcode", None)
    if code is None:  # the driver itself does not take a value
        return Failure("refused", type(cause).__name__)
    if code == sqlite3.SQLITE_READONLY_DBMOVED:
        return Failure("outdated", REASONS["outdated"])
    kind = _SQLITE_KINDS.get(code & 0xFF, "unavailable")
    return Failure(kind, REASONS.get(kind) or _first_line(cause))


def _first_line(cause: BaseException | None) -> str:
    """What the driver says; a connection's error names host and user, but no password."""
    lines = str(cause).strip().splitlines()
    return lines[0] if lines else type(cause).__name__
