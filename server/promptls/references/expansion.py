"""What references cost once everything they bring in is put in its place.

The count of an expansion is joined from the measures of its literal parts (`tokens.measure`), so it
is exact and nothing is rendered for it. A content that several references bring in is expanded
once, unless it stands in a cycle or at the limit of depth, where it depends on the way to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from promptls.prompts.references.model import Reference, Spec
from promptls.references.cycles import Components, components
from promptls.references.graph import Graph
from promptls.references.model import (
    Awaited,
    Blocked,
    Content,
    Deferred,
    Embedded,
    Failed,
    Found,
    NotFound,
    Notice,
    Outcome,
)
from promptls.references.resolution import PENDING, Resolution, Trace
from promptls.tokens.engine import Engine
from promptls.tokens.measure import EMPTY, Measure, MeasureBuilder, measure, total

Repeats = Literal["each", "once"]
"""Whether a content that is brought in again is put in again, or only at its first place."""

STEPS_MAX = 100_000
"""Expansions that one document may need; files that all import each other would need n! of them."""
PLACED_MAX = 100_000
"""Contents that one document may put in, each place counted: empty ones grow without a byte."""
_INSIDE_MAX = 3
"""Problems inside of one content that are told of at the reference that brings it in."""
SEPARATOR = "\n"
"""What stands between the files of a glob or folder."""


class Step(NamedTuple):
    """One reference on the way to a content: what holds it, and where."""

    holder: str
    line: int
    reference: Reference


class Problem(NamedTuple):
    """What went wrong inside of a content, with the way to it."""

    notice: Notice
    way: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Expanded:
    """A content with its references replaced."""

    measure: Measure
    problems: tuple[Problem, ...] = ()
    """The first _INSIDE_MAX."""
    too_large: bool = False
    awaited: bool = False
    """Something in it is under way."""
    placed: int = 1
    """Contents that are put in for it, itself included."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How far expansions go."""

    depth: int
    expanded_bytes: int
    repeats: Repeats = "each"


