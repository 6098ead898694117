"""Find references, and references that go with renamed files and folders."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.lsp.conftest import Start
from tests.lsp.editor import EVERYTHING, Editor, Json, whole
from tests.lsp.test_workspace_index import lay_out, name_of, workspace

RENAMES: Json = {
    **EVERYTHING,
    "workspace": {
        **EVERYTHING["workspace"],
        "fileOperations": {"willRename": True},
        "workspaceEdit": {"documentChanges": True},
    },
}


def references(editor: Editor, name: str, line: int, character: int) -> list[tuple[str, int, int]]:
    found = editor.ask(
        "textDocument/references",
        editor.uri(name),
        position={"line": line, "character": character},
        context={"includeDeclaration": True},
    )
    return [
        (
            name_of(editor, one["uri"]),
            one["range"]["start"]["line"],
            one["range"]["start"]["character"],
        )
        for one in found
    ]


def test_find_references(start: Start) -> None:
    files = {
        "CLAUDE.md": "# Rules\nUse @docs/style.md and @docs/style.md\n",
        "docs/style.md": "@tone.md\n",
        "docs/tone.md": "Be kind.\n",
        "prompts/a.md": "# A\n😀 @file:../docs/tone.md?lines=1-2\n@file:../docs/*.md\n"
        "@file:../docs\n",
        "prompts/b.md": "# B\n```\n@file:../docs/tone.md\n```\n",
    }
    with start() as editor:
        lay_out(editor, files)
        editor.initialize()
        text = "# C\n@file:/docs/tone.md\n"
        editor.open(editor.uri("prompts/c.md"), text)  # was never saved
        tone = editor.open(editor.uri("docs/tone.md"), files["docs/tone.md"])
        everything = [
            ("docs/style.md", 0, 0),
            ("prompts/a.md", 1, 3),
            ("prompts/a.md", 2, 0),
            ("prompts/a.md", 3, 0),
            ("prompts/c.md", 1, 0),
        ]
        assert references(editor, "docs/tone.md", 0, 0) == everything
        editor.report(editor.uri("prompts/c.md"))
        assert references(editor, "prompts/c.md", 1, 5) == everything
        assert references(editor, "prompts/c.md", 0, 0) == []
        editor.close(tone)
        editor.open(editor.uri("CLAUDE.md"), files["CLAUDE.md"])
        editor.report(editor.uri("CLAUDE.md"))
        assert references(editor, "CLAUDE.md", 1, 8)[:2] == [
            ("CLAUDE.md", 1, 4),
            ("CLAUDE.md", 1, 23),
        ]
        # As the editor has it, not as it is on disk.
        editor.change(editor.uri("CLAUDE.md"), whole("# Rules\n\n@docs/tone.md\n"))
        assert references(editor, "prompts/c.md", 1, 5)[0] == ("CLAUDE.md", 2, 0)


def rename(editor: Editor, *renames: tuple[str, str]) -> None:
    """Rename files as an editor does: ask first, apply what comes, move, then tell."""
    files = [{"oldUri": editor.uri(old), "newUri": editor.uri(new)} for old, new in renames]
    edit = editor.wire.result("workspace/willRenameFiles", {"files": files}) or {}
    changes = edit.get("changes", {})
    for one in edit.get("documentChanges", []):
        changes[one["textDocument"]["uri"]] = one["edits"]
    for uri, edits in changes.items():
        path = editor.root / name_of(editor, uri)
        lines = path.read_text("utf-8").split("\n")
        for one in reversed(edits):
            first, last = one["range"]["start"], one["range"]["end"]
            assert first["line"] == last["line"]
            line = lines[first["line"]].encode("utf-16-le")
            new = one["newText"].encode("utf-16-le")
            line = line[: 2 * first["character"]] + new + line[2 * last["character"] :]
            lines[first["line"]] = line.decode("utf-16-le")
        path.write_text("\n".join(lines), "utf-8")
    for old, new in renames:
        (editor.root / new).parent.mkdir(parents=True, exist_ok=True)
        (editor.root / old).rename(editor.root / new)
    events = [{"uri": editor.uri(name), "type": 3} for name, _ in renames]
    events += [{"uri": editor.uri(name), "type": 1} for _, name in renames]
    editor.wire.notify("workspace/didChangeWatchedFiles", {"changes": events})


def texts(editor: Editor) -> dict[str, str]:
    return {
        str(path.relative_to(editor.root)): path.read_text("utf-8")
        for path in sorted(editor.root.rglob("*"))
        if path.is_file()
    }


FILES = {
    "CLAUDE.md": "# Rules\nSee @docs/style.md and @./docs/tone.md here\n",
    "docs/style.md": "@tone.md\n",
    "docs/tone.md": "Be kind.\n",
    "docs/data.bin": "\0",
    "prompts/a.md": '# A\n😀 @file:../docs/tone.md?max=20 @file:"../docs/tone.md"#L1\n'
    "@file:docs/*.md\n",
    "prompts/b.md": "# B\n@file:/docs/tone.md @file:../docs/data.bin @file:./missing.md\n",
    "prompts/deep/c.md": "# C\n@file:../a.md @file:../../docs/tone.md @file:d.md\n",
    "prompts/deep/d.md": "# D\n@file:c.md\n",
}


@pytest.mark.parametrize(
    ("renames", "expected"),
    [
        pytest.param(
            [("docs/tone.md", "docs/voice tone.md")],
            {
                "CLAUDE.md": "# Rules\nSee @docs/style.md and @./docs/voice\\ tone.md here\n",
                "docs/style.md": "@voice\\ tone.md\n",
                "prompts/a.md": '# A\n😀 @file:"../docs/voice tone.md"?max=20 '
                '@file:"../docs/voice tone.md"#L1\n@file:docs/*.md\n',
                "prompts/b.md": '# B\n@file:"/docs/voice tone.md" @file:../docs/data.bin '
                "@file:./missing.md\n",
                "prompts/deep/c.md": '# C\n@file:../a.md @file:"../../docs/voice tone.md" '
                "@file:d.md\n",
            },
            id="file",
        ),
        pytest.param(
            [("docs", "guides/all")],
            {
                "CLAUDE.md": "# Rules\nSee @guides/all/style.md and @./guides/all/tone.md here\n",
                "prompts/a.md": "# A\n😀 @file:../guides/all/tone.md?max=20 "
                '@file:"../guides/all/tone.md"#L1\n@file:guides/all/*.md\n',
                "prompts/b.md": "# B\n@file:/guides/all/tone.md @file:../guides/all/data.bin "
                "@file:./missing.md\n",
                "prompts/deep/c.md": "# C\n@file:../a.md @file:../../guides/all/tone.md "
                "@file:d.md\n",
            },
            id="folder",
        ),
        pytest.param(
            [("prompts/deep", "deep")],
            {"deep/c.md": "# C\n@file:../prompts/a.md @file:../docs/tone.md @file:d.md\n"},
            id="folder-with-documents",
        ),
        pytest.param(
            [("prompts/deep/c.md", "prompts/c.md"), ("docs/tone.md", "prompts/tone.md")],
            {
                "CLAUDE.md": "# Rules\nSee @docs/style.md and @./prompts/tone.md here\n",
                "docs/style.md": "@../prompts/tone.md\n",
                "prompts/a.md": '# A\n😀 @file:./tone.md?max=20 @file:"./tone.md"#L1\n'
                "@file:docs/*.md\n",
                "prompts/b.md": "# B\n@file:/prompts/tone.md @file:../docs/data.bin "
                "@file:./missing.md\n",
                "prompts/c.md": "# C\n@file:./a.md @file:./tone.md @file:deep/d.md\n",
                "prompts/deep/d.md": "# D\n@file:../c.md\n",
            },
            id="several",
        ),
        pytest.param([("prompts/b.md", "prompts/e.md")], {}, id="nothing-to-do"),
    ],
)
@pytest.mark.parametrize("capabilities", [RENAMES, EVERYTHING])
def test_rename(
    start: Start, capabilities: Json, renames: list[tuple[str, str]], expected: dict[str, str]
) -> None:
    with start() as editor:
        lay_out(editor, FILES)
        answer = editor.initialize(capabilities)
        operations = answer["capabilities"]["workspace"]["fileOperations"]
        assert ("willRename" in operations) is (capabilities is RENAMES)
        before = texts(editor)
        workspace(editor)
        rename(editor, *renames)
        moved = {}
        for name, text in before.items():
            for old, new in renames:
                if name == old or name.startswith(old + "/"):
                    name = new + name[len(old) :]
                    break
            moved[name] = text
        assert texts(editor) == moved | expected
        # What was found is found again.
        findings = {
            name_of(editor, one["uri"]): [finding["code"] for finding in one["findings"]]
            for one in workspace(editor)["documents"]
        }
        assert all("reference/blocked" not in codes for codes in findings.values())
        assert sum(codes.count("reference/not-found") for codes in findings.values()) == 1


def test_rename_with_unsaved_edits(start: Start) -> None:
    with start() as editor:
        lay_out(editor, FILES)
        editor.initialize(RENAMES)
        uri = editor.open(editor.uri("prompts/a.md"), FILES["prompts/a.md"])
        editor.change(uri, whole("\n\nNow @file:../docs/style.md\n"))
        files = [{"oldUri": editor.uri("docs/style.md"), "newUri": editor.uri("docs/s.md")}]
        edit = editor.wire.result("workspace/willRenameFiles", {"files": files})
        changes = {
            name_of(editor, one["textDocument"]["uri"]): one for one in edit["documentChanges"]
        }
        assert sorted(changes) == ["CLAUDE.md", "prompts/a.md"]
        assert changes["prompts/a.md"]["textDocument"]["version"] == 2
        assert changes["CLAUDE.md"]["textDocument"]["version"] is None
        (only,) = changes["prompts/a.md"]["edits"]
        assert only["range"]["start"] == {"line": 2, "character": 10}
        assert only["newText"] == "../docs/s.md"


@pytest.mark.parametrize("new", ["../outside.md", "untitled:x"])
def test_rename_out_of_the_workspace(start: Start, new: str) -> None:
    with start() as editor:
        lay_out(editor, FILES)
        editor.initialize(RENAMES)
        uri = new if ":" in new else (editor.root.parent / "outside.md").as_uri()
        files = [{"oldUri": editor.uri("docs/style.md"), "newUri": uri}]
        assert editor.wire.result("workspace/willRenameFiles", {"files": files}) is None


def test_rename_below_a_link(start: Start, tmp_path: Path) -> None:
    with start() as editor:
        shutil.rmtree(editor.root)
        real = tmp_path / "real"
        real.mkdir()
        editor.root.symlink_to(real)
        lay_out(editor, FILES)
        editor.initialize(RENAMES)
        rename(editor, ("docs/tone.md", "docs/voice.md"))
        assert texts(editor)["prompts/a.md"].startswith("# A\n😀 @file:../docs/voice.md?max=20")
