"""What the demo shows, in its order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from scripts.demo.document import WAITING, Document, label
from scripts.demo.editor import Editor
from scripts.demo.failure import DemoError
from scripts.demo.layout import Note, Paint, laid_out, show
from scripts.demo.process import ServerProcess
from scripts.demo.source import Source
from scripts.demo.workspace import Workspace

IMPORTING = "CLAUDE.md"
BRIEFING = "prompts/morning-briefing.md"
PROMPTS = (
    IMPORTING,
    BRIEFING,
    "agents/code-reviewer.md",
    "prompts/release-notes.prompt.md",
    "skills/incident-report/SKILL.md",
    "support-triage.prompty",
)
IMPORTED = "AGENTS.md"
"""Opened last: while it is open, it counts as it stands in the editor and not from its file."""
WITH_REFERENCES = (IMPORTING, BRIEFING, "support-triage.prompty")

FETCHED = "@api:disruptions"
MISSPELT = "@file:docs/handbook/cancelations.md"
NOT_FOUND = "reference/not-found"
SECTION = "## Domain rules that are easy to break"
KEPT_RULES = 3
OVER = "budget/section-exceeded"


def run(paint: Paint) -> None:
    """Show all of it."""
    with TemporaryDirectory(prefix="promptls-demo-") as folder, Source() as source:
        workspace = Workspace.copy(Path(folder).resolve(), source.host)
        workspace.settle()
        with _editor(workspace, source) as editor:
            documents = look_up(editor, workspace, source, paint)
            mend(editor, documents[BRIEFING], paint)
            cut(editor, documents[IMPORTING], paint)
            editor.stop()
        start_again(workspace, source, paint)


@contextmanager
def _editor(workspace: Workspace, source: Source) -> Iterator[Editor]:
    """An editor with the copied examples, whose user trusts them and allows the API's host."""
    process = ServerProcess(workspace.environment)
    try:
        editor = Editor(process)
        machine = {"allowedHosts": [source.host]}
        editor.start(workspace.folder, {"trusted": True, "machine": machine})
        yield editor
    finally:
        process.kill()


def look_up(
    editor: Editor, workspace: Workspace, source: Source, paint: Paint
) -> dict[str, Document]:
    """Show a document while one of its sources has not answered, then all documents."""
    documents = {name: workspace.document(name) for name in PROMPTS}
    for document in documents.values():
        editor.open(document)
    briefing = documents[BRIEFING]
    misspelt = briefing.line_of(MISSPELT)
    fetched = briefing.line_of(FETCHED)
    editor.wait_for_hints(briefing, lambda each: each.is_counted() and _only(each, fetched))
    editor.wait_for_diagnostics(briefing, lambda each: NOT_FOUND in each.codes(misspelt), NOT_FOUND)
    show(briefing, f"{BRIEFING}, while {FETCHED} is being asked", paint)
    source.answer()
    for document in documents.values():
        editor.wait_for_hints(document)
    documents[IMPORTED] = workspace.document(IMPORTED)
    editor.open(documents[IMPORTED])
    editor.wait_for_hints(documents[IMPORTED])
    importing = documents[IMPORTING]
    line = importing.line_of(SECTION)
    editor.wait_for_diagnostics(importing, lambda each: OVER in each.codes(line), OVER)
    for document in documents.values():
        show(document, document.name, paint)
    return documents


def mend(editor: Editor, document: Document, paint: Paint) -> None:
    """Let the server correct a path that names nothing."""
    line = document.line_of(MISSPELT)
    fix = editor.quick_fix(document, NOT_FOUND)
    editor.apply(document, fix)
    editor.wait_for_hints(document, lambda each: "tok" in "".join(each.labels(line)))
    editor.wait_for_diagnostics(
        document, lambda each: NOT_FOUND not in each.codes(line), f"the end of {NOT_FOUND}"
    )
    editor.save(document)
    show(document, f"{document.name}, quick fix ({fix['title']})", paint)


def cut(editor: Editor, document: Document, paint: Paint) -> None:
    """Cut a section below its budget, and put back what was cut."""
    first, end = rules_to_cut(document)
    heading = document.line_of(SECTION)
    rules = "".join(document.text.splitlines(keepends=True)[first:end])
    editor.replace(document, _lines(first, end), "")
    editor.wait_for_diagnostics(
        document, lambda each: OVER not in each.codes(heading), f"the end of {OVER}"
    )
    editor.wait_for_hints(document)
    show(document, f"{document.name}, {end - first} lines of “{SECTION[3:]}” cut", paint)
    editor.replace(document, _lines(first, first), rules)
    editor.wait_for_diagnostics(document, lambda each: OVER in each.codes(heading), OVER)
    editor.wait_for_hints(document)
    show(document, f"{document.name}, put back", paint)


def rules_to_cut(document: Document) -> tuple[int, int]:
    """Find the lines of the edited section's rules, all but the first few."""
    lines = document.lines
    start = lines.index(SECTION)
    end = next(number for number in range(start + 1, len(lines)) if lines[number].startswith("## "))
    rules = [number for number in range(start, end) if lines[number].startswith("- ")]
    return rules[KEPT_RULES], end - 1


def start_again(workspace: Workspace, source: Source, paint: Paint) -> None:
    """Show that another server finds everything in the database, and asks nobody again."""
    before = workspace.cache_figures()
    with _editor(workspace, source) as editor:
        documents = [workspace.document(name) for name in WITH_REFERENCES]
        for document in documents:
            editor.open(document)
        for document in documents:
            editor.wait_for_hints(document)
            _show_origins(editor, document, paint)
        editor.stop()
    after = workspace.cache_figures()
    found, missed = (after[name] - before[name] for name in ("databaseHits", "misses"))
    print(f"\n{paint('The second server', 'bold')}: {found} found in the database, {missed} missed")
    print("  what another part of it had taken from there before is found in memory")
    print(f"{paint('Requests to the API by both servers', 'bold')}: {source.requests}")
    if not found or source.requests != 1:
        raise DemoError("the second server did not take everything from the cache")


def _show_origins(editor: Editor, document: Document, paint: Paint) -> None:
    """Print the references that are fetched or read, with where a hover says they were found."""
    notes = []
    for reference in editor.references(document):
        place = reference["range"]
        origin = origin_of(editor.hover(document, place["start"]))
        if origin:
            notes.append(Note(place, "hover", origin))
    lines = {note.range["start"]["line"] for note in notes}
    hints = [hint for hint in document.hints if hint["position"]["line"] in lines]
    print(f"\n{paint(f'{document.name}, a second server on the same cache', 'bold')}:")
    print("\n".join(laid_out(document.lines, hints, notes, paint)))


def origin_of(hover: str) -> str:
    """The row of a hover that says where a content was found; "" where there is none."""
    rows = (row for row in hover.split("\n\n") if row.startswith("From "))
    return re.sub(r"\\([^\w\s])", r"\1", next(rows, ""))


def _only(document: Document, line: int) -> bool:
    """Whether this line's reference is the only one that is being looked up."""
    waiting = [hint["position"]["line"] for hint in document.hints if WAITING in label(hint)]
    return waiting == [line]


def _lines(first: int, end: int) -> dict[str, Any]:
    """The range of whole lines."""
    return {"start": {"line": first, "character": 0}, "end": {"line": end, "character": 0}}
