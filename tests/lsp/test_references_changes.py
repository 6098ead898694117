"""References follow what they name: on disk, in other open documents, and as they are edited."""

from __future__ import annotations

import pytest
from tests.lsp.conftest import Start
from tests.lsp.editor import Editor, edit, whole
from tests.lsp.resolved import (
    CHANGED,
    CREATED,
    DELETED,
    codes,
    exact,
    put,
    rendered_soon,
    report_when,
    statuses,
    tell,
)
from tests.oracles.reference_encodings import reference_count


@pytest.fixture
def editor(start: Start) -> object:
    with start() as editor:
        editor.initialize()
        yield editor
        assert " ERROR " not in editor.wire.stderr
        assert editor.wire.shutdown() == 0


def test_a_change_on_disk(editor: Editor) -> None:
    put(editor, "a.md", "one\n")
    uri = editor.open(editor.uri("prompts/p.md"), "# P\n@file:../a.md\n")
    assert exact(editor, uri) == "# P\none\n"
    put(editor, "a.md", "two and more\n")
    tell(editor, ("a.md", CHANGED))
    rendered_soon(editor, uri, "# P\ntwo and more\n", 1.0)
    hint = editor.labels(uri)[1]
    assert hint == f"{reference_count('cl100k_base', 'two and more')} tok"


def test_a_change_far_below(editor: Editor) -> None:
    put(editor, "a.md", "a @file:b.md")
    put(editor, "b.md", "b @file:c.md")
    put(editor, "c.md", "c")
    uri = editor.open(editor.uri("prompts/p.md"), "@file:../a.md\n")
    assert exact(editor, uri) == "a b c\n"
    put(editor, "c.md", "changed")
    tell(editor, ("c.md", CHANGED))
    rendered_soon(editor, uri, "a b changed\n", 1.0)
    put(editor, "b.md", "b only")
    tell(editor, ("b.md", CHANGED))
    rendered_soon(editor, uri, "a b only\n")


def test_made_and_removed(editor: Editor) -> None:
    uri = editor.open(editor.uri("prompts/p.md"), "@file:../new/a.md\n")
    assert statuses(editor, uri) == [("failed", "reference/not-found")]
    assert editor.labels(uri)[1:] == ["not found"]
    assert exact(editor, uri) == "@file:../new/a.md\n"
    put(editor, "new/a.md", "here")
    tell(editor, ("new/a.md", CREATED))
    rendered_soon(editor, uri, "here\n", 1.0)
    assert codes(editor.report(uri)) == []
    (editor.root / "new/a.md").unlink()
    tell(editor, ("new/a.md", DELETED))
    rendered_soon(editor, uri, "@file:../new/a.md\n", 1.0)
    assert codes(editor.report(uri)) == ["reference/not-found"]


@pytest.mark.parametrize("event", ["folder", "file"])
def test_a_folder_is_removed_and_comes_back(editor: Editor, event: str) -> None:
    """VS Code tells of the folder only."""
    put(editor, "docs/deep/a.md", "here")
    uri = editor.open(editor.uri("prompts/p.md"), "@file:../docs/deep/a.md\n")
    assert exact(editor, uri) == "here\n"
    (editor.root / "docs").rename(editor.root / "gone")
    name = "docs" if event == "folder" else "docs/deep/a.md"
    tell(editor, (name, DELETED))
    rendered_soon(editor, uri, "@file:../docs/deep/a.md\n", 2.0)
    (editor.root / "gone").rename(editor.root / "docs")
    tell(editor, (name, CREATED))
    rendered_soon(editor, uri, "here\n", 2.0)


def test_globs_and_folders(editor: Editor) -> None:
    put(editor, "docs/a.md", "a\n")
    put(editor, "docs/c.md", "c\n")
    uri = editor.open(editor.uri("prompts/p.md"), "@file:../docs/*.md\n@file:../docs\n")
    assert exact(editor, uri) == "a\nc\na\nc\n"
    put(editor, "docs/b.md", "b\n")
    tell(editor, ("docs/b.md", CREATED))
    rendered_soon(editor, uri, "a\nb\nc\na\nb\nc\n", 1.0)
    (editor.root / "docs/a.md").unlink()
    tell(editor, ("docs/a.md", DELETED))
    rendered_soon(editor, uri, "b\nc\nb\nc\n")


