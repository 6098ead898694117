"""Contents of files, made alike wherever their text comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from promptls.references.files.measuring import MeasuredText, measure_text, shift_lines
from promptls.references.files.text_stages import LineCut, without_final_break
from promptls.references.files.uris import file_key, to_uri
from promptls.references.model import Content, Level, Notice, Reading

BOM = "\ufeff"
Lines = tuple[int, int | None]
"""The first and the last line (counted from 1) that are wanted; last None: to the end."""


def content_of_file(
    path: str,
    name: str,
    lines: Lines | None,
    measured: MeasuredText,
    level: Level,
    notices: tuple[Notice, ...] = (),
    fetched_at: float | None = None,
) -> Content:
    """A content of the file with this real path."""
    parts = measured.parts
    if lines is not None and lines[0] > 1:
        parts = shift_lines(parts, lines[0] - 1)
    return Content(
        key=file_key(path, lines),
        name=name,
        hash=measured.hash,
        parts=parts,
        size=measured.size,
        path=Path(path),
        uri=to_uri(path),
        level=level,
        fetched_at=fetched_at,
        notices=notices,
    )


def content_of_text(
    path: str, name: str, lines: Lines | None, text: str, reading: Reading
) -> Content:
    """A content of a file as it stands in an editor; TokenError when it cannot be counted."""
    pieces, cut = brought_in([text.removeprefix(BOM)], lines)
    measured = measure_text(pieces, reading.engine, reading.dialect)
    return content_of_file(path, name, lines, measured, "editor", missing_lines(name, lines, cut))


def text_brought_in(text: str, lines: Lines | None) -> str:
    """What of a text that is at hand goes into a prompt."""
    pieces, _ = brought_in([text.removeprefix(BOM)], lines)
    return "".join(pieces)


def brought_in(pieces: Iterable[str], lines: Lines | None) -> tuple[Iterator[str], LineCut | None]:
    """What of a text goes into a prompt: the lines that are wanted, without a final break."""
    cut = None if lines is None else LineCut(*lines)
    return without_final_break(pieces if cut is None else cut.apply(pieces)), cut


def missing_lines(name: str, lines: Lines | None, cut: LineCut | None) -> tuple[Notice, ...]:
    """Tells, once the text is read, that it has no such lines."""
    if lines is None or cut is None or cut.lines_seen >= lines[0]:
        return ()
    message = (
        f"`{name}` has {cut.lines_seen:,} lines and none of number {lines[0]:,}, so nothing is "
        "brought in. Correct `lines`."
    )
    return (Notice("reference/bad-option", message),)
