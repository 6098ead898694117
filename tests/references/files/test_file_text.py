"""Decoding, cutting and measuring in pieces give what they give on the whole."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.oracles.reference_encodings import PACKAGED, reference_count, tiktoken_engine
from tests.oracles.texts import TEXTS

from promptls.prompts.dialects import DIALECTS
from promptls.references.files.contents import brought_in, text_brought_in
from promptls.references.files.decoding import Decoder, kind_of
from promptls.references.files.measuring import hash_text, measure_text
from promptls.references.model import Embedded
from promptls.references.skeletons import dump_parts, load_parts
from promptls.tokens.measure import Measure, join, total

SIZES = st.sampled_from([1, 2, 3, 7, 100])


def cut(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


def decode(data: bytes, size: int) -> tuple[str, str]:
    kind = kind_of(data)
    assert kind.encoding, kind
    decoder = Decoder(kind)
    # The byte order mark is in the first piece.
    pieces = [data[:4], *cut(data[4:], size)]
    text = "".join(decoder.decode(piece) for piece in pieces)
    return text + decoder.decode(b"", final=True), decoder.invalid


@pytest.mark.parametrize(
    ("data", "text", "invalid"),
    [
        (b"", "", ""),
        (b"plain", "plain", ""),
        (codecs.BOM_UTF8 + "é".encode(), "é", ""),
        (codecs.BOM_UTF8 * 2 + b"x", "\ufeffx", ""),
        ("größer".encode("latin-1"), "gr\ufffd\ufffder", "f6"),
        (b"\xe2\x82", "\ufffd", "e2 82"),
        (codecs.BOM_UTF16_LE + "hé😀".encode("utf-16-le"), "hé😀", ""),
        (codecs.BOM_UTF16_BE + "hé😀".encode("utf-16-be"), "hé😀", ""),
        (codecs.BOM_UTF16_LE + b"a\0\x00\xd8", "a\ufffd", "00 d8"),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 1000])
def test_decode(data: bytes, text: str, invalid: str, size: int) -> None:
    decoded, found = decode(data, size)
    assert decoded == text
    assert bool(found) == bool(invalid)
    assert invalid.startswith(found)


@settings(max_examples=200)
@given(data=st.binary(max_size=60), size=SIZES)
def test_decoding_in_pieces_is_decoding(data: bytes, size: int) -> None:
    for mark, encoding in ((b"a", "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le")):
        whole = mark + data
        kind = kind_of(whole)
        if kind.encoding == encoding:
            expected = whole[kind.skip :].decode(encoding, "replace")
            decoded, invalid = decode(whole, size)
            assert decoded == expected
            try:
                whole[kind.skip :].decode(encoding)
            except UnicodeDecodeError:
                assert invalid
            else:
                assert not invalid


@pytest.mark.parametrize(
    "data",
    [
        b"a\0b",
        b"%PDF-1.7\n...",
        b"PK\x03\x04rest",
        b"\x89PNG\r\n",
        b"\x1f\x8b\x08xx",
        codecs.BOM_UTF32_LE + "text".encode("utf-32-le"),
        codecs.BOM_UTF32_BE + "text".encode("utf-32-be"),
        b"x\x01\x02\x03\x04\x05",
    ],
)
def test_binary(data: bytes) -> None:
    assert kind_of(data) == ("", 0, kind_of(data).reason)
    assert kind_of(data).reason


def test_a_nul_farther_on_is_text() -> None:
    assert kind_of(b"a" * 9000 + b"\0").encoding == "utf-8"
    # An escape sequence or two is text, as in a log.
    assert kind_of(b"\x1b[31mred\x1b[0m").encoding == "utf-8"


@pytest.mark.parametrize(
    ("text", "lines", "expected"),
    [
        ("a\nb\n", None, "a\nb"),
        ("a\n\n", None, "a\n"),
        ("a\r\n", None, "a"),
        ("a\r", None, "a"),
        ("\n", None, ""),
        ("\ufeffa", None, "a"),
        ("a\nb\nc\nd", (2, 3), "b\nc"),
        ("a\r\nb\rc\nd", (2, 3), "b\rc"),
        ("a\nb\nc", (2, None), "b\nc"),
        ("a\nb\nc", (1, 1), "a"),
        ("a\nb\nc", (3, 9), "c"),
        ("a\nb\nc", (4, 9), ""),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 1000])
def test_brought_in(
    text: str, lines: tuple[int, int | None] | None, expected: str, size: int
) -> None:
    assert text_brought_in(text, lines) == expected
    text = text.removeprefix("\ufeff")
    pieces, _ = brought_in([text[at : at + size] for at in range(0, len(text), size)], lines)
    assert "".join(pieces) == expected


@settings(max_examples=100, deadline=None)
@given(text=TEXTS, size=SIZES, encoding=st.sampled_from(PACKAGED), first=st.integers(1, 8))
def test_measured_in_pieces(text: str, size: int, encoding: str, first: int) -> None:
    engine = tiktoken_engine(encoding)
    for lines in (None, (first, first + 3)):
        expected = text_brought_in("\ufeff" + text, lines)
        pieces, _ = brought_in([text[at : at + size] for at in range(0, len(text), size)], lines)
        measured = measure_text(pieces, engine, None)
        assert (measured.hash, measured.size) == hash_text([expected])
        (whole,) = measured.parts
        assert isinstance(whole, Measure)
        assert total(whole, engine) == reference_count(encoding, expected)


REFERRING = st.lists(
    st.sampled_from(["@file:a.md", " @var:x?optional", "\n", "\n```\n", " text", "é ", "@api:x "]),
    max_size=40,
).map("".join)


@settings(max_examples=100, deadline=None)
@given(text=REFERRING, size=SIZES)
def test_parts_are_the_text_and_survive_the_cache(text: str, size: int) -> None:
    engine = tiktoken_engine("cl100k_base")
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    measured = measure_text(pieces, engine, DIALECTS["markdown"])
    literal = []
    for part in measured.parts:
        if isinstance(part, Embedded):
            written = part.reference.text
            assert text.startswith(written, part.offset)
            assert text.count("\n", 0, part.offset) == part.line
            part = Measure(written, None, "", len(written.encode()))
        literal.append(part)
    whole = join(literal, engine)
    assert whole.size == measured.size == len(text.encode())
    assert total(whole, engine) == reference_count("cl100k_base", text)
    assert load_parts(dump_parts(measured.parts)) == measured.parts


@pytest.mark.parametrize("data", [b"", b"{", b"[[1]]", b"[1]", b'[["a"]]', b"[[0,0,[]]]", b"\xff"])
def test_parts_that_are_none(data: bytes) -> None:
    assert load_parts(data) is None