def test_a_glob_of_one_or_none(editor: Editor) -> None:
    put(editor, "docs/b.md", "b")
    text = "@file:../docs/*.md\n@file:../none/*.md\n"
    uri = editor.open(editor.uri("prompts/p.md"), text)
    assert exact(editor, uri) == "b\n@file:../none/*.md\n"
    put(editor, "docs/a.md", "a")
    put(editor, "none/c.md", "c")
    tell(editor, ("docs/a.md", CREATED), ("none/c.md", CREATED))
    rendered_soon(editor, uri, "a\nb\nc\n", 1.0)


def test_a_document_that_is_open(editor: Editor) -> None:
    """Unsaved edits count; when it is closed, what is on disk does again."""
    put(editor, "prompts/a.md", "on disk")
    uri = editor.open(editor.uri("prompts/p.md"), "@file:a.md\n")
    assert exact(editor, uri) == "on disk\n"
    other = editor.open(editor.uri("prompts/a.md"), "in the editor")
    rendered_soon(editor, uri, "in the editor\n")
    editor.change(other, edit((0, 0), (0, 0), "unsaved "))
    rendered_soon(editor, uri, "unsaved in the editor\n", 1.0)
    for letter in "abc":
        editor.change(other, edit((0, 0), (0, 0), letter))
    rendered_soon(editor, uri, "cbaunsaved in the editor\n", 1.0)
    put(editor, "prompts/a.md", "saved otherwise")
    tell(editor, ("prompts/a.md", CHANGED))
    assert exact(editor, uri) == "cbaunsaved in the editor\n"
    editor.close(other)
    rendered_soon(editor, uri, "saved otherwise\n", 1.0)


def test_an_open_document_that_imports_others(editor: Editor) -> None:
    put(editor, "prompts/b.md", "b")
    put(editor, "prompts/c.md", "c")
    uri = editor.open(editor.uri("prompts/p.md"), "@file:a.md\n")
    other = editor.open(editor.uri("prompts/a.md"), "@file:b.md\n")
    rendered_soon(editor, uri, "b\n")
    editor.change(other, whole("x @file:c.md @file:none.md\n"))
    rendered_soon(editor, uri, "x c @file:none.md\n", 1.0)
    report = report_when(editor, uri, lambda report: bool(report["findings"]))
    assert codes(report) == ["reference/unresolved-inside"]
    [related] = report["findings"][0]["related"]
    assert (related["uri"], related["range"]["start"]["line"]) == (editor.uri("prompts/a.md"), 0)
    editor.change(other, whole("x\n"))
    report_when(editor, uri, lambda report: not report["findings"])


def test_edits_of_the_reference_itself(editor: Editor) -> None:
    put(editor, "prompts/a.md", "content of a\n")
    put(editor, "prompts/ab.md", "other\n")
    uri = editor.open(editor.uri("prompts/p.md"), "see @file:a.md now\n")
    assert exact(editor, uri) == "see content of a now\n"
    editor.change(uri, edit((0, 11), (0, 11), "b"))
    rendered_soon(editor, uri, "see other now\n")
    editor.change(uri, edit((0, 12), (0, 12), "c"))
    rendered_soon(editor, uri, "see @file:abc.md now\n")
    assert codes(editor.report(uri)) == ["reference/not-found"]
    editor.change(uri, edit((0, 4), (0, 4), "\\"))
    rendered_soon(editor, uri, "see \\@file:abc.md now\n")
    assert editor.report(uri)["references"] == []
    editor.change(uri, whole("```\n@file:a.md\n"))
    rendered_soon(editor, uri, "```\n@file:a.md\n")
    editor.change(uri, edit((0, 0), (1, 0), ""))
    rendered_soon(editor, uri, "content of a\n")


def test_lines_above_move_references(editor: Editor) -> None:
    put(editor, "prompts/a.md", "content of a\n")
    uri = editor.open(editor.uri("prompts/p.md"), "# P\n@file:a.md\n@file:b.md\n")
    exact(editor, uri)
    editor.change(uri, edit((0, 0), (0, 0), "😀 new\n\n"))
    report = report_when(editor, uri, lambda report: bool(report["findings"]))
    assert [one["range"]["start"]["line"] for one in report["references"]] == [3, 4]
    assert report["findings"][0]["range"]["start"]["line"] == 4
    lines = [hint["position"]["line"] for hint in editor.hints(uri)]
    assert lines == [0, 2, 3, 4] or sorted(lines) == [0, 2, 3, 4]


