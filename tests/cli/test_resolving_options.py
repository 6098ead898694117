"""`count` resolves references: what the options allow, and where counts are kept."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cli.scripting import Run, write, write_user_settings
from tests.oracles.reference_encodings import reference_count
from tests.oracles.web_server import Reply, WebServer, web_server

DATABASE = Path("promptls") / "promptls-cache.sqlite3"


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server() as running:
        yield running


def counted(run: Run, *arguments: str) -> dict[str, Any]:
    result = run("count", "--format", "json", *arguments)
    assert result.code == 0
    (document,) = result.json()["documents"]
    assert isinstance(document, dict)
    return document


def state(document: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(one["status"], one["code"]) for one in document["references"]]


def test_references_are_resolved(run: Run) -> None:
    write("promptls.toml", "")
    write("docs/a.md", "First, @file:b.md\n")
    write("docs/b.md", "second\r\n")
    text = "# One\n\n@file:docs/a.md!\n\n## Two\n\nEnd\n"
    write("main.md", text)
    document = counted(run, "main.md")
    assert document["tokens"] == reference_count("cl100k_base", text)
    sent = text.replace("@file:docs/a.md", "First, second")
    assert document["expandedTokens"] == reference_count("cl100k_base", sent)
    (reference,) = document["references"]
    assert (reference["status"], reference["target"]) == ("resolved", "docs/a.md")
    assert reference["resolvedUri"] == Path("docs/a.md").absolute().as_uri()
    assert reference["tokens"] == reference_count("cl100k_base", "First, @file:b.md")
    assert reference["expandedTokens"] == reference_count("cl100k_base", "First, second")


@pytest.mark.parametrize("how", ["option", "setting"])
def test_nothing_is_looked_up(run: Run, how: str) -> None:
    write("a.md")
    write("main.md", "@file:a.md\n")
    if how == "setting":
        write("promptls.toml", "[references]\nresolve = false\n")
    document = counted(run, "main.md", *(["--no-resolve"] if how == "option" else []))
    assert state(document) == [("deferred", None)]
    assert document["tokens"] == document["expandedTokens"]
    assert document["pending"] == 0


def test_what_is_not_brought_in_is_told_on_standard_error(run: Run) -> None:
    write("promptls.toml", "")
    write("main.md", "@file:no.md, @file:no.md?optional and @file:../no.md\n")
    result = run("count", "main.md")
    assert result.code == 0
    assert result.err == (
        "promptls: 2 references count as written, for nothing could be brought in: "
        "see `promptls check`\n"
    )
    write("main.md", "@file:no.md?optional\n")
    assert run("count", "main.md").err == ""


def test_the_table_of_references(run: Run) -> None:
    write("a.md", "Hello world\n")
    write("main.md", "@file:a.md\n@var:x\n")
    lines = run("count", "--references", "main.md").out.splitlines()
    assert lines[0] == "main.md: 9 tokens, 7 sent, in cl100k_base"
    assert lines[1].split() == ["TOKENS", "EXPANDED", "LINE", "KIND", "STATUS", "TARGET"]
    assert lines[2].split() == ["2", "2", "1", "file", "resolved", "a.md"]
    assert lines[3].split() == ["-", "-", "2", "var", "undefined-variable", "x"]
    both = run("count", "--references", "--sections", "main.md").out
    assert "SECTION" in both and "TARGET" in both


@pytest.mark.parametrize(
    ("reference", "without", "granted"),
    [
        ("@var:env:GREETING", "blocked", "resolved"),
        ("@file:{outside}/a.md", "blocked", "resolved"),
        ("@var:env:HOME", "blocked", "blocked"),
        ("@file:{other}/b.md", "blocked", "blocked"),
    ],
)
def test_trust(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    reference: str,
    without: str,
    granted: str,
) -> None:
    monkeypatch.setenv("GREETING", "Hello")
    write_user_settings(
        f"environment = ['GREETING']\nallowed-roots = [{str(tmp_path / 'outside')!r}]\n"
    )
    write(str(tmp_path / "outside" / "a.md"))
    write(str(tmp_path / "other" / "b.md"))
    target = reference.format(outside="../outside", other="../other")
    write("promptls.toml", "")
    write("main.md", f"{target}\n")
    (told,) = state(counted(run, "main.md"))
    assert told == (without, "reference/blocked")
    (allowed,) = state(counted(run, "main.md", "--trust"))
    assert allowed[0] == granted


def test_the_network(run: Run, server: WebServer) -> None:
    url = server.answer("/status", Reply("All is well", headers={"cache-control": "max-age=60"}))
    write("main.md", f"@api:{url}\n")
    write_user_settings(f"allowed-hosts = [{server.address!r}]\n")
    assert state(counted(run, "main.md")) == [("blocked", "reference/blocked")]
    offline = state(counted(run, "main.md", "--trust", "--no-network"))
    assert offline == [("blocked", "reference/blocked")]
    assert server.requests == []
    document = counted(run, "main.md", "--trust")
    assert state(document) == [("resolved", None)]
    assert document["expandedTokens"] == reference_count("cl100k_base", "All is well\n")
    assert len(server.requests) == 1
    # What is known from before serves without the network, and while it is fresh.
    assert state(counted(run, "main.md", "--trust", "--no-network")) == [("resolved", None)]
    assert state(counted(run, "main.md", "--trust")) == [("resolved", None)]
    assert len(server.requests) == 1


def test_many_requests_and_files_together(run: Run, server: WebServer) -> None:
    write_user_settings(f"allowed-hosts = [{server.address!r}]\n")
    parts, sent = [], []
    for number in range(150):
        write(f"parts/{number}.md", f"Part {number}\n")
        parts.append(f"@file:parts/{number}.md\n")
        sent.append(f"Part {number}\n")
    for number in range(12):
        parts.append(f"@api:{server.answer(f'/{number}', f'Answer {number}')}\n" * 2)
        sent.append(f"Answer {number}\n" * 2)
    write("main.md", "".join(parts))
    document = counted(run, "--trust", "main.md")
    assert {status for status, _ in state(document)} == {"resolved"}
    assert document["expandedTokens"] == reference_count("cl100k_base", "".join(sent))
    assert len(server.requests) == 12


def test_a_document_brings_in_nothing_of_another_workspace(run: Run) -> None:
    for name in ("one", "two"):
        write(f"{name}/promptls.toml", "")
        write(f"{name}/secret.md", "Secret\n")
    write("one/main.md", "@file:../two/secret.md @file:secret.md\n")
    write("two/main.md", "@file:../one/secret.md @file:secret.md\n")
    result = run("count", "--format", "json", "one/main.md", "two/main.md")
    states = [state(document) for document in result.json()["documents"]]
    assert states == [[("blocked", "reference/blocked"), ("resolved", None)]] * 2


def test_standard_input_refers_from_the_current_folder(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a.md", "Hello\n")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"@file:a.md @file:../b.md")))
    document = counted(run, "-")
    assert state(document) == [("resolved", None), ("blocked", "reference/blocked")]


@pytest.mark.parametrize(
    ("settings", "option", "kept"),
    [
        ("", (), "default"),
        ("", ("--database", "memory"), None),
        ("[database]\nenabled = false\n", (), None),
        ("[database]\nenabled = false\n", ("--database", "{folder}/x.db"), "x.db"),
        ("[database]\nurl = '{folder}/y.db'\n", (), "y.db"),
        ("[database]\nurl = '{folder}/y.db'\n", ("--database", "{folder}/x.db"), "x.db"),
        ("[database]\nurl = '{folder}/y.db'\n", ("--database", "memory"), None),
        ("", ("--no-resolve",), None),
    ],
)
def test_database(
    run: Run, tmp_path: Path, settings: str, option: tuple[str, ...], kept: str | None
) -> None:
    folder = f"sqlite:///{tmp_path}"
    write_user_settings(settings.format(folder=folder))
    write("a.md")
    write("main.md", "@file:a.md\n")
    counted(run, "main.md", *(part.format(folder=folder) for part in option))
    default = tmp_path / "cache" / DATABASE
    expected = {default if kept == "default" else tmp_path / kept} if kept else set()
    places = {default, tmp_path / "x.db", tmp_path / "y.db"}
    assert {place for place in places if place.exists()} == expected


@pytest.mark.parametrize("url", ["nonsense", "mysql://user:hidden@host/name", "sqlite:relative"])
def test_a_url_that_names_no_database(run: Run, url: str) -> None:
    write("a.md")
    result = run("count", "--database", url, "a.md")
    assert (result.code, result.out) == (2, "")
    assert "--database" in result.err and "hidden" not in result.err


def test_a_database_that_cannot_be_used_is_told_of(run: Run, tmp_path: Path) -> None:
    write("a.md")
    write("main.md", "@file:a.md\n")
    (tmp_path / "folder.db").mkdir()
    result = run("count", "--database", f"sqlite:///{tmp_path}/folder.db", "main.md")
    assert result.code == 0
    assert result.out.splitlines()[1].split()[:2] == ["5", "3"]
    assert len(result.err.splitlines()) == 1 and "folder.db" in result.err
