"""Inlay hints: labels as in the contract, places in all encodings, and where there are none."""

from __future__ import annotations

from typing import Any

import pytest
from tests.lsp.conftest import Start
from tests.lsp.editor import Editor, edit
from tests.oracles.reference_encodings import reference_count
from tests.oracles.text_model import Encoding, to_units

BODY = "words " * 700 + "\n"
LF = "\n"
FRONT = "---\nname: x\n---\n"
UNSENT = "<!-- promptls: ignore=budget/* -->\n"


def tok(text: str, encoding: str = "cl100k_base") -> str:
    return f"{reference_count(encoding, text):,} tok"


@pytest.mark.parametrize(
    ("text", "settings", "labels"),
    [
        ("", None, []),
        ("only text\n", None, [tok("only text\n")]),
        ("# A\nhello\n", None, [tok("# A\nhello\n")]),
        (f"# A\n{BODY}", None, [tok(f"# A\n{BODY}")]),
        ("intro\n# A\n## B\nb\n# C\n", None, ["2 tok", tok("# A\n## B\nb\n"), "5 tok", "3 tok"]),
        ("A\n=\n\nB\n-\nb\n", None, [tok("A\n=\n\nB\n-\nb\n"), tok("B\n-\nb\n")]),
        ("<a>\n# A\n</a>\n", None, [tok("<a>\n# A\n</a>\n"), "3 tok"]),
        (f"{FRONT}# A\n", None, [f"{tok(FRONT)} → 0", "3 tok"]),
        (f"# A\n{UNSENT}a\n", None, [f"{tok('# A' + LF + UNSENT + 'a' + LF)} → 5"]),
        ("# A\nhello\n", {"encoding": "o200k_base"}, [tok("# A\nhello\n", "o200k_base")]),
        ("# A\nhello\n", {"model": "gpt-4o"}, [tok("# A\nhello\n", "o200k_base")]),
        ("# A\nhello\n", {"budget": {"section": 10}}, ["5 tok · 50 % of 10"]),
        ("# A\nhello\n", {"budget": {"section": 2000}}, ["5 tok · 0 % of 2,000"]),
        ("# A\nhello\n", {"budget": {"document": 10}}, ["5 tok"]),
        (f"{FRONT}# A\n", {"budget": {"section": 6}}, ["6 tok → 0", "3 tok · 50 % of 6"]),
        ("# A\n<!-- promptls: budget=4 -->\n", None, ["11 tok → 3 · 75 % of 4"]),
    ],
)  # fmt: skip
def test_labels(editor: Editor, text: str, settings: object, labels: list[str]) -> None:
    uri = editor.uri("prompts/labels.md")
    editor.settings[uri] = settings
    editor.open(uri, text)
    editor.report(uri)
    assert editor.labels(uri) == labels


def test_labels_of_a_model_with_a_secret_tokenizer(editor: Editor) -> None:
    uri = editor.uri("prompts/claude.md")
    editor.settings[uri] = {"model": "claude-sonnet-4-5", "budget": {"section": 4000}}
    editor.open(uri, f"# A\n{BODY}{UNSENT}")
    report = editor.report(uri)
    section = report["sections"][0]
    likely = report["estimate"]["likely"]
    assert report["tokens"] > section["expandedTokens"]
    assert likely > section["expandedTokens"]
    share = 100 * likely // 4000
    (label,) = editor.labels(uri)
    first, _, rest = label.partition(" tok → ")
    assert first.startswith("≈")
    assert int(first[1:].replace(",", "")) > likely
    assert rest == f"{likely:,} · {share} % of 4,000"


@pytest.mark.parametrize(
    ("first", "last", "lines"),
    [
        (0, 100, [0, 2, 4, 6]),
        (0, 0, [0]),
        (1, 3, [2]),
        (2, 4, [2, 4]),
        (3, 3, []),
        (5, 6, [6]),
        (6, 1_000_000, [6]),
        (7, 20, []),
        (50, 60, []),
    ],
)
def test_ranges(editor: Editor, first: int, last: int, lines: list[int]) -> None:
    uri = editor.open(editor.uri("prompts/ranges.md"), "# A\n\n## B\nb\n## C\n\n# D\n")
    editor.report(uri)
    assert [hint["position"]["line"] for hint in editor.hints(uri, first, last)] == lines


