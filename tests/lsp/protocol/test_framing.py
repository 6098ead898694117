from __future__ import annotations

import json
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptls.lsp.protocol.framing import DESYNC, Desync, FrameDecoder

HEADERS = (
    b"Content-Length: %d\r\n\r\n",
    b"content-length:%d\r\n\r\n",
    b"CONTENT-LENGTH:   %d  \r\n\r\n",
    b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: %d\r\n\r\n",
    b"Content-Length: %d\r\nContent-Type: x\r\nX-Other: Content-Length\r\n\r\n",
    b"Content-Length: %d\r\nContent-Length: %d\r\n\r\n",
    b"Content-Length: %d\n\n",
    b"\r\n\r\nContent-Length: %d\r\n\r\n",
)


def framed(body: bytes, header: bytes = HEADERS[0]) -> bytes:
    return header.replace(b"%d", b"%d" % len(body)) + body


def read(stream: bytes, size: int = 1 << 16) -> list[bytes | Desync]:
    """All that a decoder gives, fed in pieces of `size`; what is no JSON is rejected."""
    decoder = FrameDecoder()
    found: list[bytes | Desync] = []
    for at in range(0, len(stream), size):
        decoder.feed(stream[at : at + size])
        while (body := decoder.next()) is not None:
            if isinstance(body, Desync):
                found.append(body)
                continue
            try:
                json.loads(body)
            except ValueError:
                decoder.reject(body)
                found.append(DESYNC)
            else:
                found.append(bytes(body))
    return found


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("size", [1, 7, 1 << 16])
def test_every_form_of_header(header: bytes, size: int) -> None:
    bodies: list[bytes | Desync] = [b'{"a":1}', b"[]", b'"\\r\\n\\r\\n"']
    assert read(b"".join(framed(body, header) for body in bodies if type(body) is bytes), size) == (
        bodies
    )


json_text = st.recursive(
    st.none() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=4)
).map(lambda value: json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(json_text, st.sampled_from(HEADERS))), st.integers(1, 40))
def test_bodies_survive_any_cutting(messages: list[tuple[bytes, bytes]], size: int) -> None:
    stream = b"".join(framed(body, header) for body, header in messages)
    assert read(stream, size) == [body for body, _ in messages]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300), st.integers(1, 40))
def test_noise_never_costs_more_than_the_next_message(noise: bytes, size: int) -> None:
    """Whatever comes first, of two messages after it the second is always found."""
    stream = noise + framed(b"[1]") + framed(b"[2]")
    assert read(stream, size)[-1:] == [b"[2]"]


GOOD = framed(b"[2]")


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(b"Content-Length: 5\r\n\r\n[1]", id="too long by a few bytes"),
        pytest.param(b"Content-Length: 40\r\n\r\n[1]", id="too long by a message"),
        pytest.param(b"Content-Length: 900000000\r\n\r\n[1]", id="far too long"),
        pytest.param(b"Content-Length: 1\r\n\r\n[1]", id="too short"),
        pytest.param(b"Content-Length: 99999999999999\r\n\r\n[1]", id="absurd"),
        pytest.param(b"Content-Length: %s\r\n\r\n[1]" % (b"9" * 5000), id="thousands of digits"),
        pytest.param(b"Content-Length: -3\r\n\r\n[1]", id="negative"),
        pytest.param(b"Content-Length: three\r\n\r\n[1]", id="a word"),
        pytest.param(b"Content-Length: 3\r\nContent-Length: 4\r\n\r\n[1]", id="two that differ"),
        pytest.param(b"Content-Type: x\r\n\r\n[1]", id="missing"),
        pytest.param(b"nonsense", id="nonsense"),
        pytest.param(b"x" * 200_000, id="much nonsense"),
        pytest.param(b"Content-Length: 0\r\n\r\n", id="empty"),
    ],
)
@pytest.mark.parametrize("size", [1, 64, 1 << 20])
def test_damage_costs_one_message(damaged: bytes, size: int) -> None:
    found = read(damaged + GOOD, size)
    assert found[-1] == b"[2]"
    assert b"[1]" not in found
    assert DESYNC in found


def test_a_lying_length_allocates_nothing() -> None:
    decoder = FrameDecoder()
    tracemalloc.start()
    try:
        decoder.feed(b"Content-Length: 1000000000\r\n\r\n{")
        assert decoder.next() is None
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1 << 16


def test_a_blank_line_inside_json_is_no_header() -> None:
    body = b'{"a":\r\n\r\n1, "b": "Content-Length: 3"\r\n\r\n}'
    assert read(framed(body) + GOOD, 5) == [body, b"[2]"]
