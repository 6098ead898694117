"""Opening the database at a location, and setting it aside."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from promptls.cache.failures import DatabaseFailedError
from promptls.cache.location import Location

if TYPE_CHECKING:
    from promptls.cache.database import Database
    from promptls.cache.sqlite_file import Identity

_UNKNOWN = "its URL must be sqlite:///<file> or postgresql://<server>/<name>"


class File(NamedTuple):
    """Which file a database is in."""

    path: Path
    identity: Identity


@dataclass(frozen=True, slots=True)
class Opened:
    """A database that is ready, with which file it is."""

    database: Database
    file: File | None


class OpeningFailedError(Exception):
    """The database cannot be used; `cause` is what the driver raised."""

    def __init__(self, cause: Exception, file: File | None) -> None:
        super().__init__(type(cause).__name__)
        self.cause = cause
        self.file = file


def open_database(location: Location) -> Opened:
    """Open the database, with its tables made. Raises OpeningFailedError.

    The first time in a process this imports SQLAlchemy, which takes 0.2 s.
    """
    if location.kind == "unknown":
        raise OpeningFailedError(DatabaseFailedError("unavailable", _UNKNOWN), None)
    from promptls.cache.database import Database
    from promptls.cache.schema import (
        postgresql_version,
        prepare_postgresql,
        prepare_sqlite,
        sqlite_version,
    )

    file: File | None = None
    database: Database | None = None
    try:
        if location.path is not None:
            from promptls.cache.sqlite_file import create_file, sqlite_engine

            file = File(location.path, create_file(location.path))
            engine = sqlite_engine(location.path)
            database = Database(engine, location.file_scope, sqlite_version)
            prepare_sqlite(engine, is_ours=location.is_ours)
        else:
            from promptls.cache.postgresql_server import postgresql_engine

            engine = postgresql_engine(location.url or "")
            database = Database(engine, location.file_scope, postgresql_version)
            prepare_postgresql(engine)
    except Exception as error:  # drivers raise what they like
        if database is not None:
            database.close()
        raise OpeningFailedError(error, file) from error
    return Opened(database, file)


def set_aside_file(file: File) -> Path | None:
    """Rename a damaged file; None when another process has done so. Raises OSError."""
    from promptls.cache.sqlite_file import set_aside

    return set_aside(*file)
