"""The import graph and the index against plain models."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptls.findings import Finding, Range
from promptls.report.model import Report
from promptls.workspace.graph import ImportGraph
from promptls.workspace.index import Bounds, DocumentIndex, Examined

KEYS = st.sampled_from("abcdef")
STEPS = st.lists(st.tuples(KEYS, st.none() | st.frozensets(KEYS)), max_size=30)


@settings(max_examples=100)
@given(STEPS)
def test_graph(steps: list[tuple[str, frozenset[str] | None]]) -> None:
    graph = ImportGraph()
    model: dict[str, frozenset[str]] = {}
    for document, imports in steps:
        if imports is None:
            graph.remove(document)
            model.pop(document, None)
        else:
            graph.put(document, imports)
            model[document] = imports
    assert set(graph.imported()) == {key for imports in model.values() for key in imports}
    for key in "abcdef":
        direct = {document for document, imports in model.items() if key in imports}
        assert graph.imports_of(key) == model.get(key, frozenset())
        assert graph.importers_of(key) == direct
        assert graph.is_imported(key) is bool(direct)
        around, before = set(direct), None
        while around != before:
            before = set(around)
            around |= {one for one, imports in model.items() if imports & before}
        assert graph.transitive_importers([key]) == around


def examined(key: str, *imports: str, findings: int = 0, open_ended: bool = False) -> Examined:
    finding = Finding("reference/not-found", "error", Range.of(0, 0, 0, 1), "nothing there")
    report = Report(
        key,
        None,
        0,
        "markdown",
        None,
        "cl100k_base",
        "exact",
        1,
        1,
        0,
        findings=(finding,) * findings,
    )
    return Examined(key, Path(key), report, frozenset(imports), open_ended=open_ended)


@pytest.mark.parametrize(
    ("changed", "listing", "expected"),
    [
        ({"/w/d/c.md"}, False, {"/w/a.md", "/w/b.md"}),
        ({"/w/b.md"}, False, {"/w/a.md"}),
        ({"/w/a.md"}, False, set()),
        ({"/w/d"}, False, set()),
        ({"/w/d"}, True, {"/w/a.md", "/w/b.md", "/w/glob.md", "/w/over.md"}),
        ({"/w/new.md"}, True, {"/w/glob.md", "/w/over.md"}),
        ({"/w/new.md"}, False, set()),
    ],
)
def test_who_is_concerned(changed: set[str], listing: bool, expected: set[str]) -> None:
    index = DocumentIndex(Bounds())
    index.put(examined("/w/a.md", "/w/b.md"))
    index.put(examined("/w/b.md", "/w/d/c.md"))
    index.put(examined("/w/glob.md", open_ended=True))
    index.put(examined("/w/over.md", "/w/glob.md"))
    index.put(examined("/w/alone.md"))
    assert index.concerned(changed, listing=listing) == expected


def test_below() -> None:
    index = DocumentIndex(Bounds())
    for key in ("/w/a.md", "/w/a.md.md", "/w/a/b.md", "/w/a/c/d.md", "/w/ab/e.md"):
        index.put(examined(key, key + "#"))
    assert index.below("/w/a") == ["/w/a/b.md", "/w/a/c/d.md"]
    assert index.below("/w/a.md") == ["/w/a.md"]
    assert index.imported_below("/w/a") == ["/w/a/b.md#", "/w/a/c/d.md#"]


def test_bounds() -> None:
    index = DocumentIndex(Bounds(documents=3, weight=100))
    for number in range(3):
        index.put(examined(str(number), findings=20))
    assert not index.full
    index.put(examined("0", findings=40))
    assert not index.full
    index.put(examined("3"))
    assert index.full
    assert sorted(one.key for one in index) == ["0", "1", "2"]
    index.clear()
    assert not index.full
    index.put(examined("4", *map(str, range(99))))
    assert not index.full
    index.put(examined("5"))
    assert index.full
    assert len(index) == 1
    # What it had no room for is not half known.
    assert index.get("5") is None
    assert index.graph.imports_of("5") == frozenset()


def test_what_says_nothing_is_not_kept() -> None:
    index = DocumentIndex(Bounds(documents=1))
    index.put(Examined("README.md", Path("README.md")))
    index.put(examined("CLAUDE.md"))
    assert not index.full
    index.put(Examined("CLAUDE.md", Path("CLAUDE.md")))
    assert len(index) == 0
