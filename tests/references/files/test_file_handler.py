"""What a `file` reference brings in, from real files."""

from __future__ import annotations

import codecs
import os
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from tests.oracles.reference_encodings import reference_count
from tests.references.files.requests import (
    code,
    content,
    handler,
    names,
    request,
    tokens,
)

from promptls.cache import Cache
from promptls.references.files import measuring, reading, source
from promptls.references.files.contents import content_of_text
from promptls.references.files.handler import FileHandler
from promptls.references.files.source import FileSource
from promptls.references.model import Content, Embedded, NotFound, Reading
from promptls.references.policy import AccessPolicy


def write(path: Path, data: str | bytes = "Hello world\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@pytest.mark.parametrize(
    ("data", "text", "codes"),
    [
        (b"", "", []),
        (b"Hello\n", "Hello", []),
        (b"Hello", "Hello", []),
        (b"Hello\r\n\r\n", "Hello\r\n", []),
        (codecs.BOM_UTF8 + b"Hello", "Hello", []),
        (codecs.BOM_UTF16_LE + "Größe\n".encode("utf-16-le"), "Größe", []),
        (codecs.BOM_UTF16_BE + "Größe\n".encode("utf-16-be"), "Größe", []),
        ("Größe".encode("latin-1"), "Gr\ufffd\ufffde", ["reference/not-utf8"]),
    ],
)
def test_text(tmp_path: Path, data: bytes, text: str, codes: list[str]) -> None:
    write(tmp_path / "a.md", data)
    files = handler(tmp_path)
    asked = request("a.md", tmp_path)
    found = content(files.resolve(asked))
    assert tokens(found) == reference_count("cl100k_base", text)
    assert found.size == len(text.encode())
    assert [notice.code for notice in found.notices] == codes
    assert files.text(found, asked) == text
    assert (found.name, found.path) == ("a.md", tmp_path / "a.md")
    assert found.uri == (tmp_path / "a.md").as_uri()
    write(tmp_path / "a.md", "other")
    assert files.text(found, asked) is None


def test_references_are_read_in_prompts_only(tmp_path: Path) -> None:
    text = "one\n@file:b.md two\n"
    for name, dialect, references in (("a.md", True, 1), ("a.py", True, 0), ("a.md", False, 0)):
        write(tmp_path / name, text)
        found = content(handler(tmp_path).resolve(request(name, tmp_path, reads=dialect)))
        embedded = [part for part in found.parts if isinstance(part, Embedded)]
        assert len(embedded) == references
        assert tokens(found) == reference_count("cl100k_base", text[:-1])


@pytest.mark.parametrize(
    ("lines", "text", "line"),
    [
        ((2, 3), "@file:b.md\nthree", 1),
        ((2, None), "@file:b.md\nthree\nfour", 1),
        ((4, 9), "four", 0),
    ],
)
def test_lines(tmp_path: Path, lines: tuple[int, int | None], text: str, line: int) -> None:
    write(tmp_path / "a.md", "one\n@file:b.md\nthree\nfour\n")
    files = handler(tmp_path)
    asked = request("a.md", tmp_path, lines=lines)
    found = content(files.resolve(asked))
    assert files.text(found, asked) == text
    assert tokens(found) == reference_count("cl100k_base", text)
    embedded = [part for part in found.parts if isinstance(part, Embedded)]
    # The line is that of the file, the offset that of the content.
    assert [(part.line, part.offset) for part in embedded] == [(line, 0)] * bool(line)
    assert found.key != content(files.resolve(request("a.md", tmp_path))).key
    assert content(files.resolve(asked)).level == "memory"


