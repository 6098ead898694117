"""How records become rows, and rows records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import islice
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, bindparam, select

from promptls.cache.records import CountKey, CountRecord, FetchKey, FetchRecord, FileRecord
from promptls.cache.tables import Base, FetchedContent, KnownFile, TokenCount

K = TypeVar("K", CountKey, FetchKey, str)
R = TypeVar("R", CountRecord, FetchRecord, FileRecord)

_CHUNK = 500
"""Keys in one query; SQLite takes 32,766 parameters, PostgreSQL 65,535."""


class Rows(Generic[K, R]):
    """The rows of one kind of records."""

    model: type[Base]

    def address(self, key: K) -> dict[str, Any]:
        """The columns that are the key of a row."""
        raise NotImplementedError

    def values(self, record: R) -> dict[str, Any]:
        """All columns of a row."""
        raise NotImplementedError

    def read(self, connection: Connection, keys: Iterable[K]) -> dict[K, R]:
        """The records of those keys that there are."""
        raise NotImplementedError


class CountRows(Rows[CountKey, CountRecord]):
    """Counts: keys that are short as they are."""

    model = TokenCount
    _query = select(
        TokenCount.content_hash,
        TokenCount.tokens,
        TokenCount.size,
        TokenCount.head,
        TokenCount.tail,
        TokenCount.parts,
        TokenCount.used_at,
    ).where(
        TokenCount.content_hash.in_(bindparam("hashes", expanding=True)),
        TokenCount.encoding == bindparam("encoding"),
        TokenCount.reading == bindparam("reading"),
    )

    def address(self, key: CountKey) -> dict[str, Any]:
        """The key as it is."""
        return key._asdict()

    def values(self, record: CountRecord) -> dict[str, Any]:
        """The record as it is."""
        return {
            **record.key._asdict(),
            "tokens": record.tokens,
            "size": record.size,
            "head": record.head,
            "tail": record.tail,
            "parts": record.parts,
            "weight": record.weight,
            "used_at": record.used_at,
        }

    def read(self, connection: Connection, keys: Iterable[CountKey]) -> dict[CountKey, CountRecord]:
        """Read those that agree in all but the hash together."""
        groups: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for key in keys:
            groups[key.encoding, key.reading].append(key.content_hash)
        found: dict[CountKey, CountRecord] = {}
        for (encoding, reading), hashes in groups.items():
            for chunk in _chunks(hashes):
                arguments = {"hashes": chunk, "encoding": encoding, "reading": reading}
                for row in connection.execute(self._query, arguments):
                    content_hash, tokens, size, head, tail, parts, used_at = row
                    key = CountKey(content_hash, encoding, reading)
                    found[key] = CountRecord(*key, tokens, size, head, tail, parts, used_at)
        return found


class FileRows(Rows[str, FileRecord]):
    """Files, by a digest of the path on the machine that it belongs to."""

    model = KnownFile
    _query = select(
        KnownFile.key,
        KnownFile.stamp,
        KnownFile.content_hash,
        KnownFile.notices,
        KnownFile.used_at,
    ).where(KnownFile.key.in_(bindparam("digests", expanding=True)))

    def __init__(self, scope: str) -> None:
        self._scope = scope

    def address(self, key: str) -> dict[str, Any]:
        """The digest of a path."""
        return {"key": digest(self._scope, key)}

    def values(self, record: FileRecord) -> dict[str, Any]:
        """The record, without the path."""
        return {
            **self.address(record.path),
            "stamp": record.stamp,
            "content_hash": record.content_hash,
            "notices": record.notices,
            "weight": record.weight,
            "used_at": record.used_at,
        }

    def read(self, connection: Connection, keys: Iterable[str]) -> dict[str, FileRecord]:
        """Read them by their digests."""
        paths = {digest(self._scope, path): path for path in keys}
        found: dict[str, FileRecord] = {}
        for chunk in _chunks(list(paths)):
            rows = connection.execute(self._query, {"digests": chunk})
            for key, stamp, content_hash, notices, used_at in rows:
                path = paths[key]
                found[path] = FileRecord(path, stamp, content_hash, notices, used_at)
        return found


class FetchRows(Rows[FetchKey, FetchRecord]):
    """Answers, by a digest of the request."""

    model = FetchedContent
    _query = select(
        FetchedContent.status,
        FetchedContent.body,
        FetchedContent.charset,
        FetchedContent.etag,
        FetchedContent.last_modified,
        FetchedContent.fetched_at,
        FetchedContent.expires_at,
        FetchedContent.used_at,
    ).where(FetchedContent.key == bindparam("digest"))

    def address(self, key: FetchKey) -> dict[str, Any]:
        """The digest of a request."""
        return {"key": digest(*key)}

    def values(self, record: FetchRecord) -> dict[str, Any]:
        """The record, without the request."""
        return {
            **self.address(record.key),
            "status": record.status,
            "body": record.body,
            "charset": record.charset,
            "etag": record.etag,
            "last_modified": record.last_modified,
            "fetched_at": record.fetched_at,
            "expires_at": record.expires_at,
            "weight": record.weight,
            "used_at": record.used_at,
        }

    def read(self, connection: Connection, keys: Iterable[FetchKey]) -> dict[FetchKey, FetchRecord]:
        """Read one after another: they are asked for singly, and may be large."""
        found: dict[FetchKey, FetchRecord] = {}
        for key in keys:
            rows = connection.execute(self._query, {"digest": digest(*key)})
            for status, body, charset, etag, last_modified, fetched_at, expires_at, used_at in rows:
                found[key] = FetchRecord(
                    *key,
                    status,
                    body,
                    charset,
                    etag,
                    last_modified,
                    fetched_at,
                    expires_at,
                    used_at,
                )
        return found


def digest(*texts: str) -> str:
    """BLAKE2b-128 of texts, in hexadecimal; no two lists of texts are joined to the same."""
    hashed = blake2b(digest_size=16)
    for text in texts:
        data = text.encode("utf-8", "surrogatepass")
        hashed.update(b"%d:" % len(data))
        hashed.update(data)
    return hashed.hexdigest()


def _chunks(values: Sequence[str]) -> Iterator[list[str]]:
    rest = iter(values)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk
