"""What a database holds, read without the code that wrote it, against tiktoken."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import subprocess
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.lsp.editor import environment
from tests.lsp.wire import python
from tests.oracles.reference_encodings import reference_count


def database_of(home: Path) -> Path:
    """The SQLite file of a server that was started with `running(home)`."""
    return Path(environment(home)["XDG_CACHE_HOME"]) / "promptls" / "promptls-cache.sqlite3"


def wrong_counts(database: Path, texts: Iterable[str]) -> tuple[int, list[str]]:
    """How many counts a database holds of these texts, and what is not true of them."""
    known = {hashlib.blake2b(text.encode(), digest_size=16).hexdigest(): text for text in texts}
    wrong = []
    with closing(sqlite3.connect(database)) as connection:
        integrity = connection.execute("PRAGMA integrity_check").fetchall()
        if integrity != [("ok",)]:
            wrong.append(str(integrity))
        tables = connection.execute("SELECT name FROM sqlite_master").fetchall()
        if ("promptls_token_count",) not in tables:
            return 0, wrong  # killed before it was made
        rows = connection.execute(
            "SELECT content_hash, encoding, tokens, size, head, tail, parts "
            "FROM promptls_token_count"
        ).fetchall()
    for content_hash, encoding, tokens, size, head, tail, parts in rows:
        text = known.get(content_hash)
        if text is None:
            wrong.append(f"{content_hash} is of no text")
            continue
        if parts is None:
            counted = _total(encoding, bytes(head).decode(), tokens, bytes(tail).decode())
            if counted != reference_count(encoding, text):
                wrong.append(f"{content_hash}: {counted} tokens")
        elif not _true_parts(encoding, json.loads(parts), text):
            wrong.append(f"{content_hash}: its parts")
        if size != len(text.encode()):
            wrong.append(f"{content_hash}: {size} bytes")
    return len(rows), wrong


def _true_parts(encoding: str, rows: list[list[Any]], text: str) -> bool:
    """Whether these are the measures and references of a text, one after another."""
    data = text.encode()
    at = 0
    for row in rows:
        if len(row) == 4:
            head, tokens, tail, size = row
            piece = data[at : at + size].decode()
            if _total(encoding, head, tokens, tail) != reference_count(encoding, piece):
                return False
            at += size
        else:
            written = text[row[1] : row[1] + row[3] - row[2]].encode()
            if data[at : at + len(written)] != written:
                return False
            at += len(written)
    return at == len(data)


def _total(encoding: str, head: str, tokens: int | None, tail: str) -> int:
    if tokens is None:
        return reference_count(encoding, head)
    return reference_count(encoding, head) + tokens + reference_count(encoding, tail)


def stats(home: Path, url: str | None = None) -> dict[str, Any]:
    """What `promptls cache stats` says."""
    options = [] if url is None else ["--database", url]
    done = subprocess.run(
        python("-m", "promptls", "cache", "stats", "--format", "json", *options),
        capture_output=True,
        env={**os.environ, **environment(home)},
        check=True,
        timeout=60,
    )
    said: dict[str, Any] = json.loads(done.stdout)
    return said
