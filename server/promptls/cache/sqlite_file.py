"""The SQLite file: readable by its owner alone, in WAL mode, set aside when it is damaged."""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from contextlib import suppress
from glob import escape
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import URL, Connection, Engine, create_engine, event

from promptls.cache.database import WRITES
from promptls.cache.failures import DatabaseFailedError

BUSY_TIMEOUT = 2000
"""Milliseconds that a statement waits for another process's lock."""
_WAL_BYTES = 16_000_000
"""The log is cut back to this after it was emptied into the file."""
_COMPANIONS = ("-wal", "-shm")


class Identity(NamedTuple):
    """Which file it is, whatever its name."""

    device: int
    inode: int


def create_file(path: Path) -> Identity:
    """Make the file and its folder if they are not there; close it to others. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        if not path.is_file():  # a pipe would be waited for
            raise DatabaseFailedError("unavailable", "it is not a regular file") from None
    found = path.stat()
    if os.name == "posix" and found.st_uid == os.geteuid():
        for name in (path, *_companions(path)):
            with suppress(FileNotFoundError):  # the last process that closes removes the log
                if stat.S_IMODE(name.stat().st_mode) & 0o077:
                    name.chmod(0o600)
    return Identity(found.st_dev, found.st_ino)


def sqlite_engine(path: Path) -> Engine:
    """An engine whose transactions begin as SQLite's own do; those that write lock at once."""
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        connect_args={"isolation_level": None, "timeout": BUSY_TIMEOUT / 1000},
        pool_timeout=BUSY_TIMEOUT / 1000,
    )

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in (
            "synchronous = NORMAL",
            f"journal_size_limit = {_WAL_BYTES}",
            "temp_store = MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that read first could not wait for the lock: it would fail at once.
        if connection.get_execution_options().get(WRITES):
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def set_aside(path: Path, identity: Identity) -> Path | None:
    """Rename a damaged file and its log; None when another process has done so. Raises OSError."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    if Identity(found.st_dev, found.st_ino) != identity:
        return None
    for old in path.parent.glob(f"{escape(path.name)}.corrupt-*"):
        old.unlink(missing_ok=True)  # one is enough to look at
    aside = path.with_name(f"{path.name}.corrupt-{time.strftime('%Y%m%dT%H%M%S')}")
    path.rename(aside)
    for suffix in _COMPANIONS:
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(aside.with_name(aside.name + suffix))
    return aside


def _companions(path: Path) -> tuple[Path, ...]:
    return tuple(path.with_name(path.name + suffix) for suffix in _COMPANIONS)
