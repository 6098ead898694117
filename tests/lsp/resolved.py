"""What the server says of a document with references, once it has looked them up."""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.lsp.editor import Editor, Json
from tests.lsp.wire import TIMEOUT
from tests.oracles.reference_encodings import reference_count

CREATED, CHANGED, DELETED = 1, 2, 3


def exact(editor: Editor, uri: str) -> str:
    """The text that is sent; its count must be what the report says."""
    rendered = editor.render(uri)
    report = editor.report(uri)
    tokens = reference_count(report["encoding"], rendered["text"])
    assert (report["expandedTokens"], rendered["tokens"]) == (tokens, tokens)
    pieces = [rendered["text"][one["start"] : one["end"]] for one in rendered["segments"]]
    assert "".join(pieces) == rendered["text"]
    text: str = rendered["text"]
    return text


def rendered_soon(editor: Editor, uri: str, text: str, seconds: float = TIMEOUT) -> None:
    """Wait until the report counts this text, then see that it is sent.

    The report comes first: a request to render finds by itself that what was counted has changed.
    """
    begin = time.monotonic()
    report_when(
        editor,
        uri,
        lambda report: report["expandedTokens"] == reference_count(report["encoding"], text),
    )
    assert time.monotonic() - begin < seconds
    assert exact(editor, uri) == text


def statuses(editor: Editor, uri: str) -> list[tuple[str, str | None]]:
    """Status and code of each reference."""
    references = editor.report(uri)["references"]
    return [(one["status"], one["code"]) for one in references]


def codes(report: Json) -> list[str]:
    """The codes of all findings."""
    return [finding["code"] for finding in report["findings"]]


def report_when(editor: Editor, uri: str, wanted: Callable[[Json], bool]) -> Json:
    """The report, once it is as wanted."""
    return editor.wait(lambda: editor.report(uri), wanted)


def tell(editor: Editor, *changes: tuple[str, int]) -> None:
    """Tell the server of changes on disk, by names and kinds."""
    given = [{"uri": editor.uri(name), "type": kind} for name, kind in changes]
    editor.wire.notify("workspace/didChangeWatchedFiles", {"changes": given})


def put(editor: Editor, name: str, text: str | bytes) -> None:
    """Write a file without telling the server."""
    path = editor.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
