"""All that a document brings in, transitively: which reference in what leads where.

Gathering goes in rounds, level by level, so that whoever drives it can resolve all requests of a
round together; each distinct request is made once.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass, field, replace

from promptls.prompts.dialects import MARKDOWN
from promptls.prompts.references.model import Reference, Spec
from promptls.references.model import Content, Embedded, Found, Outcome, Reading, Request, Site

ROOT = ""
"""The key of the document itself where it has none of its own (never saved)."""
NATIVE = "native"
CONTENTS_MAX = 20_000
"""Contents in one graph; what lies beyond is not looked at."""

EdgeKey = tuple[str, Spec]
"""The key of the content that holds a reference, and the reference's spec."""


@dataclass(slots=True)
class Graph:
    """What became of every reference of a document and of what it brings in."""

    root: str
    """The document's own key."""
    outcomes: dict[EdgeKey, Outcome] = field(default_factory=dict)
    contents: dict[str, Content] = field(default_factory=dict)

    def outcome(self, holder: str, reference: Reference) -> Outcome | None:
        """What became of a reference in a content; None when nobody has looked."""
        return self.outcomes.get((holder, reference.spec))

    def add(self, edge: EdgeKey, outcome: Outcome) -> None:
        """Put in an outcome, with the contents that it found."""
        self.outcomes[edge] = outcome
        if isinstance(outcome, Found):
            for content in outcome.contents:
                self.contents[content.key] = content


def is_looked_up(reference: Reference) -> bool:
    """Whether a reference is to be resolved at all."""
    return not (reference.deferred or reference.problem)


def gather(
    root: str,
    references: Iterable[Reference],
    site: Site,
    reading: Reading,
    known: dict[EdgeKey, Outcome],
    depth: int,
) -> Generator[list[tuple[EdgeKey, Request]], list[Outcome], Graph]:
    """Find everything that a document brings in.

    Yields the requests of each round and is sent their outcomes; returns the graph. `known` are
    outcomes that still hold, of this document and its settings; they are not asked for again.
    `depth` is how many levels of contents are looked at (`Limits.depth`).
    """
    graph = Graph(root)
    # The reference of each edge, with the site that it stands in.
    wanted: dict[EdgeKey, tuple[Reference, Site]] = {}
    for reference in references:
        if is_looked_up(reference):
            wanted.setdefault((root, reference.spec), (reference, site))
    seen: set[str] = {root}
    while wanted:
        # Taken now: what is known may be forgotten while the others are asked for.
        answers = {edge: known[edge] for edge in wanted if edge in known}
        missing = [
            (edge, request_of(reference, here, reading))
            for edge, (reference, here) in wanted.items()
            if edge not in answers
        ]
        found: list[Outcome] = (yield missing) if missing else []
        answers |= zip((edge for edge, _ in missing), found, strict=True)
        level: dict[str, Content] = {}
        for edge in wanted:
            outcome = answers[edge]
            graph.add(edge, outcome)
            if isinstance(outcome, Found):
                for content in outcome.contents:
                    if content.key not in seen:
                        seen.add(content.key)
                        level[content.key] = content
        depth -= 1
        wanted = {}
        if depth <= 0 or len(seen) > CONTENTS_MAX:
            break
        for content in level.values():
            inner: Site | None = None
            for part in content.parts:
                if isinstance(part, Embedded) and is_looked_up(part.reference):
                    inner = inner or replace(site, path=content.path)
                    edge = (content.key, part.reference.spec)
                    wanted.setdefault(edge, (part.reference, inner))
    return graph


def request_of(reference: Reference, site: Site, reading: Reading) -> Request:
    """What a handler is asked for a reference.

    What our own references bring in is read for more of them in every dialect; what a tool brings
    in that follows no imports (`reading.dialect` is None) is not.
    """
    if reading.dialect is None and reference.form == NATIVE:
        reading = Reading(reading.engine, MARKDOWN)
    return Request(
        kind=reference.kind,
        target=reference.target,
        site=site,
        reading=reading,
        options=reference.options,
        certain=reference.certain,
        form=reference.form,
    )
