from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest
from tests.cli.scripting import Run, write
from tests.oracles.reference_encodings import reference_encoding

from promptls.tokens.errors import VocabularyMissingError

DOCUMENT = "# One\n\nSome text.\n\n## Two\n\nMore text.\n"
CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"


def test_json_is_the_contract(run: Run) -> None:
    write("sub/a.md", DOCUMENT)
    result = run("count", "--format", "json", "sub")
    assert (result.code, result.err) == (0, "")
    (document,) = result.json()["documents"]
    assert list(document) == [
        "path",
        "revision",
        "dialect",
        "model",
        "encoding",
        "accuracy",
        "tokens",
        "expandedTokens",
        "pending",
        "estimate",
        "framing",
        "budget",
        "sections",
        "references",
        "findings",
    ]
    assert document["path"] == "sub/a.md"
    assert document["tokens"] == len(reference_encoding("cl100k_base").encode(DOCUMENT))
    assert [section["title"] for section in document["sections"]] == ["One", "Two"]


def test_text_in_a_pipe_is_plain(run: Run) -> None:
    write("a.md", "Hello world\n")
    write("b.md", "---\nmodel: claude-sonnet-4-5\npromptls:\n  budget: 100\n---\nHello\n")
    result = run("count", "a.md", "b.md")
    rows = [line.split(None, 5) for line in result.out.splitlines()]
    assert rows[0] == ["TOKENS", "SENT", "ESTIMATE", "BUDGET", "ENCODING", "PATH"]
    assert rows[1] == ["3", "3", "-", "-", "cl100k_base", "a.md"]
    assert rows[2][3].endswith("%/100") and rows[2][2].isdigit()
    assert rows[3][5] == "total (2 documents)"
    assert int(rows[3][0]) == 3 + int(rows[2][0])
    assert result.out.isascii() and "\x1b" not in result.out


def test_sections(run: Run) -> None:
    write("a.md", DOCUMENT)
    lines = run("count", "--sections", "a.md").out.splitlines()
    assert lines[0] == "a.md: 12 tokens in cl100k_base"
    assert lines[1].split() == ["TOKENS", "OWN", "SENT", "BUDGET", "LINE", "SECTION"]
    assert lines[2].split() == ["12", "6", "12", "-", "1", "One"]
    assert lines[3].endswith("5    Two")


@pytest.mark.parametrize(
    ("arguments", "encoding", "model"),
    [
        ((), "o200k_base", "gpt-4o"),
        (("--encoding", "cl100k_base"), "cl100k_base", "gpt-4o"),
        (("--model", "gpt-4"), "cl100k_base", "gpt-4"),
        (("--root", "sub"), "cl100k_base", None),
    ],
)
def test_settings_and_options(
    run: Run, arguments: tuple[str, ...], encoding: str, model: str | None
) -> None:
    write("promptls.toml", 'model = "gpt-4o"\n')
    write("sub/a.md")
    (document,) = run("count", "--format", "json", "sub/a.md", *arguments).json()["documents"]
    assert (document["encoding"], document["model"]) == (encoding, model)


