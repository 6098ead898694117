"""Completion: paths by the dialect's rule, endpoints, variables, options, and nothing elsewhere."""

from __future__ import annotations

from typing import Any

import pytest
from tests.lsp.conftest import Start
from tests.lsp.editor import EVERYTHING, Editor, Json
from tests.lsp.places import position

CURSOR = "│"


def ask(editor: Editor, text: str, name: str = "prompts/doc.md", encoding: str = "utf-16") -> Json:
    """Complete at the bar in a text; `label → new text` is what a client makes of the answer."""
    offset = text.index(CURSOR)
    text = text.replace(CURSOR, "")
    uri = editor.open(editor.uri(name), text)
    editor.report(uri)
    place = position(text, offset, encoding)
    answer: Json = editor.ask("textDocument/completion", uri, position=place)
    for item in answer["items"]:
        edit = item["textEdit"]
        assert edit["range"]["end"] == place
        assert edit["range"]["start"]["line"] == place["line"]
    editor.close(uri)
    return answer


def labels(editor: Editor, text: str, name: str = "prompts/doc.md") -> list[str]:
    items = ask(editor, text, name)["items"]
    return [item["label"] for item in sorted(items, key=lambda item: item["sortText"])]


def accepted(editor: Editor, text: str, label: str, name: str = "prompts/doc.md") -> str:
    """The line of the bar after a choice was taken (in utf-16)."""
    items: list[Any] = ask(editor, text, name)["items"]
    edit = next(item["textEdit"] for item in items if item["label"] == label)
    line = next(line for line in text.split("\n") if CURSOR in line)
    before, after = line.split(CURSOR)
    units = before.encode("utf-16-le")[: 2 * edit["range"]["start"]["character"]]
    return f"{units.decode('utf-16-le')}{edit['newText']}{after}"


@pytest.fixture
def files(editor: Editor) -> None:
    for name in (
        "prompts/alpha.md",
        "prompts/beta gamma.md",
        "prompts/sub/deep.md",
        "prompts/_part.prompt",
        "prompts/.hidden.md",
        "prompts/.env",
        "prompts/ignored/x.md",
        "top.md",
        "docs/a b/guide.md",
        ".cursor/rules/style.mdc",
    ):
        path = editor.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text\n")
    (editor.root / ".git").mkdir(exist_ok=True)
    editor.write(".gitignore", "ignored/\n")
    editor.write(
        "promptls.toml",
        '[vars]\nname = "Ann"\nnumber = "1"\n[endpoints.status]\nurl = "https://x.example/"\n',
    )


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    ("text", "name", "wanted"),
    [
        ("see @file:./│", "prompts/doc.md", ["_part.prompt", "alpha.md", "beta gamma.md", "sub/"]),
        ("see @file:al│", "prompts/doc.md", ["alpha.md"]),
        ("see @file:AL│", "prompts/doc.md", ["alpha.md"]),
        ("see @file:top│", "prompts/doc.md", ["top.md"]),
        ("see @file:/top│", "prompts/doc.md", ["top.md"]),
        ("see @file:../top│", "prompts/doc.md", ["top.md"]),
        ("see @file:sub/│", "prompts/doc.md", ["deep.md"]),
        ('see @file:"docs/a b/│', "prompts/doc.md", ["guide.md"]),
        ("see @file:../../│", "prompts/doc.md", []),
        ("see @file:/etc/│", "prompts/doc.md", []),
        ("see @file:none/│", "prompts/doc.md", []),
        ("see @al│", "prompts/CLAUDE.md", ["alpha.md"]),
        ("see @top│", "prompts/CLAUDE.md", []),
        ("see @top│", "prompts/x.mdc", ["top.md"]),
        ("see @sty│", "prompts/x.mdc", ["style"]),
        ("see #file:al│", "prompts/x.prompt.md", ["alpha.md"]),
        ("see #file:│", "prompts/x.prompt.md", ["_part.prompt", "alpha.md", "sub/"]),
        ("see [x](al│", "prompts/x.prompt.md", ["alpha.md"]),
        ("see {{> p│", "prompts/x.prompt", ["part"]),
        ("see ${file:al│", "prompts/x.prompty", ["alpha.md"]),
        ("see @api:│", "prompts/doc.md", ["status"]),
        ("see @var:n│", "prompts/doc.md", ["name", "number"]),
        ("see @var:num│", "prompts/doc.md", ["number"]),
        ("see {{na│", "prompts/x.prompty", ["name"]),
        ("see @file:alpha.md?│", "prompts/doc.md", ["lines", "max", "optional"]),
        ("see @file:alpha.md?lines=1-2&m│", "prompts/doc.md", ["max"]),
        ("see @│", "prompts/doc.md", ["@api:", "@file:", "@var:"]),
        ("see @v│", "prompts/doc.md", ["@var:"]),
        ("see #f│", "prompts/x.prompt.md", ["#file:"]),
        ("see ${│", "prompts/x.prompty", ["${env:", "${file:"]),
        ("mail me@│", "prompts/doc.md", []),
        ("plain│", "prompts/doc.md", []),
    ],
)
def test_what_is_offered(editor: Editor, text: str, name: str, wanted: list[str]) -> None:
    found = labels(editor, text, name)
    # What is hidden or ignored comes last, wherever it comes.
    rest = [label for label in found if label not in (".hidden.md", "ignored/")]
    assert rest == wanted
    assert found[: len(rest)] == rest


