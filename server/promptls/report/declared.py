"""What a document says about itself: settings in its front matter and in directives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import NamedTuple

from promptls.budgets import model_name
from promptls.findings import Finding, Position, Range
from promptls.prompts.directives import Directive, parse_directive
from promptls.prompts.front_matter import parse_front_matter
from promptls.prompts.marks import LINE_LIMIT, Mark
from promptls.prompts.sections import Section, all_sections, snapshot
from promptls.report.document import PromptDocument
from promptls.settings import BudgetLimit, Layer
from promptls.text.units import count_units

FRONT_MATTER = "front matter"
DIRECTIVE = "directive"


@dataclass(slots=True)
class Declared:
    """The document's own layers of settings, nearest first, and what is wrong with them."""

    layers: tuple[Layer, ...] = ()
    dialect: str | None = None
    findings: tuple[Finding, ...] = ()
    has_directive: bool = False
    ranges: Mapping[str, Range] = field(default_factory=dict)
    """Where `model` and `budget.document` are set, in units of the document's encoding."""
    samples: Mapping[str, str] = field(default_factory=dict)
    """Values that the front matter gives for variables."""


class _Front(NamedTuple):
    layer: Layer | None = None
    dialect: str | None = None
    findings: tuple[Finding, ...] = ()
    samples: Mapping[str, str] = MappingProxyType({})


_NO_FRONT = _Front()


class DeclaredReader:
    """Reads what a document declares, again only when the lines concerned have changed."""

    def __init__(self, document: PromptDocument) -> None:
        self._document = document
        self._outline = document.outline
        self._front: _Front = _NO_FRONT
        self._directives: list[tuple[int, Directive]] = []
        self._declared: Declared | None = None
        self._limits: list[tuple[Mark, BudgetLimit]] = []
        self.generation = 0
        """Grows whenever a section got or lost a budget of its own."""

    def read(self) -> Declared:
        """The document's declarations as it stands; those of before while it is not settled."""
        outline = self._document.outline
        if outline is not self._outline:
            self._outline = outline
            self._declared = None
        if not outline.settled:
            return self._declared or Declared()
        changed = self._declared is None
        if outline.front_matter_changed or changed:
            outline.front_matter_changed = False
            self._front = self._read_front_matter()
            changed = True
        if outline.directives_changed or self._directives or changed:
            self._read_directives()
            outline.directives_changed = False
            changed = True
        if changed or self._declared is None:
            self._declared = self._combine()
        return self._declared

    def _read_front_matter(self) -> _Front:
        lines = self._outline.front_matter
        if lines is None:
            return _NO_FRONT
        first, stop = lines
        buffer = self._document.buffer
        block = [buffer.line_text(line) for line in range(first, stop)]
        front = parse_front_matter(block, first)
        values = dict(front.settings)
        if "model" in values:
            values["model"] = model_name(values["model"])
        ranges: dict[tuple[str | int, ...], Range] = {
            path: self._in_units(range_) for path, range_ in front.key_ranges.items()
        }
        findings = tuple(self._finding_in_units(finding) for finding in front.findings)
        return _Front(Layer(FRONT_MATTER, values, ranges), front.dialect, findings, front.samples)

    def _read_directives(self) -> None:
        outline, buffer = self._outline, self._document.buffer
        found: list[tuple[int, Directive]] = []
        line = 0
        for mark, lines, _, _ in outline.tree.iterate(outline.tree.start()):
            mark.limit = None
            mark.ignored = ()
            if mark.directive:
                directive = parse_directive(buffer.line_text(line, LINE_LIMIT), line)
                if directive is not None:
                    found.append((line, directive))
            line += lines
        self._directives = found

    def _combine(self) -> Declared:
        before, self._limits = self._limits, []
        front, dialect, findings, samples = self._front
        layers: list[Layer] = []
        problems = list(findings)
        sections: list[Section] | None = None
        for line, directive in self._directives:
            if sections is None:
                sections = all_sections(snapshot(self._outline))
            around = _innermost(sections, line)
            outside = around is None or around.kind in ("preamble", "frontMatter")
            problems += [self._finding_in_units(finding) for finding in directive.findings]
            dialect = directive.value("dialect") or dialect
            values = directive.document_settings(in_preamble=outside)
            if values:
                layers.insert(0, Layer(DIRECTIVE, values, self._pair_ranges(directive)))
            if not outside and around is not None:
                self._apply_to_section(around, directive)
        if before != self._limits:
            self.generation += 1
        if front is not None:
            layers.append(front)
        return Declared(
            tuple(layers),
            dialect,
            tuple(problems),
            bool(self._directives),
            _ranges(layers),
            samples,
        )

    def _apply_to_section(self, section: Section, directive: Directive) -> None:
        section.mark.ignored += directive.ignored()
        value = directive.value("budget")
        if value is not None:
            limit = BudgetLimit.parse(value)
            if isinstance(limit, BudgetLimit):
                section.mark.limit = limit
                self._limits.append((section.mark, limit))

    def _pair_ranges(self, directive: Directive) -> dict[tuple[str | int, ...], Range]:
        ranges: dict[tuple[str | int, ...], Range] = {}
        for pair in directive.pairs:
            path = ("budget", "document") if pair.key == "budget" else (pair.key,)
            ranges[path] = self._in_units(pair.range)
        return ranges

    def _finding_in_units(self, finding: Finding) -> Finding:
        fixes = tuple(replace(fix, range=self._in_units(fix.range)) for fix in finding.fixes)
        return replace(finding, range=self._in_units(finding.range), fixes=fixes)

    def _in_units(self, range_: Range) -> Range:
        """A range in code points as one in the document's code units."""
        return Range(self._position(range_.start), self._position(range_.end))

    def _position(self, position: Position) -> Position:
        buffer = self._document.buffer
        text = buffer.line_text(position.line, position.character)
        return Position(position.line, count_units(text, buffer.encoding))


def _innermost(sections: list[Section], line: int) -> Section | None:
    for section in reversed(sections):
        if section.line <= line < section.end_line:
            return section
    return None


def _ranges(layers: list[Layer]) -> dict[str, Range]:
    """The nearest place where each setting that has findings of its own is set."""
    ranges: dict[str, Range] = {}
    for layer in layers:
        for name, path in (("model", ("model",)), ("budget.document", ("budget", "document"))):
            for known in (path, path[:1]):
                if name not in ranges and known in layer.ranges:
                    ranges[name] = layer.ranges[known]
    return ranges