def test_lines_that_are_not_there(tmp_path: Path) -> None:
    write(tmp_path / "a.md", "one\n")
    found = content(handler(tmp_path).resolve(request("a.md", tmp_path, lines=(9, 12))))
    assert found.size == 0
    assert [notice.code for notice in found.notices] == ["reference/bad-option"]


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("../outside.md", "reference/blocked"),
        ("sub/../../outside.md", "reference/blocked"),
        ("~/outside.md", "reference/blocked"),
        ("file:///etc/hosts", "reference/blocked"),
        ("link-out.md", "reference/blocked"),
        ("folder-out/outside.md", "reference/blocked"),
        ("link-to-env.md", "reference/blocked"),
        (".env", "reference/blocked"),
        ("loop.md", "reference/unreadable"),
        ("pipe", "reference/unreadable"),
        ("link-to-device", "reference/blocked"),
        ("picture.png", "reference/binary"),
        ("large.md", "reference/too-large"),
        ("missing.md", "reference/not-found"),
        ("a.md/b.md", "reference/not-found"),
        ("dangling.md", "reference/not-found"),
        ("x" * 5000, "reference/not-found"),
        ("a\0b", "reference/not-found"),
        ("", "reference/not-found"),
        ("/etc/hosts", "reference/not-found"),
        ("[", "reference/not-found"),
        ("a.md", ""),
        (".env.example", ""),
        ("link-in.md", ""),
    ],
)
def test_what_is_not_brought_in(tmp_path: Path, target: str, expected: str) -> None:
    root = tmp_path / "work"
    write(tmp_path / "outside.md", "secret")
    write(root / "a.md")
    write(root / ".env", "KEY=1")
    write(root / ".env.example", "KEY=")
    write(root / "picture.png", b"\x89PNG\r\n\x1a\n\0\0")
    write(root / "large.md", "x" * 2001)
    for name, aim in {
        "link-out.md": tmp_path / "outside.md",
        "folder-out": tmp_path,
        "link-to-env.md": root / ".env",
        "link-to-device": Path("/dev/zero"),
        "link-in.md": root / "a.md",
        "dangling.md": root / "gone.md",
        "loop.md": root / "loop.md",
    }.items():
        (root / name).symlink_to(aim)
    os.mkfifo(root / "pipe")
    outcome = handler(root, max_bytes=2000).resolve(request(target, root))
    assert code(outcome) == expected


def test_an_absolute_path_in_claude(tmp_path: Path) -> None:
    root = tmp_path / "work"
    inside, outside = write(root / "a.md"), write(tmp_path / "outside.md")
    policy = AccessPolicy((root,), (tmp_path,), trusted=True)

    def resolve(target: Path, files: FileHandler) -> str:
        asked = request(str(target), root, dialect="claude", form="at-path")
        return code(files.resolve(asked))

    assert resolve(inside, handler(root)) == ""
    assert resolve(outside, handler(root)) == "reference/blocked"
    assert resolve(outside, handler(policy=policy)) == ""
    untrusted = AccessPolicy((root,), (tmp_path,), trusted=False)
    assert resolve(outside, handler(policy=untrusted)) == "reference/blocked"


def test_a_file_that_may_not_be_read() -> None:
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root can become somebody who may read less")
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        root.chmod(0o755)
        write(root / "closed.md").chmod(0o000)
        write(root / "folder" / "a.md")
        write(root / "open.md")
        (root / "folder").chmod(0o000)
        try:
            os.seteuid(65534)
            files = handler(root)
            assert code(files.resolve(request("closed.md", root))) == "reference/unreadable"
            assert code(files.resolve(request("folder/a.md", root))) == "reference/unreadable"
            assert code(files.resolve(request("folder", root))) == "reference/unreadable"
            assert names(files.resolve(request("**/*.md", root))) == ["open.md"]
        finally:
            os.seteuid(0)


def test_a_document_outside_of_all_folders(tmp_path: Path) -> None:
    write(tmp_path / "a" / "b" / "x.md")
    write(tmp_path / "a" / "y.md")
    document = tmp_path / "a" / "prompt.md"
    files = handler(tmp_path / "work")
    assert content(files.resolve(request("b/x.md", None, path=document)))
    assert content(files.resolve(request("y.md", None, path=document)))
    # An imported file looks around from its own folder, but the document's is the root.
    imported = request("../y.md", document.parent, path=tmp_path / "a" / "b" / "x.md")
    assert content(files.resolve(imported))
    assert code(files.resolve(request("../z.md", None, path=document))) == "reference/blocked"
    unsaved = files.resolve(request("y.md", None))
    assert isinstance(unsaved, NotFound)
    assert "Save the document" in unsaved.notice.message


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = write(tmp_path / "a.md", "one")
    files = handler(tmp_path)
    asked = request("a.md", tmp_path)
    first = content(files.resolve(asked))
    assert first.level == "source"
    assert content(files.resolve(asked)).level == "memory"
    write(path, "two two")
    changed = content(files.resolve(asked))
    assert (changed.level, changed.size) == ("source", 7)
    assert content(files.resolve(asked)) == replace(changed, level="memory")


