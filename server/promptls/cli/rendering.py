"""Renders a document that was analysed, and gives the result the shape of `promptls/render`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from promptls.cli.references import References
from promptls.findings import Range
from promptls.report.analysis import Analysis
from promptls.report.model import Report
from promptls.report.rendering import Rendered, plan, render, renderer_of
from promptls.report.segments import own_ranges, segments_to_json
from promptls.report.site import limits_of, reading_of, site_of
from promptls.tokens.engine import Engine


class Prompt(NamedTuple):
    """A rendered prompt."""

    report: Report
    segments: list[Rendered]
    own: list[Range]
    """Where the segments of the document itself stand in it, in their order."""
    engine: Engine

    @property
    def text(self) -> str:
        """What is sent."""
        return "".join(segment.text for segment in self.segments)

    def to_json(self) -> dict[str, Any]:
        """The answer of `promptls/render`, with `path` instead of `uri` and `version`.

        Offsets are in characters of `text`, columns in utf-16 code units. The `uri` of a segment
        of the document itself is its path.
        """
        path = self.report.key
        segments = segments_to_json(self.segments, self.own, path, "utf-16")
        for segment, rendered in zip(segments, self.segments, strict=True):
            segment["tokens"] = self.engine.count(rendered.text)
        tokens = self.report.expanded_tokens
        return {"path": path, "tokens": tokens, "text": self.text, "segments": segments}


def render_prompt(
    analysis: Analysis, path: Path | None, root: Path | None, references: References | None
) -> Prompt:
    """Render a document; ChangedMeanwhileError when a content is not what was counted."""
    document, context = analysis.document, analysis.context
    assert document.counter is not None  # noqa: S101 - an analysis has counted it
    engine = document.counter.engine
    taken = plan(document)
    graph = analysis.graph
    if graph is None or references is None:
        segments = [Rendered(literal.text, None, literal.start) for literal in taken.literals()]
    else:
        renderer = renderer_of(
            references.resolver,
            graph,
            site_of(path, root, document.dialect, context),
            reading_of(engine, document.dialect),
            limits_of(document.dialect, context),
        )
        segments = list(render(taken, renderer))
    return Prompt(analysis.report, segments, own_ranges(taken, document.buffer), engine)