@pytest.mark.usefixtures("files")
def test_secrets_and_git_are_not_offered(editor: Editor) -> None:
    found = labels(editor, "@file:./│")
    assert found[-2:] == [".hidden.md", "ignored/"]
    assert ".env" not in found
    assert ".git/" not in labels(editor, "@file:/│")


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    ("text", "name", "label", "line"),
    [
        ("😀 @file:al│ b", "prompts/doc.md", "alpha.md", "😀 @file:alpha.md b"),
        ("@file:sub/d│", "prompts/doc.md", "deep.md", "@file:sub/deep.md"),
        ("😀 @file:be│", "prompts/doc.md", "beta gamma.md", '😀 @file:"beta gamma.md"'),
        ('@file:"be│"', "prompts/doc.md", "beta gamma.md", '@file:"beta gamma.md"'),
        ("@file:/docs/│", "prompts/doc.md", "a b/", '@file:"/docs/a b/'),
        ("@b│", "prompts/CLAUDE.md", "beta gamma.md", "@beta\\ gamma.md"),
        ("[x](b│)", "prompts/x.prompt.md", "beta gamma.md", "[x](beta%20gamma.md)"),
        ("😀 @a│", "prompts/doc.md", "@api:", "😀 @api:"),
        ("@var:na│", "prompts/doc.md", "name", "@var:name"),
        ("@file:a.md?m│", "prompts/doc.md", "max", "@file:a.md?max="),
    ],
)
def test_what_a_choice_puts_in(editor: Editor, text: str, name: str, label: str, line: str) -> None:
    assert accepted(editor, text, label, name) == line


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    "text",
    [
        "```\n@file:│\n```\n",
        "```@file:│\nx\n```\n",
        "<!--\n@file:│\n-->\n",
        "<!-- @file:│ -->\n",
        "---\nname: @file:│\n---\n",
        "`@file:│`\n",
    ],
)
def test_nothing_where_references_do_not_count(editor: Editor, text: str) -> None:
    assert labels(editor, text) == []


@pytest.mark.usefixtures("files")
def test_after_a_fence_all_is_as_before(editor: Editor) -> None:
    assert labels(editor, "```\nx\n```\n# T\ntext\n@file:al│") == ["alpha.md"]
    assert labels(editor, "@file:al│\n```\nx\n```\n") == ["alpha.md"]


@pytest.mark.usefixtures("files")
def test_a_quiet_file_gets_only_what_is_plainly_asked_for(editor: Editor) -> None:
    assert labels(editor, "see @│", "README.md") == []
    assert labels(editor, "see @file:top│", "README.md") == ["top.md"]


def test_a_long_list_is_cut_and_says_so(editor: Editor) -> None:
    for number in range(230):
        path = editor.root / f"prompts/long/{number:03}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    answer = ask(editor, "@file:long/│")
    assert (answer["isIncomplete"], len(answer["items"])) == (True, 200)
    answer = ask(editor, "@file:long/22│")
    assert (answer["isIncomplete"], len(answer["items"])) == (False, 12)


def test_columns_in_utf_8(start: Start) -> None:
    with start() as editor:
        editor.initialize(encodings=["utf-8"])
        editor.write("prompts/é.md", "x")
        (item,) = ask(editor, "漢字 😀 @file:./é│", encoding="utf-8")["items"]
        start_of_name = len("漢字 😀 @file:./".encode())
        assert item["textEdit"]["range"]["start"]["character"] == start_of_name


@pytest.mark.parametrize("trusted", [False, True])
def test_names_from_the_environment_need_trust(start: Start, trusted: bool) -> None:
    options = {"trusted": trusted, "machine": {"environment": ["MY_NAME"]}}
    with start() as editor:
        editor.initialize(options=options)
        wanted = ["env:MY_NAME"] if trusted else []
        assert labels(editor, "see ${env:│", "x.prompty") == wanted


def test_the_folder_that_holds_the_document_is_its_root(start: Start) -> None:
    with start() as editor:
        roots = [editor.root / name for name in ("one", "two")]
        folders = [{"uri": root.as_uri(), "name": root.name} for root in roots]
        editor.wire.initialize(capabilities=EVERYTHING, workspaceFolders=folders)
        for root in roots:
            editor.write(f"{root.name}/{root.name}.md", "x")
        assert labels(editor, "@file:/│", "one/prompts/a.md") == ["one.md"]
        assert labels(editor, "@file:/│", "two/prompts/a.md") == ["two.md"]
