"""What the cache knows of files and texts, as contents."""

from __future__ import annotations

import json
from collections.abc import Hashable, Sequence

from promptls.cache import Cache, CountKey, CountRecord, FileRecord
from promptls.prompts.dialects import Dialect
from promptls.references.files.contents import content_of_file
from promptls.references.files.locating import Located
from promptls.references.files.measuring import MeasuredText
from promptls.references.files.stamps import Stamp
from promptls.references.model import Content, Notice, Part
from promptls.references.skeletons import dump_parts, load_parts, reading_name
from promptls.tokens.engine import Engine
from promptls.tokens.measure import Measure

RECORD_MAX = 4 << 20
"""Bytes of one record; a content that needs more is counted again after a restart."""


class RememberedCounts:
    """Files by their state and texts by their hash, in the cache."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def contents(self, located: Sequence[Located]) -> dict[Hashable, Content]:
        """The contents of those files that need not be read, by the keys of `located`."""
        whole = [one for one in located if one.lines is None and _is_storable(one.path)]
        records = self._cache.get_files([one.path for one in whole]) if whole else {}
        wanted: list[tuple[Located, FileRecord, CountKey]] = []
        for one in whole:
            record = records.get(one.path)
            if record is not None and record.stamp == one.stamp.text():
                key = _count_key(record.content_hash, one.engine, one.dialect)
                wanted.append((one, record, key))
        counts = self._cache.get_counts([key for _, _, key in wanted]) if wanted else {}
        found: dict[Hashable, Content] = {}
        for one, record, key in wanted:
            entry = counts.get(key)
            if entry is None:
                continue
            count, level = entry
            measured, notices = _measured(count), _load_notices(record.notices)
            if measured is not None and notices is not None:
                found[one.key] = content_of_file(one.path, one.name, None, measured, level, notices)
        return found

    def texts(
        self, wanted: Sequence[tuple[str, Engine, Dialect | None]]
    ) -> list[MeasuredText | None]:
        """What is known of texts with these hashes, in their order."""
        keys = [_count_key(*one) for one in wanted]
        counts = self._cache.get_counts(keys) if keys else {}
        return [None if (one := counts.get(key)) is None else _measured(one[0]) for key in keys]

    def keep_text(self, measured: MeasuredText, engine: Engine, dialect: Dialect | None) -> None:
        """Remember a text."""
        key = _count_key(measured.hash, engine, dialect)
        only = measured.parts[0]
        if len(measured.parts) == 1 and isinstance(only, Measure) and _is_plain(only):
            record = CountRecord(*key, only.tokens, only.size, only.head, only.tail)
        else:
            parts = dump_parts(measured.parts)
            record = CountRecord(*key, None, measured.size, "", "", parts)
        if record.weight <= RECORD_MAX:
            self._cache.put_count(record)

    def keep_file(self, path: str, stamp: Stamp, content: Content) -> None:
        """Remember what a whole file held in the state that it was read in."""
        if _is_storable(path):
            notices = _dump_notices(content.notices)
            self._cache.put_file(FileRecord(path, stamp.text(), content.hash, notices))


def _count_key(content_hash: str, engine: Engine, dialect: Dialect | None) -> CountKey:
    return CountKey(content_hash, engine.encoding.name, reading_name(dialect))


def _measured(record: CountRecord) -> MeasuredText | None:
    """What a record says of its text; None where it is not understood."""
    parts: tuple[Part, ...] | None
    if record.parts is None:
        parts = (Measure(record.head, record.tokens, record.tail, record.size),)
    else:
        parts = load_parts(record.parts)
    return None if parts is None else MeasuredText(record.content_hash, record.size, parts)


def _is_plain(measure: Measure) -> bool:
    """Whether its texts may stand in a column of text, which holds no NUL in PostgreSQL."""
    return "\0" not in measure.head and "\0" not in measure.tail


def _is_storable(path: str) -> bool:
    """Whether a path may stand in a column of text: its name may be in no encoding."""
    return path.isascii() or not any("\ud800" <= character <= "\udfff" for character in path)


def _dump_notices(notices: tuple[Notice, ...]) -> str:
    if not notices:
        return ""
    return json.dumps([[notice.code, notice.message] for notice in notices])


def _load_notices(text: str) -> tuple[Notice, ...] | None:
    if not text:
        return ()
    try:
        return tuple(Notice(code, message) for code, message in json.loads(text))
    except (ValueError, TypeError):
        return None
