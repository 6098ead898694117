"""Hover on a reference: figures, origin, what failed, and the first lines, which never render."""

from __future__ import annotations

import re

import pytest
from tests.lsp.conftest import Start
from tests.lsp.editor import Editor
from tests.lsp.places import at, span
from tests.oracles.reference_encodings import reference_count


def tokens(text: str) -> int:
    return reference_count("cl100k_base", text)


def opened(editor: Editor, text: str, name: str = "prompts/hover.md") -> str:
    uri = editor.open(editor.uri(name), text)
    editor.report(uri)
    return uri


def hover(editor: Editor, uri: str, text: str, needle: str) -> str:
    answer = editor.ask("textDocument/hover", uri, position=at(text, needle))
    value: str = answer["contents"]["value"]
    assert answer["contents"]["kind"] == "markdown"
    return value


def test_figures_and_first_lines(editor: Editor) -> None:
    inner = "inner words " * 20
    editor.write("prompts/inner.md", inner)
    body = "\n".join(f"line {number}" for number in range(1, 30)) + "\n@file:inner.md\n"
    editor.write("prompts/body.md", body)
    text = "# 😀\n🙂 see @file:body.md?max=2000 there\n"
    uri = opened(editor, text)
    editor.configure({"budget": {"document": 1000}}, uri)
    report = editor.wait(lambda: editor.report(uri), lambda report: report["budget"] is not None)
    reference = report["references"][0]
    found = hover(editor, uri, text, "body.md")
    for part in (
        r"**prompts\/body\.md**",
        f"**{tokens(body[:-1])} tokens**, {reference['expandedTokens']} with what it brings in",
        "of its budget of 2,000",
        "of the document's budget of 1,000",
        "```\nline 1\n",
        "line 10\n…\n```",
    ):
        assert part in found, found
    assert "line 11" not in found
    assert re.search(r"(?m)^From .* · read \d+ s ago$", found)
    answer = editor.ask("textDocument/hover", uri, position=at(text, "@file"))
    assert answer["range"] == span(text, "@file:body.md?max=2000")


def test_hover_right_behind_a_reference_and_on_none(editor: Editor) -> None:
    editor.write("prompts/a.md", "alpha")
    text = "# One\nsee @file:a.md there\n"
    uri = opened(editor, text)
    assert "alpha" in hover(editor, uri, text, " there")
    assert editor.ask("textDocument/hover", uri, position=at(text, "here")) is None
    assert "tokens** with subsections" in hover(editor, uri, text, "# One")


HOSTILE = "````\n![x](http://evil.example/x.png)\n<img src=x>\n``````\ncommand:[a](command:b)\n"


def test_nothing_in_a_content_gets_out_of_its_fence(editor: Editor) -> None:
    editor.write("prompts/a.md", HOSTILE)
    text = "see @file:a.md\n"
    uri = opened(editor, text)
    found = hover(editor, uri, text, "a.md")
    fence = "`" * 7
    before, inside, after = found.split(f"{fence}")
    assert (inside.strip("\n"), after) == (HOSTILE.strip("\n"), "")
    assert "<" not in before


@pytest.mark.parametrize(
    "name", ["[x](http://e.md", "![x](a.md", "<b>.md", "*a*.md", "`a.md", "&lt;.md"]
)
def test_names_read_as_they_are_written(editor: Editor, name: str) -> None:
    path = name.replace("/", "_")
    editor.write(f"prompts/{path}", "x")
    text = f'see @file:"{path}"\n\nand @file:"no{path}"\n'
    uri = opened(editor, text)
    title = hover(editor, uri, text, "@file").split("\n")[0]
    plain = re.sub(r"\\(.)", r"\1", title.strip("*").replace("**", ""))
    assert plain == f"prompts/{path}"
    # Every character that Markdown could take for its own is escaped.
    assert not re.search(r"(?<!\\)[\[\]<>`!&_]", re.sub(r"\\.", "", title))
    missing = hover(editor, uri, text, f"no{path}")
    assert not re.search(r"(?<![\\])[\[<!]", re.sub(r"`[^`]*`", "", missing))


def test_what_failed_is_told_with_its_reason(editor: Editor) -> None:
    (editor.root / "prompts").mkdir(exist_ok=True)
    (editor.root / "prompts/blob.md").write_bytes(b"\0\1\2" * 500)
    text = (
        "@file:none.md @file:blob.md @var:nobody @file:../../out.md @api:https://x.example/?k=1\n"
    )
    uri = opened(editor, text)
    assert "There is no file `none.md`" in hover(editor, uri, text, "none.md")
    assert "not brought in" in hover(editor, uri, text, "blob.md")
    assert "Nothing defines the variable `nobody`" in hover(editor, uri, text, "nobody")
    assert "it lies outside of the workspace" in hover(editor, uri, text, "../../out.md")
    blocked = hover(editor, uri, text, "https")
    assert "this workspace is not trusted" in blocked


def test_secret_values_are_masked(editor: Editor) -> None:
    key = "sk-" + "a1B2" * 8
    editor.settings[""] = {"vars": {"mood": "glad", "key": key, "apiPassword": "hunter2"}}
    text = "@var:mood @var:key @var:apiPassword\n"
    uri = opened(editor, text)
    assert "```\nglad\n```" in hover(editor, uri, text, "mood")
    assert "```\nsk-••••••••\n```" in hover(editor, uri, text, "@var:key")
    password = hover(editor, uri, text, "apiPassword")
    assert "hunter2" not in password
    assert "••••••••" in password


def test_many_files_are_listed(editor: Editor) -> None:
    for number in range(12):
        editor.write(f"prompts/many/{number:02}.md", f"text {number}")
    text = "all @file:many/\n"
    uri = opened(editor, text)
    found = hover(editor, uri, text, "many/")
    assert r"**many\/** · 12 files" in found
    assert r"- prompts\/many\/09\.md" in found
    assert "- and 2 more" in found
    assert "text 0" not in found


def test_a_document_that_is_open_shows_as_it_stands_there(editor: Editor) -> None:
    editor.write("prompts/a.md", "on disk")
    editor.open(editor.uri("prompts/a.md"), "in the editor")
    text = "see @file:a.md\n"
    uri = opened(editor, text)
    found = hover(editor, uri, text, "a.md")
    assert "As it stands in the editor" in found
    assert "```\nin the editor\n```" in found


def test_what_another_tool_loads(editor: Editor) -> None:
    editor.write("prompts/b.md", "beta")
    text = "see #file:./b.md\n"
    uri = opened(editor, text)
    found = hover(editor, uri, text, "b.md")
    assert "GitHub Copilot loads this" in found
    assert "beta" not in found


def test_hover_in_utf_8(start: Start) -> None:
    text = "x\n漢字 😀 @file:a.md\n"
    with start() as editor:
        editor.initialize(encodings=["utf-8"])
        editor.write("prompts/a.md", "alpha")
        uri = opened(editor, text)
        place = at(text, "@file", "utf-8")
        answer = editor.ask("textDocument/hover", uri, position=place)
        assert answer["range"] == span(text, "@file:a.md", "utf-8")
        before = {**place, "character": place["character"] - 1}
        assert editor.ask("textDocument/hover", uri, position=before) is None
