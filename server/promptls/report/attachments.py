"""What references attach: sent behind the document, each content once, after a blank line."""

from __future__ import annotations

from promptls.prompts.mark_tree import CHARACTERS
from promptls.prompts.outline import Outline
from promptls.prompts.substitutions import is_site, site_of
from promptls.references.resolution import Resolution
from promptls.text import TextBuffer
from promptls.tokens.counter import IncrementalCounter
from promptls.tokens.measure import EMPTY, Measure, MeasureBuilder, total

SEPARATOR = "\n\n"


class Attachments:
    """The attached contents of one document, in the order of their references."""

    def __init__(self) -> None:
        self.resolutions: tuple[Resolution, ...] = ()
        self._joined: Measure | None = None

    def put(self, resolutions: tuple[Resolution, ...]) -> bool:
        """Take other contents; tells if they are others."""
        if resolutions == self.resolutions:
            return False
        self.resolutions, self._joined = resolutions, None
        return True

    def tokens(self, outline: Outline, buffer: TextBuffer, counter: IncrementalCounter) -> int:
        """Tokens that they add to the document as it stands."""
        if not self.resolutions:
            return 0
        engine = counter.engine
        if self._joined is None:
            builder = MeasureBuilder(engine)
            for resolution in self.resolutions:
                builder.add(SEPARATOR)
                builder.join(resolution.expanded or EMPTY)
            self._joined = builder.finish()
        end = _end(outline, buffer, counter)
        builder = MeasureBuilder(engine)
        builder.join(end)
        builder.join(self._joined)
        return total(builder.finish(), engine) - total(end, engine)


def _end(outline: Outline, buffer: TextBuffer, counter: IncrementalCounter) -> Measure:
    """The end of what is sent inline, from a safe cut on (or all of it)."""
    tree = outline.tree
    size = len(buffer)
    at = tree.find(CHARACTERS, size)
    before = tree.previous(at) if tree.is_end(at) else at
    pieces: list[Measure | str] = []
    stop = size
    while before is not None:
        mark = tree.item(before)
        if mark.context == "frontMatter" or not is_site(mark):
            cut = counter.last_cut(before.b, stop) if before.b < stop else None
            if cut is not None and mark.context != "frontMatter":
                pieces.append(buffer.slice(cut, stop))
                break
            before = tree.previous(before)
            continue
        for part in reversed(site_of(tree, buffer, mark, before.a, before.b).parts):
            if part.stop < stop:
                cut = counter.last_cut(part.stop, stop)
                pieces.append(buffer.slice(part.stop if cut is None else cut, stop))
                if cut is not None:
                    stop = -1
                    break
            pieces.append(part.content)
            stop = part.start
            if part.content.tokens is not None:
                stop = -1
                break
        if stop < 0:
            break
        before = tree.previous(before)
    else:
        pieces.append(buffer.slice(0, stop))
    builder = MeasureBuilder(counter.engine)
    for piece in reversed(pieces):
        if isinstance(piece, Measure):
            builder.join(piece)
        else:
            builder.add(piece)
    return builder.finish()
