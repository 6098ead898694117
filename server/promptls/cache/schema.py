"""Making the tables, and making them anew where another version has made them."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, MetaData, inspect, text

from promptls.cache.database import WRITES
from promptls.cache.failures import DatabaseFailedError
from promptls.cache.tables import SCHEMA_VERSION, Base

APPLICATION_ID = 0x70726C73
"""`prls`: marks an SQLite file as ours (https://www.sqlite.org/pragma.html#pragma_application_id)."""
_LOCK = 0x70726C73
"""PostgreSQL's advisory lock while tables are made."""
_VERSION_TABLE = "promptls_schema"
_FOREIGN = "it holds what another program has put there"


def sqlite_version(connection: Connection) -> int:
    """The version of the tables in an SQLite file; 0 without any."""
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def postgresql_version(connection: Connection) -> int:
    """The version of the tables in a PostgreSQL database; 0 without any."""
    if connection.execute(text(f"SELECT to_regclass('{_VERSION_TABLE}')")).scalar_one() is None:
        return 0
    query = text(f"SELECT max(version) FROM {_VERSION_TABLE}")  # noqa: S608 - a constant
    return connection.execute(query).scalar_one() or 0


def prepare_sqlite(engine: Engine, *, is_ours: bool) -> None:
    """Make the tables of an SQLite file where they are not there as this version knows them.

    `is_ours` allows to drop tables that promptls does not know. Raises DatabaseFailedError.
    """
    with engine.connect() as connection:
        if _is_ready(connection, is_ours=is_ours):
            return
        # Both have an effect only before there is a table, and outside of transactions.
        connection.exec_driver_sql("PRAGMA auto_vacuum = INCREMENTAL")
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        if _is_ready(connection, is_ours=is_ours):  # by now, through another process
            return
        present = MetaData()
        present.reflect(connection)
        present.drop_all(connection)
        Base.metadata.create_all(connection)
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")


def prepare_postgresql(engine: Engine) -> None:
    """Make the tables of a PostgreSQL database as prepare_sqlite does, but drop only its own."""
    with engine.connect() as connection:
        if _is_current(postgresql_version(connection)):
            return
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        if _is_current(postgresql_version(connection)):  # by now, through another process
            return
        Base.metadata.drop_all(connection)
        Base.metadata.create_all(connection)
        connection.execute(text(f"DROP TABLE IF EXISTS {_VERSION_TABLE}"))
        connection.execute(text(f"CREATE TABLE {_VERSION_TABLE} (version integer NOT NULL)"))
        connection.execute(
            text(f"INSERT INTO {_VERSION_TABLE} VALUES (:version)"),  # noqa: S608 - a constant
            {"version": SCHEMA_VERSION},
        )


def _is_ready(connection: Connection, *, is_ours: bool) -> bool:
    mark = int(connection.exec_driver_sql("PRAGMA application_id").scalar_one())
    if mark != APPLICATION_ID and not is_ours and inspect(connection).get_table_names():
        raise DatabaseFailedError("unavailable", _FOREIGN)
    return _is_current(sqlite_version(connection)) and mark == APPLICATION_ID


def _is_current(version: int) -> bool:
    if version > SCHEMA_VERSION:
        raise DatabaseFailedError("newer")
    return version == SCHEMA_VERSION
