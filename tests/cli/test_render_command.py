from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.cli.scripting import Run, run_process, write, write_user_settings
from tests.oracles.reference_encodings import reference_count

from promptls.prompts.dialects import is_prompt_path
from promptls.references.files.handler import FileHandler
from promptls.references.model import Content, Request

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"


INSTALLED = """
[aliases]
"~/.claude/get-shit-done" = "get-shit-done"

[[files]]
glob = "**/*.md"
dialect = "claude"
"""
"""These are written to be installed as Claude Code's; their folders here do not say so."""


def corpus_sample(folder: str, size: int) -> list[str]:
    """So many documents, half of them such that hold an at sign."""
    found = [path for path in (CORPUS / folder).rglob("*") if path.is_file()]
    found = sorted(path for path in found if is_prompt_path(path))
    likely = [path for path in found if b" @" in path.read_bytes() or b"\n@" in path.read_bytes()]
    chosen = [group[:: len(group) * 2 // size + 1] for group in (likely, found)]
    return sorted({str(path) for group in chosen for path in group})


@pytest.mark.parametrize(
    ("content", "rendered"),
    [
        (b"", b""),
        (b"Plain\n", b"Plain\n"),
        (b"No line break at the end", b"No line break at the end"),
        (b"One\r\n@file:a.md\r\nTwo\rThree\n\n", b"One\r\nFirst\nsecond\r\nTwo\rThree\n\n"),
        (b"\xef\xbb\xbfAfter a BOM, @file:crlf.md", b"After a BOM, a\r\nb"),
        ("In UTF-16: é\n".encode("utf-16"), "In UTF-16: é\n".encode()),
        (b"---\nmodel: gpt-4o\n---\n@file:a.md", b"First\nsecond"),
        (
            "\U0001f600 @file:a.md \U0001f600".encode(),
            "\U0001f600 First\nsecond \U0001f600".encode(),
        ),
        (b"\x1b[31m \0x7f stays\t", None),
        (b"\x1b[31m stays\t", b"\x1b[31m stays\t"),
        (b"<!-- promptls: budget=9000 -->\nText `@file:a.md`\n", b"Text `@file:a.md`\n"),
        (b"@file:*.md?max=5000", b"First\nsecond\na\r\nb"),
    ],
)
def test_byte_for_byte(run: Run, content: bytes, rendered: bytes | None) -> None:
    write("promptls.toml", "")
    write("a.md", b"First\nsecond\n")
    write("crlf.md", b"\xef\xbb\xbfa\r\nb\r\n")
    write("main.txt", content)
    if rendered is None:
        result = run("render", "main.txt")
        assert (result.code, result.out) == (2, "")
        assert result.err.startswith("promptls: main.txt: ")
        return
    result = run("render", "main.txt")
    assert (result.code, result.out.encode(), result.err) == (0, rendered, "")
    run("render", "--output", "out.bin", "main.txt")
    assert Path("out.bin").read_bytes() == rendered


def test_real_script(run: Run) -> None:
    write("a.md", b"\xef\xbb\xbfx\r\ny\r\n")
    write("main.md", "é\r\n@file:a.md\r\n@file:none.md".encode())
    result = run_process("render", "main.md", PYTHONIOENCODING="latin-1")
    assert (result.code, result.out) == (0, "é\r\nx\r\ny\r\n@file:none.md".encode())
    assert result.err.startswith("promptls: main.md:3:1: There is no file `none.md`")
    assert len(result.err.splitlines()) == 1
    result = run_process("render", "main.md", "--output", "out.txt")
    assert (result.code, result.out) == (0, b"")
    assert Path("out.txt").read_bytes() == "é\r\nx\r\ny\r\n@file:none.md".encode()


def origin(segment: dict[str, Any], sources: dict[str, str]) -> str:
    """The stretch of its source that a segment says it is."""
    lines = sources[segment["uri"]].splitlines(keepends=True)
    start, end = segment["range"]["start"], segment["range"]["end"]
    offsets = [sum(map(len, lines[: place["line"]])) + place["character"] for place in (start, end)]
    return sources[segment["uri"]][offsets[0] : offsets[1]]


def test_json(run: Run) -> None:
    write("promptls.toml", "")
    sources = {
        "main.md": "---\nname: x\n---\nOne @file:a.md two\n@file:parts/*.md\nend",
        "a.md": "A1\nA2 @file:parts/b.md A3\n",
        "parts/b.md": "B\n",
        "parts/c.md": "C\n",
    }
    for name, text in sources.items():
        write(name, text)
    prompt = run("render", "--format", "json", "main.md").json()
    assert list(prompt) == ["path", "tokens", "text", "segments"]
    assert prompt["path"] == "main.md"
    assert prompt["text"] == "One A1\nA2 B A3 two\nB\nC\nend"
    assert prompt["tokens"] == reference_count("cl100k_base", prompt["text"])
    by_uri = {Path(name).absolute().as_uri(): text for name, text in sources.items()}
    by_uri["main.md"] = sources["main.md"]
    position = 0
    for segment in prompt["segments"]:
        assert segment["start"] == position
        position = segment["end"]
        text = prompt["text"][segment["start"] : segment["end"]]
        assert segment["tokens"] == reference_count("cl100k_base", text)
        if segment["range"] is None:
            assert (segment["uri"], text) == (None, "\n")
        else:
            assert origin(segment, by_uri) == text
    assert position == len(prompt["text"])


def test_what_stays_as_written_is_told(run: Run) -> None:
    write("promptls.toml", "")
    text = "@file:no.md @file:../x.md @file:no.md?optional @var:y @api:z\n@file:main.md"
    write("main.md", text)
    result = run("render", "main.md")
    assert (result.code, result.out) == (0, text)
    places = [line.split(": ")[1] for line in result.err.splitlines()]
    assert places == ["main.md:1:1", "main.md:1:13", "main.md:1:48", "main.md:1:55", "main.md:2:1"]
    assert run("render", "--no-resolve", "main.md") == (0, text, "")


@pytest.mark.parametrize(
    "arguments",
    [("folder",), ("*.md",), ("a.md", "b.md"), ("a.md", "--output", "a.md"), ("-", "--no-such")],
)
def test_wrong_use_of_render(run: Run, arguments: tuple[str, ...]) -> None:
    for name in ("a.md", "b.md", "folder/c.md"):
        write(name, "Hello")
    result = run("render", *arguments)
    assert (result.code, result.out) == (2, "")
    assert "Usage: promptls render" in result.err
    assert Path("a.md").read_text() == "Hello"


def test_what_cannot_be_had(run: Run) -> None:
    assert run("render", "none.md") == (
        2,
        "",
        "promptls: none.md: there is no such file or folder\n",
    )
    write("a.md", "Hello")
    result = run("render", "a.md", "--output", "no/such/folder")
    assert (result.code, result.out) == (2, "")
    assert "no/such/folder: cannot be written" in result.err


@pytest.mark.parametrize(("changes", "code"), [(1, 0), (2, 0), (3, 2)])
def test_a_content_that_changes_meanwhile(
    run: Run, monkeypatch: pytest.MonkeyPatch, changes: int, code: int
) -> None:
    write("a.md", "Before\n")
    write("main.md", "@file:a.md")
    left = [f"After {number}\n" for number in range(changes)]
    text = FileHandler.text

    def text_of_changed_file(
        handler: FileHandler, content: Content, request: Request
    ) -> str | None:
        if left:
            write("a.md", left.pop())
        return text(handler, content, request)

    monkeypatch.setattr(FileHandler, "text", text_of_changed_file)
    result = run("render", "main.md")
    assert result.code == code
    if code:
        assert result.out == "" and "a.md has changed" in result.err
    else:
        assert (result.out, result.err) == ("After 0", "")


def test_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write("x/a.md", "Hello")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"@./a.md\r\n")))
    assert run("render", "-", "--stdin-path", "x/CLAUDE.md").out == "Hello\r\n"


def test_a_terminal_obeys_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("promptls.cli.render.is_terminal", lambda: True)
    write("main.md", "Tab\there\r\nred \x1b[31m\rover\u202e\n")
    assert run("render", "main.md").out == "Tab\there\nred \\x1b[31m\\x0dover\\u202e\n"


@pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/corpus is not there")
@pytest.mark.parametrize(
    ("folder", "settings", "size", "resolved"),
    [(".", "", 60, 0), ("get-shit-done", INSTALLED, 50, 30)],
)
def test_corpus_counts_are_those_of_what_is_rendered(
    run: Run, folder: str, settings: str, size: int, resolved: int
) -> None:
    write_user_settings(settings)
    sample = corpus_sample(folder, size)
    options = ("--database", "memory", *(("--root", str(CORPUS / folder)) if settings else ()))
    documents = run("count", "--format", "json", *options, *sample).json()["documents"]
    assert len(documents) == len(sample) > size / 2
    for document in documents:
        out = run("render", *options, document["path"]).out
        expected = reference_count(document["encoding"], out)
        assert document["expandedTokens"] == expected, document["path"]
        resolved -= sum(one["status"] == "resolved" for one in document["references"])
    assert resolved <= 0
