"""Gathering while others change what is known."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.oracles.reference_encodings import tiktoken_engine

from promptls.lsp.document_references import DocumentReferences
from promptls.prompts.dialects import MARKDOWN
from promptls.prompts.references import ReferenceGrammar
from promptls.references.expansion import Expander, Limits
from promptls.references.graph import EdgeKey, Graph, gather
from promptls.references.model import Awaited, NotFound, Notice, Outcome, Reading, Site

ENGINE = tiktoken_engine("cl100k_base")
REFERENCES = tuple(ReferenceGrammar(MARKDOWN).find("@file:a.md @api:b"))
MISSING = NotFound(Notice("reference/not-found", "There is none."))


def edges() -> list[EdgeKey]:
    return [("root", reference.spec) for reference in REFERENCES]


def gathered(known: dict[EdgeKey, Outcome], answers: list[Outcome], *, forget: bool) -> Graph:
    site = Site(Path("/nowhere/root.md"), Path("/nowhere"), MARKDOWN)
    steps = gather("root", REFERENCES, site, Reading(ENGINE, MARKDOWN), known, 5)
    next(steps)
    if forget:
        known.clear()
    with pytest.raises(StopIteration) as end:
        steps.send(answers)
    graph: Graph = end.value.value
    return graph


def test_what_is_forgotten_meanwhile_holds_for_this_pass() -> None:
    file, api = edges()
    graph = gathered({file: MISSING}, [Awaited()], forget=True)
    assert graph.outcomes == {file: MISSING, api: Awaited()}


@pytest.mark.parametrize("came", [True, False])
def test_what_comes_meanwhile_is_known_to_the_next_pass(came: bool) -> None:
    file, api = edges()
    graph = gathered({}, [MISSING, Awaited()], forget=False)
    state = DocumentReferences()
    if came:
        state.known[api] = MISSING
    state.keep(graph, Expander(graph, ENGINE, Limits(5, 1_000, "each"), None))
    assert state.known == ({file: MISSING, api: MISSING} if came else {file: MISSING})
