"""Where the names of variables and endpoints are defined."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from promptls.findings import Range
from promptls.lsp.uris import to_uri
from promptls.settings.settings_file import PYPROJECT_TOML, read_bytes
from promptls.text import PositionEncoding
from promptls.text.lines import line_starts
from promptls.text.units import count_units

if TYPE_CHECKING:
    from promptls.lsp.open_document import OpenDocument

_LINES_MAX = 2_000
"""Lines of front matter that are looked at."""
_LINE_MAX = 1_000
_TOP_LEVEL = re.compile(r"""["']?([A-Za-z_][\w-]*)["']?[ \t]*:""")
_RANKS = {"input": 1, "inputs": 2, "sample": 3}
"""The keys of front matter that give values, the one that counts last (`read_samples`)."""


class Place(NamedTuple):
    """A place in a file, in code units of the session's encoding."""

    uri: str
    range: Range


def in_front_matter(document: OpenDocument, name: str) -> Place | None:
    """The line of a document's front matter that gives a variable its value."""
    context = document.context
    lines = document.prompt.outline.front_matter
    if context is None or lines is None or name not in context.declared.samples:
        return None
    buffer = document.prompt.buffer
    # What is inside of a table has a dotted name, and a key that is its last part.
    key = re.escape(name.rpartition(".")[2])
    defines = re.compile(
        rf"""[ \t]*(?:-[ \t]+)?(?:["']?name["']?[ \t]*:[ \t]*["']?(?P<listed>{key})["']?[ \t]*$"""
        rf"""|(?:.*[{{,][ \t]*)?["']?(?P<key>{key})["']?[ \t]*:)"""
    )
    top = ""
    best: tuple[int, Range] | None = None
    for line in range(lines[0] + 1, min(lines[1], lines[0] + _LINES_MAX)):
        text = buffer.line_text(line, _LINE_MAX)
        opening = _TOP_LEVEL.match(text)
        start = 0
        if opening is not None:
            top, start = opening[1], opening.end()
        rank = _RANKS.get(top, 0)
        if rank > (0 if best is None else best[0]) and (found := defines.match(text, start)):
            at = found.start(found.lastgroup or 0)
            column = count_units(text[:at], buffer.encoding)
            best = rank, Range.of(line, column, line, column)
    return None if best is None else Place(document.uri, best[1])


def in_settings(
    files: Iterable[Path], path: tuple[str, str], encoding: PositionEncoding
) -> Place | None:
    """The key of the nearest settings file that has this path; reads files."""
    from promptls.settings.toml_keys import TooDeepError, locate_keys

    for file in files:
        data = read_bytes(file)
        if not isinstance(data, bytes):
            continue
        under = ("tool", "promptls") if file.name == PYPROJECT_TOML else ()
        text = data.decode("utf-8-sig", "replace").replace("\r\n", "\n")
        try:
            offsets = locate_keys(text, under).offsets
        except TooDeepError:
            continue
        table, name = path
        for key in ((*under, table, name), (*under, table, *name.split("."))):
            if key in offsets:
                return Place(to_uri(file), _range(text, offsets[key], encoding))
    return None


def _range(text: str, span: tuple[int, int], encoding: PositionEncoding) -> Range:
    starts = line_starts(text)
    places = []
    for offset in span:
        line = bisect_right(starts, offset) - 1
        places += [line, count_units(text[starts[line] : offset], encoding)]
    return Range.of(*places)
