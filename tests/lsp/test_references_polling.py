"""Clients that do not watch files for the server: it looks at them itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.lsp.conftest import Start
from tests.lsp.editor import EVERYTHING, Editor
from tests.lsp.resolved import exact, put, rendered_soon, statuses

UNWATCHED = {
    **EVERYTHING,
    "workspace": {
        **EVERYTHING["workspace"],
        "didChangeWatchedFiles": {"dynamicRegistration": False},
    },
}
SOON = 3.0
"""Seconds; a look each half second is enough for one, and the machine may be busy."""


@pytest.fixture
def editor(start: Start) -> Iterator[Editor]:
    with start() as editor:
        editor.initialize(UNWATCHED)
        yield editor
        assert " ERROR " not in editor.wire.stderr
        assert editor.wire.shutdown() == 0


def test_changed_removed_and_made(editor: Editor) -> None:
    put(editor, "a.md", "one @file:b.md\n")
    put(editor, "b.md", "inner")
    uri = editor.open(editor.uri("prompts/p.md"), "@file:../a.md\n")
    assert exact(editor, uri) == "one inner\n"
    time.sleep(1)
    put(editor, "b.md", "changed within")
    rendered_soon(editor, uri, "one changed within\n", SOON)
    (editor.root / "b.md").unlink()
    rendered_soon(editor, uri, "one @file:b.md\n", SOON)
    put(editor, "b.md", "back again, and longer")
    rendered_soon(editor, uri, "one back again, and longer\n", SOON)


def test_all_missing(editor: Editor) -> None:
    uri = editor.open(editor.uri("prompts/p.md"), "@file:../none/a.md\n")
    assert statuses(editor, uri) == [("failed", "reference/not-found")]
    time.sleep(0.7)
    put(editor, "none/a.md", "here it is")
    rendered_soon(editor, uri, "here it is\n", SOON)


def test_changed_at_once(editor: Editor) -> None:
    """Also what changes before anybody has looked at it for the first time."""
    put(editor, "a.md", "a")
    first = editor.open(editor.uri("prompts/p.md"), "@file:../a.md\n")
    exact(editor, first)
    time.sleep(0.3)
    for number in range(4):
        put(editor, f"{number}.md", "before")
        uri = editor.open(editor.uri(f"prompts/p{number}.md"), f"@file:../{number}.md\n")
        assert exact(editor, uri) == "before\n"
        put(editor, f"{number}.md", "and after it")
        rendered_soon(editor, uri, "and after it\n", SOON)


def test_globs(editor: Editor) -> None:
    put(editor, "docs/a.md", "a\n")
    uri = editor.open(editor.uri("prompts/p.md"), "@file:../docs/*.md\n")
    assert exact(editor, uri) == "a\n"
    time.sleep(0.7)
    put(editor, "docs/b.md", "b and more\n")
    rendered_soon(editor, uri, "a\nb and more\n", SOON)


def test_settings_and_variables(editor: Editor) -> None:
    uri = editor.open(editor.uri("prompts/p.md"), "@var:name\n")
    assert statuses(editor, uri) == [("failed", "reference/undefined-variable")]
    time.sleep(1)
    put(editor, "promptls.toml", 'variable-files = ["vars.yaml"]\n')
    put(editor, "vars.yaml", "name: Atlas\n")
    rendered_soon(editor, uri, "Atlas\n", SOON)
    time.sleep(1)
    put(editor, "vars.yaml", "name: Titan of steel\n")
    rendered_soon(editor, uri, "Titan of steel\n", SOON)


def test_a_folder_that_no_client_watches(start: Start, tmp_path: Path) -> None:
    """What lies outside of the workspace folders is looked at, whoever watches."""
    outside = tmp_path / "shared"
    outside.mkdir()
    (outside / "s.md").write_text("shared")
    with start() as editor:
        options = {"trusted": True, "machine": {"allowedRoots": [str(outside)]}}
        editor.initialize(options=options)
        uri = editor.open(editor.uri("prompts/p.md"), "@file:../../shared/s.md\n")
        assert exact(editor, uri) == "shared\n"
        time.sleep(1)
        (outside / "s.md").write_text("shared and changed")
        rendered_soon(editor, uri, "shared and changed\n", SOON)
