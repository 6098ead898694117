from __future__ import annotations

import codecs

import pytest

from promptls.references.api.decoding import charset_of, decode, is_binary_type
from promptls.references.api.extraction import extract, path_problem
from promptls.references.api.model import Trouble


@pytest.mark.parametrize(
    ("body", "charset", "expected"),
    [
        (b"", None, ("", True)),
        ("é€".encode(), None, ("é€", True)),
        ("é".encode("latin-1"), "iso-8859-1", ("é", True)),
        ("é".encode("cp1252"), "windows-1252", ("é", True)),
        ("日本".encode("shift_jis"), "Shift_JIS", ("日本", True)),
        ("é".encode("utf-16"), None, ("é", True)),
        ("é".encode("utf-16"), "utf-16", ("é", True)),
        ("é".encode("utf-16-be"), "utf-16be", ("é", True)),
        ("é".encode("utf-32"), None, ("é", True)),
        (codecs.BOM_UTF8 + b"a", "latin-1", ("a", True)),
        (b"a\xffb", None, ("a\ufffdb", False)),
        (b"a\xffb", "ascii", ("a\ufffdb", False)),
        (b"a", "no-such-charset", ("a", True)),
        (b"a", "rot13", ("a", True)),
        (b"a", "unicode_escape", ("a", True)),
        (b"a", "punycode", ("a", True)),
        (b"a", "\0", ("a", True)),
    ],
)
def test_decoding(body: bytes, charset: str | None, expected: tuple[str, bool]) -> None:
    decoded = decode(body, charset)
    assert decoded is not None
    assert (decoded.text, decoded.exact) == expected


def test_bytes_with_nul_are_binary() -> None:
    assert decode(b"\x89PNG\r\n\0\0", None) is None


@pytest.mark.parametrize(
    ("content_type", "binary", "charset"),
    [
        ("", False, None),
        ("text/plain", False, None),
        ("text/html; charset=ISO-8859-1", False, "iso-8859-1"),
        ('application/json;charset="utf-8"', False, "utf-8"),
        ("image/png", True, None),
        ("IMAGE/PNG; x=y", True, None),
        ("image/svg+xml", False, None),
        ("video/mp4", True, None),
        ("application/pdf", True, None),
        ("application/zip", True, None),
        ("application/octet-stream", False, None),
        ("application/vnd.github+json", False, None),
    ],
)
def test_content_types(content_type: str, binary: bool, charset: str | None) -> None:
    assert (is_binary_type(content_type), charset_of(content_type)) == (binary, charset)


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ('{"a": "b c"}', "$.a", "b c"),
        ('{"a": 1.50}', "$.a", "1.5"),
        ('{"a": null}', "$.a", "null"),
        ('{"a": true}', "$.a", "true"),
        ('{"a": {"é": [1, 2]}}', "$.a", '{"é":[1,2]}'),
        ('[{"t": "x"}, {"t": "y"}, {"u": 1}]', "$[*].t", "x\ny"),
        ('[{"t": "x", "n": 1}, {"t": "y", "n": 5}]', "$[?@.n > 2].t", "y"),
        ('{"a": ""}', "$.a", ""),
    ],
)
def test_extraction(text: str, path: str, expected: str) -> None:
    assert extract(text, path, 1000) == expected


@pytest.mark.parametrize(
    ("text", "path", "reason", "code"),
    [
        ("", "$.a", "what is not JSON", "reference/api-failed"),
        ('{"a": ', "$.a", "line 1, column 7", "reference/api-failed"),
        ("<html>", "$.a", "what is not JSON", "reference/api-failed"),
        ('{"a": 1}', "$.b", "matches nothing", "reference/api-failed"),
        ("[" * 100_000, "$.a", "nested too deeply", "reference/api-failed"),
        ("[" + "9" * 5000 + "]", "$[0]", "too long a number", "reference/api-failed"),
        ('["' + "x" * 2000 + '"]', "$[0]", "more than fits", "reference/too-large"),
        ('{"a": 1}', "$..[", "is not a JSONPath", "reference/api-failed"),
    ],
)
def test_what_cannot_be_extracted(text: str, path: str, reason: str, code: str) -> None:
    trouble = extract(text, path, 1000)
    assert isinstance(trouble, Trouble)
    assert reason in trouble.reason
    assert trouble.code == code


def test_a_path_that_grows_without_end_is_stopped() -> None:
    data = "[" * 60 + "1" + "]" * 60
    trouble = extract(data, "$" + "..[*]" * 8, 10_000)
    assert isinstance(trouble, Trouble)
    assert trouble.code == "reference/too-large"


@pytest.mark.parametrize(("path", "fine"), [("$.a[*].b", True), ("$.[", False), ("", True)])
def test_paths(path: str, fine: bool) -> None:
    assert (path_problem(path) is None) == fine