HEADS = (
    "# plain",
    "## 漢字",
    "### 😀 emoji 👩‍👧",
    "é <b>",
    "===",
    "# ٣ \u2028 x",
    "<tag>",
    "</tag>",
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_columns(start: Start, encoding: Encoding) -> None:
    with start() as editor:
        editor.initialize(encodings=[encoding])
        # 1,030 characters: longer than what is looked at for structure.
        heads = (*HEADS, "# " + "漢" * 1028)
        uri = editor.open(editor.uri("prompts/a.md"), "\n".join(heads))
        editor.report(uri)
        before = editor.hints(uri)
        expected = [(line, len(to_units(heads[line], encoding))) for line in (0, 1, 2, 3, 5, 6, 8)]
        assert places(before) == expected
        assert [hint["paddingLeft"] for hint in before] == [True] * len(before)
        editor.change(uri, edit((1, 3), (1, 3), "😀"), edit((0, 0), (0, 0), "\n"))
        wider = len(to_units("😀", encoding))
        expected = [(line + 1, column) for line, column in expected]
        expected[1] = expected[1][0], expected[1][1] + wider
        assert places(editor.hints(uri))[-7:] == expected


def places(hints: list[dict[str, Any]]) -> list[tuple[int, int]]:
    return [(hint["position"]["line"], hint["position"]["character"]) for hint in hints]


def test_tooltips(editor: Editor) -> None:
    uri = editor.uri("prompts/tooltips.md")
    editor.settings[uri] = {"model": "claude-sonnet-4-5"}
    editor.open(uri, f"{FRONT}# A\n{BODY}")
    report = editor.report(uri)
    front, body = (hint["tooltip"] for hint in editor.hints(uri))
    assert "6 tokens with subsections, exactly, in cl100k_base; 0 of them are sent" in front
    assert f"{report['expandedTokens']:,} tokens with subsections" in body
    assert f"claude-sonnet-4-5: ≈{report['estimate']['likely']:,} expected" in body
    assert report["estimate"]["source"] in body


@pytest.mark.parametrize(
    ("name", "language", "text", "settings", "shown"),
    [
        ("README.md", "markdown", "# A\n", None, False),
        ("docs/guide.md", "markdown", "# A\n", None, False),
        ("README.md", "markdown", "# A\n", {"markdown": "all"}, True),
        ("README.md", "markdown", "# A\n<!-- promptls: budget=9 -->\n", None, True),
        ("README.md", "markdown", "# A\n", {"files": [{"glob": "README.md"}]}, True),
        ("README.md", "markdown", "# A\n", {"files": [{"glob": "OTHER.md"}]}, False),
        ("main.py", "python", "# A\n", {"markdown": "all"}, False),
        ("CLAUDE.md", "markdown", "# A\n", None, True),
        ("deep/AGENTS.md", "markdown", "# A\n", None, True),
        ("x/prompts/y.md", "markdown", "# A\n", None, True),
        ("x/my-prompt.txt", "plaintext", "# A\n", None, True),
        ("x/notes.txt", "plaintext", "# A\n", None, False),
        ("a.prompty", "plaintext", "# A\n", None, True),
        ("x/rules.mdc", "plaintext", "# A\n", None, True),
        ("CLAUDE.md", "markdown", "# A\n", {"hints": {"sections": False}}, False),
    ],
)
def test_where_hints_appear(
    editor: Editor, name: str, language: str, text: str, settings: object, shown: bool
) -> None:
    uri = editor.uri(name)
    editor.settings[uri] = settings
    editor.open(uri, text, language)
    report = editor.report(uri)
    assert report["tokens"] == reference_count("cl100k_base", text)
    assert bool(editor.labels(uri)) is shown


def test_untitled_documents(editor: Editor) -> None:
    uri = editor.open("untitled:Untitled-1", "# A\n<!-- promptls: budget=8 -->\nhello\n")
    report = editor.report(uri)
    assert report["tokens"] == reference_count(
        "cl100k_base", "# A\n<!-- promptls: budget=8 -->\nhello\n"
    )
    assert len(editor.labels(uri)) == 1


def test_a_directive_that_is_typed_makes_a_document_a_prompt(editor: Editor) -> None:
    uri = editor.open(editor.uri("README.md"), "# A\n")
    assert editor.labels(uri) == []
    editor.change(uri, edit((1, 0), (1, 0), "<!-- promptls: model=gpt-4o -->\n"))
    assert len(editor.labels(uri)) == 1
    editor.change(uri, edit((1, 0), (2, 0), ""))
    assert editor.labels(uri) == []


def test_a_document_that_is_not_open_has_no_hints(editor: Editor) -> None:
    assert editor.hints(editor.uri("prompts/none.md")) == []


def test_uris_written_otherwise_name_the_same_document(editor: Editor) -> None:
    uri = editor.open(editor.uri("prompts/a b.md"), "# A\nhello\n")
    assert "%20" in uri
    other = uri.replace("%20", " ").replace("prompts", "p%72ompts")
    editor.report(other)
    assert editor.labels(other) == ["5 tok"]
    editor.change(other, edit((1, 0), (1, 5), ""), version=2)
    assert editor.report(uri)["tokens"] == reference_count("cl100k_base", "# A\n\n")