def test_a_file_that_was_just_written_is_not_trusted(tmp_path: Path) -> None:
    write(tmp_path / "a.md", "one")
    files = handler(tmp_path, clock=time.time)
    asked = request("a.md", tmp_path)
    assert content(files.resolve(asked)).level == "source"
    assert content(files.resolve(asked)).level == "source"


def test_equal_texts_are_counted_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.md", "b.md", "c.md"):
        write(tmp_path / name, "the same text\n" * 10)
    counted = []
    real = measuring.measure_text

    def measure(*arguments: object) -> measuring.MeasuredText:
        counted.append(arguments)
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(source, "measure_text", measure)
    outcomes = handler(tmp_path).resolve_many(
        [request(name, tmp_path) for name in ("a.md", "b.md", "c.md", "a.md")]
    )
    assert len({content(outcome).hash for outcome in outcomes}) == 1
    assert len(counted) == 1


@pytest.mark.parametrize("times", [1, 2, 100])
def test_a_file_that_changes_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    path = write(tmp_path / "a.md", "begin\n")
    left = [times]
    real = os.read

    def read(handle: int, size: int) -> bytes:
        data = real(handle, size)
        if left[0]:
            left[0] -= 1
            if times == 100:
                path.write_text("begin\n")
            else:
                with path.open("a") as file:
                    file.write(f"more {left[0]}\n")
        return data

    monkeypatch.setattr(os, "read", read)
    files = handler(tmp_path)
    outcome = files.resolve(request("a.md", tmp_path))
    if times == 100:
        assert code(outcome) == "reference/unreadable"
    else:
        found = content(outcome)
        text = path.read_text()
        assert found.size == len(text) - 1
        assert tokens(found) == reference_count("cl100k_base", text[:-1])


def test_a_large_file_is_read_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PIECE", 5000)
    text = "".join(f"line {number} of many, see @file:b{number}.md\r\n" for number in range(2000))
    write(tmp_path / "a.md", text)
    found = content(handler(tmp_path).resolve(request("a.md", tmp_path)))
    assert found.size == len(text) - 2
    assert tokens(found) == reference_count("cl100k_base", text[:-2])
    embedded = [part for part in found.parts if isinstance(part, Embedded)]
    assert [part.line for part in embedded] == list(range(2000))
    assert all(text.startswith(part.reference.text, part.offset) for part in embedded)


def test_too_many_references(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "REFERENCES_MAX", 3)
    write(tmp_path / "a.md", "@file:b.md\n" * 4)
    assert code(handler(tmp_path).resolve(request("a.md", tmp_path))) == "reference/too-large"


def test_a_text_without_a_place_to_cut(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "A" * (5 << 20))
    assert code(handler(tmp_path).resolve(request("a.txt", tmp_path))) == "reference/unreadable"


def test_after_a_restart(tmp_path: Path) -> None:
    root, folder = tmp_path / "work", tmp_path / "cache"
    write(root / "a.md", "see @file:b.md\n")
    write(root / "b.md", "Größe".encode("latin-1"))
    write(root / "c.md", b"Hello" * 2000 + b"\0")
    asked = [request(name, root) for name in ("a.md", "b.md", "c.md")]
    cache = Cache(None, folder)
    before = [content(one) for one in handler(root, cache=cache).resolve_many(asked)]
    assert cache.flush(30)
    cache.close()
    cache = Cache(None, folder)
    cache.open()
    files = handler(root, cache=cache)
    after = [content(one) for one in files.resolve_many(asked)]
    assert [one.level for one in after] == ["database"] * 3
    for one, other in zip(before, after, strict=True):
        assert (one.parts, one.hash, one.size, one.notices, one.key) == (
            other.parts,
            other.hash,
            other.size,
            other.notices,
            other.key,
        )
    write(root / "a.md", "now another text")
    again = [content(one).level for one in files.resolve_many(asked)]
    assert again == ["source", "memory", "memory"]
    cache.close()