class Expander:
    """Expands the references of one document."""

    def __init__(
        self, graph: Graph, engine: Engine, limits: Limits, before: Expander | None = None
    ) -> None:
        """Expand what a graph holds; what is as it was is taken from `before`."""
        self._graph = graph
        self._before = before if before is not None and before.serves(engine, limits) else None
        self._engine = engine
        self._limits = limits
        self._memo: dict[tuple[str, frozenset[str], int], Expanded] = {}
        self._by_spec: dict[Spec, Resolution] = {}
        self._placed: dict[tuple[object, ...], int] = {}
        """Contents that references put in, where that is more than they name."""
        self._texts: dict[str, Measure] = {}
        self._steps = 0
        self._used: set[str] = set()
        self._components: Components | None = None

    def serves(self, engine: Engine, limits: Limits) -> bool:
        """Whether its figures hold for an engine and limits."""
        return self._engine is engine and self._limits == limits

    def forget_before(self) -> None:
        """Let go of the one before, once everything is expanded."""
        self._before = None

    def resolutions(self, references: Sequence[Reference]) -> list[Resolution]:
        """The resolution of each of the document's references, in their order."""
        once = self._limits.repeats == "once"
        found = []
        rendered = placed = 0
        for reference in references:
            used = set(self._used) if once else self._used
            resolution = None if once else self._by_spec.get(reference.spec)
            if resolution is None:
                resolution = self._by_spec[reference.spec] = self._resolution(reference)
            if resolution.expanded is not None and reference.placement != "none":
                size = resolution.expanded.size
                contents = self._placed.get(reference.spec, len(resolution.keys))
                if rendered + size > self._limits.expanded_bytes or placed + contents > PLACED_MAX:
                    resolution = _too_large(self._limits.expanded_bytes)
                else:
                    rendered += size
                    placed += contents
            if resolution.expanded is None or reference.placement == "none":
                self._used = used  # what was left out may still be brought in
            found.append(resolution)
        return found

    def expand(
        self, contents: Sequence[Content], stack: tuple[str, ...], depth: int, used: set[str]
    ) -> Expanded:
        """Contents as they are put in at a place further inside, where no problem is told.

        `stack` and `depth` are as `place` has them. `used` is what is in already; what is put in
        is added to it.
        """
        self._used = used
        self._steps = 0
        return self._contents(contents, stack, depth, ())

    def _kept(self, reference: Reference, outcome: Outcome) -> Resolution | None:
        """What the expander before found, where nothing below can have changed."""
        before = self._before
        if before is None or self._limits.repeats == "once":
            return None
        if before._graph.outcome(before._graph.root, reference) is not outcome:
            return None
        if isinstance(outcome, Found) and not all(
            len(content.parts) == 1 and isinstance(content.parts[0], Measure)
            for content in outcome.contents
        ):
            return None
        return before._by_spec.get(reference.spec)

    def _resolution(self, reference: Reference) -> Resolution:
        if reference.problem is not None:
            notice = Notice(*reference.problem)
            return Resolution("failed", notices=((notice, ()),))
        if reference.deferred:
            return Resolution("deferred", expanded=EMPTY)
        outcome = self._graph.outcome(self._graph.root, reference)
        if outcome is None:
            return PENDING
        kept = self._kept(reference, outcome)
        if kept is not None:
            return kept
        plain = without_content(outcome)
        if plain is not None:
            return plain
        assert isinstance(outcome, Found)  # noqa: S101 - all others have no content
        return self._found(reference, outcome)

    def _found(self, reference: Reference, outcome: Found) -> Resolution:
        graph = self._graph
        contents = outcome.contents
        if graph.root in {content.key for content in contents}:
            if reference.placement != "inline":
                return Resolution("resolved", keys=(graph.root,), uri=contents[0].uri)
            notice = Notice("reference/cycle", "The document imports itself; this import stays.")
            return Resolution(
                "failed", notices=((notice, ()),), keys=(graph.root,), uri=contents[0].uri
            )
        if self._limits.repeats == "once":
            new = tuple(content for content in contents if content.key not in self._used)
            if contents and not new:
                return self._repeated(contents)
            contents = new
        way = (Step(graph.root, 0, reference),)
        expanded = self._contents(contents, (graph.root,), self._limits.depth - 1, way)
        if expanded.awaited:
            return PENDING
        if expanded.too_large:
            return _too_large(self._limits.expanded_bytes)
        self._placed[reference.spec] = expanded.placed
        own = self._join(self._own(content) for content in contents)
        own_total = total(own, self._engine)
        expanded_total = own_total
        if expanded.measure is not own and expanded.measure != own:
            expanded_total = total(expanded.measure, self._engine)
        notices = [(notice, ()) for content in contents for notice in content.notices]
        told: list[tuple[Notice, tuple[Trace, ...]]] = [*notices]
        told += [self._inside(problem) for problem in expanded.problems[:_INSIDE_MAX]]
        first = contents[0] if contents else None
        return Resolution(
            "stale" if any(content.stale for content in contents) else "resolved",
            tokens=own_total,
            expanded_tokens=expanded_total,
            size=own.size,
            expanded=expanded.measure,
            keys=tuple(content.key for content in contents),
            names=tuple(content.name for content in contents),
            uri=first.uri if first else None,
            hash=first.hash if first else None,
            fetched_at=min(
                (content.fetched_at for content in contents if content.fetched_at is not None),
                default=None,
            ),
            level=first.level if first else None,
            secret=any(content.secret for content in contents),
            notices=tuple(told),
        )

    def _repeated(self, contents: Sequence[Content]) -> Resolution:
        """The dialect puts a content in once: at another place its reference stays as text."""
        own = self._join(self._own(content) for content in contents)
        return Resolution(
            "resolved",
            tokens=total(own, self._engine),
            expanded_tokens=0,
            size=own.size,
            keys=tuple(content.key for content in contents),
            names=tuple(content.name for content in contents),
            uri=contents[0].uri,
            hash=contents[0].hash,
            level=contents[0].level,
        )

    def _own(self, content: Content) -> Measure:
        """The content as it stands."""
        return self._join(
            part if isinstance(part, Measure) else self._text(part.reference.text)
            for part in content.parts
        )

    def _contents(
        self, contents: Sequence[Content], stack: tuple[str, ...], depth: int, way: tuple[Step, ...]
    ) -> Expanded:
        """Several contents, one after another, as a glob or folder brings them in."""
        if len(contents) == 1:
            return self._content(contents[0], stack, depth, way)
        builder = MeasureBuilder(self._engine)
        problems: list[Problem] = []
        placed = 0
        for number, content in enumerate(contents):
            if number:
                builder.add(SEPARATOR)
            expanded = self._content(content, stack, depth, way)
            if expanded.too_large or expanded.awaited:
                return expanded
            builder.join(expanded.measure)
            _add(problems, expanded.problems)
            placed += expanded.placed
            if builder.size > self._limits.expanded_bytes or placed > PLACED_MAX:
                return _TOO_LARGE
        return Expanded(builder.finish(), tuple(problems), placed=placed)

    def _content(
        self, content: Content, stack: tuple[str, ...], depth: int, way: tuple[Step, ...]
    ) -> Expanded:
        if self._limits.repeats == "once":
            self._used.add(content.key)
        parts = content.parts
        if len(parts) == 1 and isinstance(parts[0], Measure):
            if parts[0].size > self._limits.expanded_bytes:
                return _TOO_LARGE
            return Expanded(parts[0])
        if not parts:
            return Expanded(EMPTY)
        key = None
        if self._limits.repeats == "each":
            known = self._structure()
            around = known.members(content.key)
            key = (
                content.key,
                frozenset(around.intersection(stack)) if around else frozenset(),
                min(depth, known.height(content.key)),
            )
            found = self._memo.get(key)
            if found is not None:
                return found
        expanded = self._expand(content, stack, depth, way)
        if key is not None:
            self._memo[key] = expanded
        return expanded

    def _expand(
        self, content: Content, stack: tuple[str, ...], depth: int, way: tuple[Step, ...]
    ) -> Expanded:
        self._steps += 1
        if self._steps > STEPS_MAX:
            return _TOO_LARGE
        builder = MeasureBuilder(self._engine)
        problems: list[Problem] = []
        placed = 1
        inner_stack = (*stack, content.key)
        for part in content.parts:
            if isinstance(part, Measure):
                builder.join(part)
            else:
                step = (*way, Step(content.key, part.line, part.reference))
                child = self._embedded(part, inner_stack, depth, step)
                if child is None:
                    builder.join(self._text(part.reference.text))
                elif child.too_large or child.awaited:
                    return child
                else:
                    builder.join(child.measure)
                    _add(problems, child.problems)
                    placed += child.placed
            if builder.size > self._limits.expanded_bytes or placed > PLACED_MAX:
                return _TOO_LARGE
        return Expanded(builder.finish(), tuple(problems), placed=placed)

    def _embedded(
        self, part: Embedded, stack: tuple[str, ...], depth: int, way: tuple[Step, ...]
    ) -> Expanded | None:
        """A reference inside of a content; None when it stays as it is written."""
        reference = part.reference
        if isinstance(self._graph.outcome(stack[-1], reference), Awaited):
            return _AWAITED
        placed = place(reference, self._graph, stack, depth, self._used, self._limits.repeats)
        if isinstance(placed, Notice):
            return Expanded(self._text(reference.text), (Problem(placed, way),))
        if placed is None:
            return None
        return self._contents(placed, stack, depth - 1, way)

    def _structure(self) -> Components:
        if self._components is None:
            self._components = components(self._graph)
        return self._components

    def _text(self, text: str) -> Measure:
        known = self._texts.get(text)
        if known is None:
            known = self._texts[text] = measure(text, self._engine)
        return known

    def _join(self, parts: Iterator[Measure]) -> Measure:
        found = list(parts)
        if len(found) == 1:
            return found[0]
        builder = MeasureBuilder(self._engine)
        for part in found:
            builder.join(part)
        return builder.finish()

    def _inside(self, problem: Problem) -> tuple[Notice, tuple[Trace, ...]]:
        """A problem in something imported, as it is told at the reference that imports it."""
        traces = tuple(
            Trace(
                content.name,
                content.uri,
                step.line,
                step.reference.start,
                step.reference.end,
            )
            for step in problem.way[1:]
            if (content := self._graph.contents.get(step.holder)) is not None
        )
        notice = problem.notice
        if notice.code not in _TOLD_AS_THEY_ARE:
            where = f"{traces[-1].name}:{traces[-1].line + 1}" if traces else "an imported file"
            notice = Notice("reference/unresolved-inside", f"In {where}: {notice.message}")
        return notice, traces


