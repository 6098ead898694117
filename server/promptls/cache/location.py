"""Where the database lies, found without opening it."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from promptls.cache.records import FetchKey

FILE_NAME = "promptls-cache.sqlite3"

_SQLITE = ("sqlite", "sqlite+pysqlite")
_POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")


@dataclass(frozen=True, slots=True)
class Location:
    """A database that can be opened, or one that never can."""

    kind: Literal["sqlite", "postgresql", "unknown"]
    shown: str
    """Its path, or its URL without a password."""
    path: Path | None = None
    """Of an SQLite file."""
    url: str | None = None
    """Of a PostgreSQL database, with its password."""
    is_ours: bool = False
    """The file lies where nobody but promptls puts one."""

    @property
    def is_shared(self) -> bool:
        """Whether other people read it."""
        return self.kind != "sqlite"

    @property
    def file_scope(self) -> str:
        """Whose paths the records of files are: a shared database has those of many machines."""
        return socket.gethostname() if self.is_shared else ""

    def may_hold(self, key: FetchKey) -> bool:
        """Whether an answer may be kept here: one that was given to its asker alone may not."""
        return not (key.authorisation_hash and self.is_shared)


def locate(url: str | None, folder: Path | None) -> Location | None:
    """Find the database of a URL; without one, a file in `folder` or the user's cache folder.

    None for `memory`: there is no database then.
    """
    if not url:
        return _file((folder or user_cache_folder()) / FILE_NAME, is_ours=True)
    if url == "memory":
        return None
    scheme, _, rest = url.partition("://")
    if scheme in _SQLITE and rest[:1] == "/":
        name = rest[1:].partition("?")[0]
        return None if name in ("", ":memory:") else _file(Path(name), is_ours=False)
    if scheme in _POSTGRESQL and rest:
        return Location("postgresql", _without_secrets(rest), url=f"postgresql+psycopg://{rest}")
    return Location("unknown", f"{scheme}://…" if rest else "(unreadable URL)")


def _file(path: Path, *, is_ours: bool) -> Location:
    path = path.expanduser().absolute()
    return Location("sqlite", str(path), path, is_ours=is_ours)


def user_cache_folder() -> Path:
    """Where this user's caches are, by the custom of the system."""
    from platformdirs import user_cache_path

    return user_cache_path("promptls", appauthor=False)


def _without_secrets(rest: str) -> str:
    """The URL without its password and its options, which may hold another."""
    try:
        parts = urlsplit(f"postgresql://{rest}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "postgresql://…"
    if "@" in parts.path:  # a password with a slash in it: nobody can tell what is what
        return "postgresql://…"
    host = f"[{host}]" if ":" in host else host
    user = f"{parts.username}@" if parts.username else ""
    return f"postgresql://{user}{host}{'' if port is None else f':{port}'}{parts.path}"
