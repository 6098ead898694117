"""An open database: reads, and writes that each are one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Float,
    and_,
    bindparam,
    cast,
    delete,
    extract,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects import sqlite

from promptls.cache.failures import DatabaseFailedError
from promptls.cache.records import CountKey, CountRecord, FetchKey, FetchRecord, FileRecord
from promptls.cache.rows import CountRows, FetchRows, FileRows, K, R, Rows, digest
from promptls.cache.shelf import Gone, Used
from promptls.cache.shelves import Batch
from promptls.cache.stats import Traffic
from promptls.cache.tables import RECORD_TABLES, SCHEMA_VERSION, Base, Counter, Lease

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

LEASE_MAX = 3600.0
"""Seconds; a lease that ends later was made by a clock that is wrong."""

WRITES = "promptls_writes"
"""The execution option of a connection that is going to write."""

_SHRINK = "PRAGMA incremental_vacuum(2000)"
"""2,000 pages (8 MB) at a time, so that others can write in between."""
_USED_BYTES = """SELECT (page_count - freelist_count) * page_size
FROM pragma_page_count, pragma_freelist_count, pragma_page_size"""


class Database:
    """Statements for one engine; raises what the driver raises. For any number of threads."""

    def __init__(
        self, engine: Engine, file_scope: str, version: Callable[[Connection], int]
    ) -> None:
        self.engine = engine
        self._writing = engine.execution_options(**{WRITES: True})
        self._version = version
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._counts = CountRows()
        self._files = FileRows(file_scope)
        self._fetches = FetchRows()

    def close(self) -> None:
        """Close the connections that nobody uses; the others when they are given back."""
        self.engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that may write, in tables that are still as this version knows them."""
        with self._writing.begin() as connection:
            if self._version(connection) != SCHEMA_VERSION:
                raise DatabaseFailedError("outdated")
            yield connection

    def counts(self, keys: Iterable[CountKey]) -> dict[CountKey, CountRecord]:
        """Those counts that there are."""
        with self.engine.connect() as connection:
            return self._counts.read(connection, keys)

    def files(self, paths: Iterable[str]) -> dict[str, FileRecord]:
        """Those files that there are."""
        with self.engine.connect() as connection:
            return self._files.read(connection, paths)

    def fetches(self, keys: Iterable[FetchKey]) -> dict[FetchKey, FetchRecord]:
        """Those answers that there are."""
        with self.engine.connect() as connection:
            return self._fetches.read(connection, keys)

    def write(self, batch: Batch) -> int:
        """Write changes, all of them or none; gives how many."""
        with self.writing() as connection:
            self._change(connection, self._counts, batch.counts)
            self._change(connection, self._files, batch.files)
            self._change(connection, self._fetches, batch.fetches)
            self._add(connection, batch.traffic)
        return len(batch)

    def acquire_lease(self, key: str, owner: str, now: float, seconds: float) -> bool:
        """Take a lease that nobody has, or lengthen one's own."""
        clock = self._clock(now)
        statement = self._upserting(Lease).values(
            key=digest(key), owner=owner, expires_at=clock + min(seconds, LEASE_MAX)
        )
        free = or_(
            Lease.expires_at <= clock, Lease.expires_at > clock + LEASE_MAX, Lease.owner == owner
        )
        statement = statement.on_conflict_do_update(
            index_elements=["key"],
            set_={"owner": statement.excluded.owner, "expires_at": statement.excluded.expires_at},
            where=free,
        )
        with self.writing() as connection:
            # Drivers tell it of an INSERT only when they are asked to.
            options = {"preserve_rowcount": True}
            return connection.execute(statement, execution_options=options).rowcount == 1

    def release_lease(self, key: str, owner: str) -> int:
        """Give a lease back, if it is still the owner's; gives how many it gave back."""
        statement = delete(Lease).where(Lease.key == digest(key), Lease.owner == owner)
        with self.writing() as connection:
            return connection.execute(statement).rowcount

    def clear(self) -> int:
        """Remove every record and set the counters to zero; gives how many records there were."""
        with self.writing() as connection:
            connection.execute(delete(Counter))
            return sum(connection.execute(delete(model)).rowcount for model in RECORD_TABLES)

    def rows(self) -> dict[str, int]:
        """How many records each table has."""
        with self.engine.connect() as connection:
            return {
                model.__tablename__: connection.execute(
                    select(func.count()).select_from(model)
                ).scalar_one()
                for model in RECORD_TABLES
            }

    def traffic(self) -> Traffic:
        """What all processes have asked for."""
        with self.engine.connect() as connection:
            rows = connection.execute(select(Counter.name, Counter.value)).all()
        known = asdict(Traffic())
        return Traffic(**{name: value for name, value in rows if name in known})

    def size(self) -> int:
        """Bytes that the tables take, with their indexes."""
        with self.engine.connect() as connection:
            if self._is_sqlite:
                return int(connection.execute(text(_USED_BYTES)).scalar_one())
            sizes = [func.pg_total_relation_size(model.__tablename__) for model in RECORD_TABLES]
            return sum(connection.execute(select(*sizes)).one())

    def shrink(self) -> int:
        """Give the room of removed rows back to the system; gives how many pages.

        PostgreSQL does so by itself.
        """
        if not self._is_sqlite:
            return 0
        freed = 0
        while True:
            with self.engine.connect() as connection:
                before = self._free_pages(connection)
                # A cursor's `execute` would free one page; a script runs to its end.
                connection.connection.cursor().executescript(_SHRINK)
                less = before - self._free_pages(connection)
            freed += less
            if less <= 0:
                return freed

    def _free_pages(self, connection: Connection) -> int:
        return int(connection.exec_driver_sql("PRAGMA freelist_count").scalar_one())

    def _clock(self, now: float) -> float | ColumnElement[float]:
        """The time that all users of the database share."""
        return now if self._is_sqlite else cast(extract("epoch", func.clock_timestamp()), Float(53))

    def _upserting(self, model: type[Base]) -> sqlite.Insert | postgresql.Insert:
        if self._is_sqlite:
            return sqlite.insert(model)
        # Imported for a tenth of a second that most need not spend.
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(model)

    def _change(
        self, connection: Connection, rows: Rows[K, R], changes: Mapping[K, R | Used | Gone]
    ) -> None:
        table = rows.model.__table__
        keys = [column.name for column in table.primary_key]
        puts: list[dict[str, Any]] = []
        uses: list[dict[str, Any]] = []
        removals: list[dict[str, Any]] = []
        for key, change in changes.items():
            if isinstance(change, Used):
                uses.append({**_bound(rows.address(key)), "at": change.at})
            elif isinstance(change, Gone):
                removals.append(_bound(rows.address(key)))
            else:
                puts.append(rows.values(change))
        where = and_(*(table.c[name] == bindparam(f"key_{name}") for name in keys))
        if puts:
            statement = self._upserting(rows.model)
            others = {c.name: statement.excluded[c.name] for c in table.c if c.name not in keys}
            # In one order everywhere, so that two processes never wait for each other's rows.
            puts.sort(key=lambda row: [row[name] for name in keys])
            connection.execute(
                statement.on_conflict_do_update(index_elements=keys, set_=others), puts
            )
        if uses:
            uses.sort(key=lambda row: [row[f"key_{name}"] for name in keys])
            older = table.c.used_at < bindparam("at")
            connection.execute(
                update(rows.model).where(where, older).values(used_at=bindparam("at")), uses
            )
        if removals:
            removals.sort(key=lambda row: [row[f"key_{name}"] for name in keys])
            connection.execute(delete(rows.model).where(where), removals)

    def _add(self, connection: Connection, traffic: Traffic) -> None:
        added = [{"name": name, "value": value} for name, value in asdict(traffic).items() if value]
        if added:
            statement = self._upserting(Counter)
            total = Counter.value + statement.excluded.value
            connection.execute(
                statement.on_conflict_do_update(index_elements=["name"], set_={"value": total}),
                sorted(added, key=lambda row: row["name"]),
            )


def _bound(address: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters for a key; their names must not be those of columns."""
    return {f"key_{name}": value for name, value in address.items()}