def test_candidates(editor: Editor) -> None:
    """A candidate that names nothing is no reference; when its file comes, it is one."""
    text = "mail me@x.org, @someone and @scope/pkg\nread @docs and @docs/a.txt\n"
    put(editor, "docs/b.txt", "b")
    uri = editor.open(editor.uri("CLAUDE.md"), text)
    report = editor.report(uri)
    assert [(one["target"], one["status"]) for one in report["references"]] == [
        ("docs/a.txt", "failed")
    ]
    put(editor, "someone", "a file")
    tell(editor, ("someone", CREATED))
    report = report_when(editor, uri, lambda report: len(report["references"]) == 2)
    assert report["references"][0]["target"] == "someone"
    assert exact(editor, uri) == text.replace("@someone", "a file")


def test_a_saved_file_is_read_again(editor: Editor) -> None:
    put(editor, "prompts/a.md", "one")
    uri = editor.open(editor.uri("prompts/p.md"), "@file:a.md\n")
    assert exact(editor, uri) == "one\n"
    put(editor, "prompts/a.md", "two")
    editor.wire.notify(
        "textDocument/didSave", {"textDocument": {"uri": editor.uri("prompts/a.md")}}
    )
    rendered_soon(editor, uri, "two\n", 1.0)


def test_variables(editor: Editor) -> None:
    (editor.root / ".git").mkdir()
    put(editor, "promptls.toml", '[vars]\nname = "Atlas"\n')
    uri = editor.open(editor.uri("prompts/p.md"), "@var:name and @var:other\n")
    other = editor.open(editor.uri("prompts/q.md"), "no variable\n")
    assert exact(editor, uri) == "Atlas and @var:other\n"
    assert codes(editor.report(uri)) == ["reference/undefined-variable"]
    revision = editor.report(other)["revision"]
    put(editor, "promptls.toml", '[vars]\nname = "Titan of steel"\nother = "x"\n')
    tell(editor, ("promptls.toml", CHANGED))
    rendered_soon(editor, uri, "Titan of steel and x\n", 1.0)
    assert codes(editor.report(uri)) == []
    assert editor.report(other)["revision"] == revision
    put(editor, "promptls.toml", 'variable-files = ["vars.yaml"]\n')
    put(editor, "vars.yaml", "name: from a file\n")
    tell(editor, ("promptls.toml", CHANGED), ("vars.yaml", CREATED))
    rendered_soon(editor, uri, "from a file and @var:other\n", 1.0)
    put(editor, "vars.yaml", "name: changed\nother: 2\n")
    tell(editor, ("vars.yaml", CHANGED))
    rendered_soon(editor, uri, "changed and 2\n", 1.0)


def test_a_native_reference_makes_a_prompt(editor: Editor) -> None:
    """Markdown without one stays quiet, wherever it lies."""
    uri = editor.open(editor.uri("docs/p.md"), "# P\nno reference\n")
    editor.report(uri)
    assert editor.labels(uri) == []
    editor.change(uri, whole("# P\n@file:none.md\n"))
    assert [item["code"] for item in editor.codes(uri, {"reference/not-found"})]
    assert len(editor.labels(uri)) == 2
    editor.change(uri, whole("# P\nno reference\n"))
    editor.codes(uri, set())
    editor.wait(lambda: editor.labels(uri), lambda labels: not labels)


def test_another_encoding(editor: Editor) -> None:
    put(editor, "prompts/a.md", "漢字 content 😀\n")
    uri = editor.open(editor.uri("prompts/p.md"), "x @file:a.md\n")
    exact(editor, uri)
    for encoding in ("o200k_base", "cl100k_base"):
        editor.configure({"encoding": encoding})
        editor.wait(lambda: editor.report(uri)["encoding"], encoding.__eq__)
        assert exact(editor, uri) == "x 漢字 content 😀\n"


def test_not_resolving(editor: Editor) -> None:
    put(editor, "prompts/a.md", "a")
    uri = editor.open(editor.uri("prompts/p.md"), "x @file:a.md\n")
    assert exact(editor, uri) == "x a\n"
    editor.configure({"references": {"resolve": False}})
    rendered_soon(editor, uri, "x @file:a.md\n")
    editor.configure({})
    rendered_soon(editor, uri, "x a\n")
