"""The references of an open document as its features see them: in lines, in code units."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from lsprotocol import types

from promptls.report.references import Located, locate

if TYPE_CHECKING:
    from promptls.lsp.open_document import OpenDocument
    from promptls.lsp.session import Session

T = TypeVar("T")

_HERE_MAX = 200
"""Lines with references whose view is made on the loop (about 1 ms)."""
_TO_THE_END = 1 << 31


def located(document: OpenDocument, first: int, last: int) -> list[Located]:
    """The references of the lines from `first` to `last`; for a few lines."""
    prompt = document.prompt
    places = [(place, prompt.line_of(place)) for place in prompt.placed_between(first, last)]
    return list(locate(places, prompt.buffer.encoding))


def located_at(document: OpenDocument, position: types.Position) -> Located | None:
    """The reference at a position; at its end as well, where the cursor is after typing it."""
    behind = None
    for one in located(document, position.line, position.line):
        if one.range.start.character <= position.character < one.range.end.character:
            return one
        if one.range.end.character == position.character:
            behind = one
    return behind


async def view_of(
    session: Session,
    document: OpenDocument,
    make: Callable[[list[Located]], T],
    first: int = 0,
    last: int = _TO_THE_END,
) -> T:
    """What `make` makes of the references of some lines; elsewhere, where there are many.

    `make` gets them as they are now, whatever is edited meanwhile.
    """
    prompt = document.prompt
    encoding = prompt.buffer.encoding
    places = [
        (place.frozen(), prompt.line_of(place)) for place in prompt.placed_between(first, last)
    ]
    if len(places) <= _HERE_MAX:
        return make(list(locate(places, encoding)))
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(
        session.counting.executor, lambda: make(list(locate(places, encoding)))
    )
