"""Prompts that import each other, without files; what is rendered of them, and an oracle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

from tests.oracles.reference_encodings import reference_count, tiktoken_engine

from promptls.prompts.dialects import DIALECTS, Dialect
from promptls.prompts.references.model import Reference
from promptls.references.expansion import Expander, Limits, Repeats
from promptls.references.files.contents import content_of_text, text_brought_in
from promptls.references.graph import Graph, request_of
from promptls.references.model import (
    Awaited,
    Blocked,
    Content,
    Embedded,
    Found,
    NotFound,
    Notice,
    Outcome,
    Reading,
    Request,
    Site,
)
from promptls.references.rendering import Renderer
from promptls.references.resolution import Resolution
from promptls.references.resolver import Resolver, resolve_all
from promptls.references.scanning import ReferenceScanner
from promptls.report.document import PromptDocument
from promptls.report.rendering import plan, render

ENGINE = tiktoken_engine("cl100k_base")
FOLDER = Path("/nowhere")
ROOT = "root.md"
"""The name of the document itself."""
AWAITED = "awaited.md"
BLOCKED = "blocked.md"


class Texts:
    """A handler of files that are texts by their names."""

    kind = "file"
    slow = False

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts
        self.asked: list[str] = []

    def resolve(self, request: Request) -> Outcome:
        """A name is one text, or a glob of several in order."""
        self.asked.append(request.target)
        if request.target == AWAITED:
            return Awaited()
        if request.target == BLOCKED:
            return Blocked(Notice("reference/blocked", "It is blocked."))
        if set("*[").intersection(request.target):
            names = sorted(name for name in self.texts if fnmatchcase(name, request.target))
            return Found(tuple(self._content(name, request.reading) for name in names))
        if request.target not in self.texts:
            return NotFound(Notice("reference/not-found", f"There is no {request.target}."))
        return Found((self._content(request.target, request.reading),))

    def text(self, content: Content, request: Request) -> str | None:
        return text_brought_in(self.texts[content.name], request.options.lines)

    def invalidate(self, keys: frozenset[str] | None) -> None:
        """Nothing is held."""

    def _content(self, name: str, reading: Reading) -> Content:
        return content_of_text(str(FOLDER / name), name, None, self.texts[name], reading)


def dialect(depth: int, repeats: Repeats) -> Dialect:
    return replace(DIALECTS["markdown"], depth=depth, repeats=repeats)


@dataclass
class Imported:
    """A document with everything that it imports."""

    document: PromptDocument
    references: list[Reference]
    resolutions: list[Resolution]
    graph: Graph
    rendered: str | None
    """None while something is under way."""
    asked: list[str]

    @property
    def codes(self) -> list[list[str]]:
        """The codes of what is told at each reference."""
        return [[notice.code for notice, _ in one.notices] for one in self.resolutions]

    @property
    def statuses(self) -> list[str]:
        return [one.status for one in self.resolutions]


def import_all(
    texts: Mapping[str, str],
    *,
    depth: int = 64,
    repeats: Repeats = "each",
    expanded_bytes: int = 1 << 26,
) -> Imported:
    """Resolve, expand and render ROOT."""
    kind = dialect(depth, repeats)
    handler = Texts(texts)
    resolver = Resolver([handler])
    site = Site(FOLDER / ROOT, FOLDER, kind)
    reading = Reading(ENGINE, kind)
    limits = Limits(depth, expanded_bytes, repeats)
    document = PromptDocument(texts[ROOT], kind, engine=ENGINE)
    document.count_with(ENGINE)
    placed = document.placed()
    references = [reference for place in placed for reference in place.mark.references]
    graph = resolve_all(references, site, reading, resolver.resolve_many, depth)
    resolutions = Expander(graph, ENGINE, limits).resolutions(references)
    document.outline.references_changed = False
    document.resolve_with(placed, resolutions)
    document.count_now()
    rendered = None
    if not document.pending_references:

        def text_of(content: Content, reference: Reference, holder: Content | None) -> str | None:
            here = site if holder is None else replace(site, path=holder.path)
            return resolver.text(content, request_of(reference, here, reading))

        renderer = Renderer(graph, limits, text_of)
        rendered = "".join(segment.text for segment in render(plan(document), renderer))
    return Imported(document, references, resolutions, graph, rendered, handler.asked)


def assert_exact(imported: Imported) -> None:
    """What was counted is what is rendered, of each reference and of the whole."""
    assert imported.rendered is not None
    tokens = reference_count("cl100k_base", imported.rendered)
    assert imported.document.expanded_tokens == tokens


class Oracle:
    """Renders by putting texts into texts, as the design says."""

    def __init__(self, texts: Mapping[str, str], depth: int, repeats: Repeats) -> None:
        self._texts = texts
        self._dialect = dialect(depth, repeats)
        self._depth = depth
        self._once = repeats == "once"
        self._used: set[str] = set()

    def render(self) -> str:
        return self._text(self._texts[ROOT], [ROOT], self._depth)

    def _text(self, text: str, stack: list[str], depth: int) -> str:
        scanner = ReferenceScanner(self._dialect)
        parts = []
        for item in [*scanner.feed(text), *scanner.finish()]:
            if isinstance(item, Embedded):
                put_in = self._reference(item.reference.target, stack, depth)
                parts.append(item.reference.text if put_in is None else put_in)
            else:
                parts.append(item)
        return "".join(parts)

    def _reference(self, target: str, stack: list[str], depth: int) -> str | None:
        names = [name for name in sorted(self._texts) if fnmatchcase(name, target)]
        if depth <= 0 or not (names or set("*[").intersection(target)) or set(names) & set(stack):
            return None
        if self._once and len(stack) == 1:
            new = [name for name in names if name not in self._used]
            if names and not new:
                return None
            names = new
        elif self._once and names and self._used.issuperset(names):
            return None
        texts = []
        for name in names:
            self._used.add(name)
            brought_in = text_brought_in(self._texts[name], None)
            texts.append(self._text(brought_in, [*stack, name], depth - 1))
        return "\n".join(texts)


def assert_renders(texts: Mapping[str, str], depth: int, repeats: Repeats) -> None:
    """What is rendered is what the oracle renders."""
    imported = import_all(texts, depth=depth, repeats=repeats)
    assert_exact(imported)
    assert imported.rendered == Oracle(texts, depth, repeats).render()
