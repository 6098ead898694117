"""A PostgreSQL server, for a team that shares one cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import ArgumentError

from promptls.cache.failures import DatabaseFailedError

if TYPE_CHECKING:
    import psycopg

_STATEMENT_TIMEOUT = 5000
"""Milliseconds."""
_CONNECT_TIMEOUT = 3
"""Seconds."""
_NO_DRIVER = "its driver is not installed; install `promptls[postgresql]`"


def postgresql_engine(url: str) -> Engine:
    """An engine with few connections that gives up on a server that does not answer."""
    try:
        engine = create_engine(
            url,
            pool_size=2,
            max_overflow=4,
            pool_timeout=_CONNECT_TIMEOUT,
            connect_args={
                "connect_timeout": _CONNECT_TIMEOUT,
                "keepalives_idle": 5,
                "keepalives_interval": 2,
                "keepalives_count": 2,
                "tcp_user_timeout": _STATEMENT_TIMEOUT,
            },
        )
    except ImportError as error:
        raise DatabaseFailedError("unavailable", _NO_DRIVER) from error
    except (ArgumentError, ValueError) as error:
        raise DatabaseFailedError("unavailable", "its URL cannot be read") from error

    @event.listens_for(engine, "connect")
    def configure(connection: psycopg.Connection, _record: object) -> None:
        # Set here, not as a start-up option: connection poolers refuse those.
        with connection.cursor() as cursor:
            cursor.execute(f"SET statement_timeout = {_STATEMENT_TIMEOUT}")
        connection.commit()

    return engine