_TOO_LARGE = Expanded(EMPTY, too_large=True)
_AWAITED = Expanded(EMPTY, awaited=True)
_TOLD_AS_THEY_ARE = frozenset({"reference/cycle", "reference/too-deep"})


def _add(problems: list[Problem], more: Sequence[Problem]) -> None:
    """Add what is new, up to what is told of: a ring of many has a problem for each way round."""
    for problem in more:
        if len(problems) >= _INSIDE_MAX:
            return
        if problem not in problems:
            problems.append(problem)


def place(
    reference: Reference,
    graph: Graph,
    stack: Sequence[str],
    depth: int,
    used: set[str],
    repeats: Repeats,
) -> Sequence[Content] | Notice | None:
    """What is put where a reference inside of a content stands.

    The contents; a notice when something is wrong, and None when nothing is: both leave the
    reference as it is written. `stack` are the keys from the document to the content that holds
    the reference; `depth` is how many more levels may be put in.
    """
    if reference.deferred:
        return ()
    if reference.problem is not None:
        return Notice(*reference.problem) if reference.certain else None
    outcome = graph.outcome(stack[-1], reference)
    if outcome is None:
        # Beyond the depth nobody has looked.
        return _too_deep(len(stack) - 1) if depth <= 0 and reference.certain else None
    if isinstance(outcome, Deferred):
        return ()
    if isinstance(outcome, Awaited):
        return None
    if isinstance(outcome, NotFound):
        told = reference.certain and not reference.options.optional
        return outcome.notice if told else None
    if isinstance(outcome, (Failed, Blocked)):
        return outcome.notice
    keys = [content.key for content in outcome.contents]
    for key in keys:
        if key in stack:
            ring = [*stack[list(stack).index(key) :], key]
            names = [_name(graph, one) for one in ring]
            return Notice("reference/cycle", f"Imports go round: {' → '.join(names)}.")
    if depth <= 0:
        return _too_deep(len(stack) - 1)
    if repeats == "once" and keys and used.issuperset(keys):
        return None
    return outcome.contents