class Editor:
    """Documents that are open in an editor."""

    def __init__(self, texts: dict[Path, str]) -> None:
        self.texts = texts

    def content(self, path: Path, reading: Reading) -> Content | None:
        text = self.texts.get(path)
        return None if text is None else content_of_text(str(path), path.name, None, text, reading)

    def text(self, path: Path) -> str | None:
        return self.texts.get(path)


def test_a_file_that_is_open_counts_as_it_stands_there(tmp_path: Path) -> None:
    root = tmp_path / "work"
    write(root / "a.md", "on disk")
    write(root / ".env", "KEY=1")
    write(tmp_path / "out.md")
    (root / "link.md").symlink_to(root / "a.md")
    editor = Editor(
        {
            root / "a.md": "one\ntwo, not saved\n",
            root / "new.md": "never saved",
            root / ".env": "KEY=2",
            tmp_path / "out.md": "outside",
        }
    )
    files = handler(root, open_documents=editor)
    for target, text in (
        ("a.md", "one\ntwo, not saved"),
        ("link.md", "one\ntwo, not saved"),
        ("new.md", "never saved"),
    ):
        asked = request(target, root)
        found = content(files.resolve(asked))
        assert found.level == "editor"
        assert tokens(found) == reference_count("cl100k_base", text)
        assert files.text(found, asked) == text
    second = request("a.md", root, lines=(2, 2))
    assert files.text(content(files.resolve(second)), second) == "two, not saved"
    assert code(files.resolve(request(".env", root))) == "reference/blocked"
    assert code(files.resolve(request("../out.md", root))) == "reference/blocked"


def test_one_reading_serves_all_threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a.md", "text")
    begun, go_on = threading.Event(), threading.Event()
    reads = []
    real = FileSource.read_many

    def read(self: FileSource, *arguments: object) -> list[source.Read]:
        reads.append(1)
        begun.set()
        assert go_on.wait(30)
        return real(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(FileSource, "read_many", read)
    files = handler(tmp_path)
    found: list[Content] = []

    def resolve() -> None:
        found.append(content(files.resolve(request("a.md", tmp_path))))

    threads = [threading.Thread(target=resolve) for _ in range(4)]
    threads[0].start()
    assert begun.wait(30)
    for thread in threads[1:]:
        thread.start()
    go_on.set()
    for thread in threads:
        thread.join(30)
    assert len(found) == 4
    assert len({one.hash for one in found}) == 1
    # Those that came late enough found it in memory.
    assert len(reads) == 1
    assert not files._under_way


class StoppedError(Exception):
    pass


def test_who_waits_for_work_that_is_stopped_does_it(tmp_path: Path) -> None:
    write(tmp_path / "a.md", "text")
    begun, go_on = threading.Event(), threading.Event()
    first = threading.Thread()

    def checkpoint() -> None:
        if threading.current_thread() is first:
            begun.set()
            assert go_on.wait(30)
            raise StoppedError

    files = FileHandler(lambda: AccessPolicy((tmp_path,)), checkpoint=checkpoint)
    asked = request("a.md", tmp_path)
    stopped: list[bool] = []

    def be_stopped() -> None:
        try:
            files.resolve(asked)
        except StoppedError:
            stopped.append(True)

    first = threading.Thread(target=be_stopped)
    first.start()
    assert begun.wait(30)
    found: list[Content] = []
    second = threading.Thread(target=lambda: found.append(content(files.resolve(asked))))
    second.start()
    go_on.set()
    first.join(30)
    second.join(30)
    assert stopped == [True]
    assert len(found) == 1
    assert not files._under_way