@pytest.mark.parametrize(
    ("name", "dialect", "path"),
    [(None, "markdown", "-"), ("x/CLAUDE.md", "claude", "x/CLAUDE.md")],
)
def test_standard_input(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str | None, dialect: str, path: str
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbfHello world\n")))
    options = ("--stdin-path", name) if name else ()
    (document,) = run("count", "--format", "json", "-", *options).json()["documents"]
    assert (document["tokens"], document["dialect"], document["path"]) == (3, dialect, path)


def test_folders_hold_what_a_rule_claims(run: Run) -> None:
    write("promptls.toml", '[[files]]\nglob = "system/*.tmpl"\ndialect = "claude"\n')
    for name in ("system/a.tmpl", "system/b.py", "other/a.tmpl", "notes.txt"):
        write(name)
    documents = run("count", "--format", "json", ".").json()["documents"]
    found = {document["path"]: document["dialect"] for document in documents}
    assert found == {"notes.txt": "markdown", "system/a.tmpl": "claude"}


def test_a_named_file_is_counted_even_if_ignored(run: Run) -> None:
    write(".gitignore", "*.md\n")
    write("a.md")
    assert run("count", "a.md").code == 0
    result = run("count", ".")
    assert (result.code, result.out) == (2, "")
    assert "no prompt documents" in result.err


@pytest.mark.parametrize(
    ("content", "tokens", "codes"),
    [
        (b"", 0, []),
        (b"Hello world\n", 3, []),
        (b"caf\xe9\n", 3, ["text/not-utf8"]),
        (b"\0\1\2", None, ["text/binary"]),
        (b"a" * 200, None, ["text/too-large"]),
        ("a\ud800".encode("utf-16-le", "surrogatepass"), None, ["text/binary"]),
    ],
)
def test_what_a_file_may_hold(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    content: bytes,
    tokens: int | None,
    codes: list[str],
) -> None:
    monkeypatch.setattr("promptls.cli.reading.read_file.__defaults__", (100,))
    write("bad.md", content)
    write("good.md")
    result = run("count", "--format", "json", "bad.md", "good.md")
    bad, good = result.json()["documents"]
    assert good["tokens"] == 3
    assert bad["tokens"] == tokens
    assert [finding["code"] for finding in bad["findings"]] == codes
    assert result.code == (2 if tokens is None else 0)
    assert ("bad.md" in result.err) == bool(codes)
    if not content:
        assert bad["sections"] == []


def test_what_cannot_be_had_is_told_and_the_rest_is_counted(run: Run) -> None:
    write("a.md")
    os.mkfifo("pipe.md")
    result = run("count", "none.md", "pipe.md", "a.md")
    assert result.code == 2
    assert result.out.splitlines()[1].split()[0] == "3"
    assert "none.md: there is no such file or folder" in result.err
    assert "pipe.md: This is not a regular file" in result.err


def test_an_encoding_that_is_missing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []

    def fail(name: str, *_: object) -> None:
        tries.append(name)
        raise VocabularyMissingError("It is missing.", "Get it.")

    monkeypatch.setattr("promptls.tokens.service.load_engine", fail)
    write("a.md")
    write("b.md")
    result = run("count", "--format", "json", "--encoding", "p50k_base", "a.md", "b.md")
    assert result.code == 2
    assert tries == ["p50k_base"]
    assert "a.md: It is missing. Get it." in result.err
    for document in result.json()["documents"]:
        assert document["tokens"] is None
        assert [finding["code"] for finding in document["findings"]] == ["tokens/not-counted"]


def test_settings_that_are_wrong_are_told_of_once(run: Run) -> None:
    write("promptls.toml", "debounce = 'soon'\n")
    write("a.md")
    write("b.md")
    result = run("count", "a.md", "b.md", "--model", "gpt-nothing-99")
    assert result.code == 0
    assert result.err.count("promptls.toml:1:1: ") == 1
    assert result.err.count("No model 'gpt-nothing-99' is known") == 1


@pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/corpus is not there")
def test_corpus_agrees_with_tiktoken(run: Run) -> None:
    result = run("count", "--format", "json", str(CORPUS))
    assert result.code == 0
    documents = result.json()["documents"]
    expected = {
        path.as_posix()
        for path in CORPUS.rglob("*")
        if path.suffix in {".md", ".prompt", ".prompty", ".txt", ".mdc"}
    }
    assert {document["path"] for document in documents} == expected
    for document in documents:
        text = Path(document["path"]).read_bytes().decode("utf-8-sig")
        encoding = reference_encoding(document["encoding"])
        assert document["tokens"] == len(encoding.encode_ordinary(text)), document["path"]
        assert sum(one["ownTokens"] for one in document["sections"]) == document["tokens"]