def without_content(outcome: Outcome) -> Resolution | None:
    """The resolution of an outcome that brings nothing in; None for one that does."""
    if isinstance(outcome, Awaited):
        return PENDING
    if isinstance(outcome, NotFound):
        return Resolution("failed", not_found=True, notices=((outcome.notice, ()),))
    if isinstance(outcome, Failed):
        return Resolution("failed", retry_at=outcome.retry_at, notices=((outcome.notice, ()),))
    if isinstance(outcome, Blocked):
        return Resolution("blocked", notices=((outcome.notice, ()),))
    if isinstance(outcome, Deferred):
        return Resolution("deferred", expanded=EMPTY)
    return None


def _too_deep(depth: int) -> Notice:
    return Notice(
        "reference/too-deep",
        f"This import lies {depth + 1} levels deep; the tool stops at {depth}. Import it nearer "
        "to the top.",
    )


def _too_large(limit: int) -> Resolution:
    notice = Notice(
        "reference/expansion-too-large",
        f"With everything that it imports this would bring in more than {limit:,} bytes, or more "
        f"than {PLACED_MAX:,} files; it is left out. Import less, or raise `limits.expandedBytes`.",
    )
    return Resolution("failed", notices=((notice, ()),))


def _name(graph: Graph, key: str) -> str:
    content = graph.contents.get(key)
    if content is not None:
        return content.name
    return key.rsplit("/", 1)[-1] or "this document"
