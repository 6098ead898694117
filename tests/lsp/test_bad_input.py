"""Input that no editor should send: each is answered, and the figures stay exact."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.lsp.conftest import Start
from tests.lsp.editor import EVERYTHING, Editor, Json, edit, whole
from tests.lsp.wire import Wire
from tests.oracles.reference_encodings import reference_count, reference_encoding
from tests.oracles.text_model import Edited, Encoding, edited

MARKER = "sesame-open-4711"


def assert_exact(editor: Editor, uri: str, text: str) -> Json:
    report = editor.report(uri)
    tokens = reference_count(report["encoding"], text)
    assert report["tokens"] == tokens
    assert sum(section["ownTokens"] for section in report["sections"]) == tokens
    rendered = editor.render(uri)
    assert report["expandedTokens"] == rendered["tokens"]
    assert rendered["tokens"] == reference_count(report["encoding"], rendered["text"])
    return report


@pytest.mark.parametrize(
    "text",
    [
        "\ud83d",
        "# \ude00 A\n\ud83d b \ude00\n",
        "a\x00b\x00\n# \x00\n",
        "\ufeff# A\nhello\n",
        "\ufeff---\nname: x\n---\n# A\n",
        "x\ufeff\n\ufeff# B\n",
        "a\u2028# b\u2029# c\x85# d\n# e\n",
        "a\x0c# b\x0b# c\x1c# d\x1d\x1e\n# e\n",
        "a\r# b\r\n# c\n\r# d\r",
        "\n" * 5_000 + "# A\r\n" * 3,
        "<|endoftext|><|im_start|>\n# <|fim_prefix|>\n",
        "---\n" * 2_000,
        "<a>\n" * 3_000,
        "#" * 50_000,
        "`" * 50_000 + "\n# A\n",
        "> " * 20_000 + "# A",
        "---\nmodel: [" + "[" * 20_000 + "\n---\n# A\n",
        "---\na: &a [x]\nb: [*a, *a]\nmodel: {<<: *a}\n---\n# A\n",
        "<!-- promptls: " + "budget=" * 1_000 + " -->\n# A\n",
        "<!-- promptls: budget=99999999999999999999999 model=" + "x" * 3_000 + " -->\n",
        "<!--" * 10_000 + "\n# A\n",
    ],
    ids=lambda text: repr(text[:20]),
)
def test_texts(editor: Editor, text: str) -> None:
    uri = editor.open(editor.uri("prompts/odd.md"), text)
    assert_exact(editor, uri, text)
    editor.hints(uri)
    editor.ask("textDocument/documentSymbol", uri)
    longer = text + "\n# Z 😀\n"
    editor.change(uri, whole(longer))
    assert_exact(editor, uri, longer)
    editor.change(uri, edit((0, 0), (0, 1), "\x00"))
    assert_exact(editor, uri, edited(longer, ((0, 0, 0, 1), "\x00"), "utf-16"))


def count(text: str) -> int:
    """The tokens of a text in which tiktoken is not given runs of spaces: it stops at long ones."""
    encoding = reference_encoding("cl100k_base")
    parts = re.split(r"(?<=[^ ])(?= {2})|(?<= )(?= [^ ])", text)
    return sum(
        len(
            encoding.encode_ordinary(part)
            if part.strip(" ")
            else encoding._encode_single_piece(part)
        )
        for part in parts
    )


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (" " * 1_000_000 + "x\n# A\n", (0, 500_000)),
        ("# A\n" + "AB" * 1_000_000, (1, 1_000_000)),
        ("The prompt, in one line, 漢字。 " * 330_000, (0, 5_000_000)),
    ],
    ids=["a million spaces", "two million capitals", "one line of ten megabytes"],
)
def test_long_runs_and_lines(start: Start, text: str, place: tuple[int, int]) -> None:
    with start() as editor:
        editor.initialize()
        uri = editor.open(editor.uri("prompts/long.md"), text)
        assert editor.report(uri)["tokens"] == count(text)
        editor.change(uri, edit(place, place, " y "))
        before = sum(map(len, text.split("\n")[: place[0]])) + place[0] + place[1]
        text = text[:before] + " y " + text[before:]
        assert editor.report(uri)["tokens"] == count(text)
        editor.hints(uri)
        editor.change(uri, whole("# A\n"))
        assert_exact(editor, uri, "# A\n")


OUTSIDE: list[Edited] = [
    ((99, 0, 99, 5), "x"),
    ((0, 999, 0, 9_999), "y"),
    ((0, 2**31 - 1, 2**31 - 1, 2**31 - 1), "z"),
    ((1, 3, 0, 2), "turned"),
    ((2**31 - 1, 0, 0, 0), "all"),
]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_edits_outside_the_document(start: Start, encoding: Encoding) -> None:
    with start() as editor:
        editor.initialize(encodings=[encoding])
        text = "# A 😀\r\n漢字 b\r\n"
        uri = editor.open(editor.uri("prompts/a.md"), text)
        for number, (place, new) in enumerate(OUTSIDE):
            assert place is not None
            text = edited(text, (place, new), encoding)
            editor.change(uri, edit(place[:2], place[2:], new), version=number + 2)
            assert_exact(editor, uri, text)


@pytest.mark.parametrize(
    "params",
    [
        None,
        {},
        [],
        {"textDocument": {"uri": "URI"}},
        {"textDocument": {"uri": "URI", "version": 2}, "contentChanges": 5},
        {"textDocument": {"uri": "URI", "version": 2}, "contentChanges": [5]},
        {"textDocument": {"uri": "URI", "version": 2}, "contentChanges": [{}]},
        {"textDocument": {"uri": "URI", "version": 2}, "contentChanges": [{"text": 5}]},
        {"textDocument": {"uri": 7, "version": 2}, "contentChanges": [{"text": "x"}]},
        {
            "textDocument": {"uri": "URI", "version": 2},
            "contentChanges": [{"text": "x"}, {"range": {"start": {"line": 0}}, "text": "y"}],
        },
        {
            "textDocument": {"uri": "URI", "version": 2},
            "contentChanges": [edit((0, 0), (0, 0), "x") | {"range": {"start": 1, "end": 2}}],
        },
    ],
)
def test_changes_that_are_none(editor: Editor, params: Any) -> None:  # noqa: ANN401
    """All of a change is taken, or nothing of it."""
    uri = editor.open(editor.uri("prompts/a.md"), "# A\n")
    if isinstance(params, dict) and isinstance(params.get("textDocument"), dict):
        document = params["textDocument"]
        if document["uri"] == "URI":
            params = params | {"textDocument": document | {"uri": uri}}
    editor.wire.notify("textDocument/didChange", params)
    assert_exact(editor, uri, "# A\n")


def test_negative_positions(editor: Editor) -> None:
    uri = editor.open(editor.uri("prompts/a.md"), "# A\nb\n")
    editor.change(uri, edit((-1, 0), (0, -5), "x"))
    report = editor.report(uri)
    assert sum(item["ownTokens"] for item in report["sections"]) == report["tokens"]
    editor.change(uri, whole("# A\n"))
    assert_exact(editor, uri, "# A\n")
    assert editor.hints(uri, -5, 3)[0]["label"] == "3 tok"


def test_documents_that_are_not_open(editor: Editor) -> None:
    uri = editor.open(editor.uri("prompts/open.md"), "# A\n")
    unknown = editor.uri("prompts/unknown.md")
    editor.change(unknown, whole("x"))
    editor.close(unknown)
    editor.close(unknown)
    assert editor.hints(unknown) == []
    assert editor.wire.request("promptls/report", {"textDocument": {"uri": unknown}})["error"]
    assert editor.seen("window/showMessage") == []
    assert_exact(editor, uri, "# A\n")


@pytest.mark.parametrize("uri", ["", "file://", "file:///%00", "http://[", "untitled:x y", "a:b:c"])
def test_odd_uris(editor: Editor, uri: str) -> None:
    editor.open(uri, "# A\n")
    assert_exact(editor, uri, "# A\n")


def test_opened_twice(editor: Editor) -> None:
    uri = editor.open(editor.uri("prompts/twice.md"), "# A\n")
    editor.open(uri, "# A\nanother text\n", version=1)
    assert_exact(editor, uri, "# A\nanother text\n")
    editor.close(uri)
    editor.open(uri, "third\n")
    assert_exact(editor, uri, "third\n")


def test_edited_and_closed_while_it_is_judged(start: Start) -> None:
    with start() as editor:
        answer = editor.wire.answers.pop("workspace/configuration")
        editor.initialize()
        uri = editor.open(editor.uri("prompts/a.md"), "# A\n")
        gone = editor.open(editor.uri("prompts/gone.md"), "# A\n")
        waiting = editor.wire.start_request("promptls/report", {"textDocument": {"uri": gone}})
        text = "# A\n"
        for number in range(20):
            editor.change(uri, edit((1, 0), (1, 0), f"{number} 漢\n"))
            text = "".join(["# A\n", f"{number} 漢\n", text[4:]])
        editor.close(gone)
        editor.wire.response(waiting)
        answered = ""
        while answered != uri:
            asked = editor.wire.expect("workspace/configuration")
            answered = asked["params"]["items"][0]["scopeUri"]
            result = answer(asked["params"])
            editor.wire.send({"jsonrpc": "2.0", "id": asked["id"], "result": result})
        assert_exact(editor, uri, text)


@pytest.mark.parametrize("to_file", [False, True])
def test_no_text_in_logs(start: Start, to_file: bool) -> None:
    """Neither of documents nor of settings, whatever goes wrong, at the level `debug`."""
    with start(*("--log-level", "debug")) as plain:
        log = plain.root.parent / "server.log"
    options = ("--log-file", str(log)) if to_file else ()
    with start("--log-level", "debug", *options) as editor:
        editor.settings[""] = {"model": MARKER, "budget": {"document": MARKER}}
        editor.initialize(EVERYTHING | {"textDocument": {}})
        text = f"---\nmodel: {MARKER}\nbudget: {MARKER}\n---\n# {MARKER}\n"
        text += f"<!-- promptls: {MARKER} -->\n"
        uri = editor.open(editor.uri("prompts/a.md"), text)
        editor.open(uri, text)
        for request in ("hover", "documentSymbol", "codeLens", "foldingRange", "completion"):
            params = {"textDocument": {"uri": uri}, "position": {"line": 4, "character": 0}}
            editor.wire.request(f"textDocument/{request}", params)
        editor.change(uri, edit((0, 0), (0, 0), MARKER), version=-3)
        for wrong in ({"range": MARKER, "text": MARKER}, {"text": [MARKER]}, MARKER):
            document = {"uri": uri, "version": 9}
            params = {"textDocument": document, "contentChanges": [wrong]}
            editor.wire.notify("textDocument/didChange", params)
        editor.change(editor.uri("unknown.md"), whole(MARKER))
        editor.wire.notify("textDocument/didOpen", {"textDocument": {"text": MARKER}})
        editor.wire.request("promptls/report", {"textDocument": {"uri": MARKER}})
        editor.wire.request(MARKER, {"text": MARKER})
        editor.wire.send_bytes(frame_of(MARKER.encode()))
        editor.report(uri)
        assert editor.wire.shutdown() == 0
        written = log.read_text() if to_file else editor.wire.stderr
        assert written
        assert MARKER not in written + editor.wire.stderr


def frame_of(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def test_stdout_is_the_protocol_alone(start: Start) -> None:
    """The client reads every byte: `Wire` fails on anything between two messages."""
    with start(PYTHONWARNINGS="always") as editor:
        wire: Wire = editor.wire
        editor.initialize()
        uri = editor.open(editor.uri("prompts/a.md"), "---\nmodel: o3\n---\n# A\n")
        assert_exact(editor, uri, "---\nmodel: o3\n---\n# A\n")
        assert wire.shutdown() == 0
