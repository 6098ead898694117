from __future__ import annotations

import codecs
import errno
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptls.cli.reading import Content, Refused, decode, read_file


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"plain\r\n", "plain\r\n"),
        (codecs.BOM_UTF8 + "é".encode(), "é"),
        (codecs.BOM_UTF8, ""),
        (codecs.BOM_UTF16_LE + "a\u20ac\U0001f600".encode("utf-16-le"), "a\u20ac\U0001f600"),
        (codecs.BOM_UTF16_BE + "a\0b".encode("utf-16-be"), "a\0b"),
        (b"a" * 8192 + b"\0", "a" * 8192 + "\0"),
        ("a\u2028b\x0c\x0b\ufeff".encode(), "a\u2028b\x0c\x0b\ufeff"),
    ],
)
def test_text(data: bytes, text: str) -> None:
    assert decode(data) == Content(text)


@pytest.mark.parametrize(
    ("data", "text", "line", "character"),
    [
        (b"\xff", "\ufffd", 0, 0),
        (b"a\nbc\xe9d", "a\nbc\ufffdd", 1, 2),
        (b"a\r\nb\rc\xe9\xe9", "a\r\nb\rc\ufffd\ufffd", 2, 1),
        ("\U0001f600".encode() + b"\x80", "\U0001f600\ufffd", 0, 2),
        (b"\xed\xa0\x80", "\ufffd\ufffd\ufffd", 0, 0),
        (codecs.BOM_UTF16_LE + b"a\0b", "a\ufffd", 0, 1),
    ],
)
def test_bytes_that_are_no_text(data: bytes, text: str, line: int, character: int) -> None:
    content = decode(data)
    assert isinstance(content, Content)
    assert content.text == text
    (finding,) = content.findings
    assert (finding.code, finding.severity) == ("text/not-utf8", "warning")
    assert finding.range.start == (line, character)


@given(st.binary(max_size=40))
def test_any_bytes_become_text_or_are_refused(data: bytes) -> None:
    content = decode(data)
    if isinstance(content, Content):
        content.text.encode()  # no lone surrogates
        if not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            assert content.text == data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")


def code_of(path: Path, limit: int = 100) -> str:
    refused = read_file(path, limit)
    assert isinstance(refused, Refused)
    return refused.finding.code


def test_files_that_are_refused(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"PK\3\4\0\0")
    (tmp_path / "utf-32").write_bytes(codecs.BOM_UTF32_LE + "a".encode("utf-32-le"))
    (tmp_path / "large").write_bytes(b"a" * 101)
    (tmp_path / "loop").symlink_to("loop")
    assert code_of(tmp_path / "binary") == "text/binary"
    assert code_of(tmp_path / "utf-32") == "text/binary"
    assert code_of(tmp_path / "large") == "text/too-large"
    assert code_of(tmp_path / "gone") == "text/unreadable"
    assert code_of(tmp_path / "loop") == "text/unreadable"
    assert code_of(tmp_path) == "text/unreadable"
    assert read_file(tmp_path / "large", 101) == Content("a" * 101)


@pytest.mark.skipif(sys.platform == "win32", reason="no such files there")
def test_nothing_waits_for_pipes_and_devices(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert code_of(tmp_path / "pipe") == "text/unreadable"
    assert code_of(Path("/dev/zero")) == "text/unreadable"


def test_forbidden_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    (tmp_path / "secret").touch()
    monkeypatch.setattr(os, "open", refuse)  # root, who often runs tests, may read all
    assert code_of(tmp_path / "secret") == "text/unreadable"
