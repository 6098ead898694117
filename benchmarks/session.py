"""The steps of an editor's session: initialize, open, ask for hints, wait for the total."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.client import Client, RefusedError, ServerGoneError, frame

VISIBLE_LINES = 60
"""Lines that an editor's window shows: the range of every hint request."""

_COUNT_TIMEOUT = 120.0
_PENDING = ("counting", "⋯")
"""What hints say in the place of a figure that is not known yet."""

CAPABILITIES: dict[str, Any] = {
    "general": {"positionEncodings": ["utf-16"]},
    "workspace": {
        "configuration": True,
        "didChangeConfiguration": {"dynamicRegistration": True},
        "didChangeWatchedFiles": {"dynamicRegistration": True},
        "workspaceFolders": True,
        "inlayHint": {"refreshSupport": True},
        "codeLens": {"refreshSupport": True},
    },
    "textDocument": {
        "synchronization": {"dynamicRegistration": True, "didSave": True},
        "publishDiagnostics": {
            "relatedInformation": True,
            "versionSupport": True,
            "codeDescriptionSupport": True,
        },
        "hover": {"contentFormat": ["markdown", "plaintext"]},
        "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
        "foldingRange": {"lineFoldingOnly": True},
        "inlayHint": {"resolveSupport": {"properties": ["tooltip"]}},
        "codeLens": {},
    },
    "window": {"workDoneProgress": True},
}
"""What a present-day editor declares, diagnostics pushed."""


class Resolved(NamedTuple):
    """A report in which nothing is pending, and when it was told of (`time.perf_counter`)."""

    at: float
    report: dict[str, Any]


class Session:
    """An editor's conversation with one server about a workspace folder."""

    def __init__(
        self,
        client: Client,
        folder: Path,
        engine: str = "tiktoken",
        hosts: Sequence[str] = (),
    ) -> None:
        """Shake hands.

        `engine`: the counting engine to ask promptls for. `hosts`: those that it may ask; with
        any, the workspace is trusted.
        """
        self.client = client
        self.folder = folder
        reply = client.request("initialize", initialize_params(folder, engine, hosts))
        client.notify("initialized", {})
        self.tells_changes = (reply.get("serverInfo") or {}).get("name") == "promptls"
        self._versions: dict[str, int] = {}

    def uri(self, name: str) -> str:
        """Give the URI of a document in the workspace."""
        return document_uri(self.folder, name)

    def open(self, name: str, text: str, *, look_up_total: bool = True) -> str:
        """Open a document and wait until its figures are known; its URI."""
        uri = self.uri(name)
        self.client.write(open_frame(uri, text))
        if self.tells_changes:
            self.wait_for_total(uri, look_up_total=look_up_total)
        else:
            self.hints(uri)
        return uri

    def shut_down(self) -> None:
        """End the server as an editor does, and wait until it has ended."""
        self.client.request("shutdown", {})
        self.client.notify("exit", {})
        self.client.wait_for_end()

    def next_version(self, uri: str) -> int:
        """Give the version that the next change of the document has; it was opened as 1."""
        version = self._versions.get(uri, 1) + 1
        self._versions[uri] = version
        return version

    def hints(self, uri: str, first_line: int = 0) -> list[dict[str, Any]]:
        """Ask for the hints of one window."""
        hints = self.client.request("textDocument/inlayHint", hint_params(uri, first_line))
        return hints or []

    def wait_for_total(self, uri: str, *, look_up_total: bool = True) -> float:
        """Wait for the `promptls/reportChanged` with which the document's total is there.

        The moment (`time.perf_counter`) at which that notification was read. Whether the total
        was there is looked up at once afterwards (see `knows_total`), and when it was not, the
        next notification is waited for. A server that sends none cannot be measured so.
        """
        if not self.tells_changes:
            raise RefusedError("the server is not promptls: it does not tell when it has counted")
        deadline = time.perf_counter() + _COUNT_TIMEOUT
        while True:
            told = self._next_change(uri, deadline)
            if self.knows_total(uri, look_up_total=look_up_total):
                return told

    def knows_total(self, uri: str, *, look_up_total: bool = True) -> bool:
        """Whether the first window's hints are figures and the report has a total.

        The report of a large document is large. It is asked for only when the hints are figures,
        and not at all without `look_up_total`, for where its size would be part of the result.
        """
        if is_counting(self.hints(uri)):
            return False
        return not look_up_total or self.total(uri) is not None

    def has_been_told(self, uri: str) -> bool:
        """Whether `promptls/reportChanged` for the document is in the inbox, which is emptied."""
        told = any(
            message.method == "promptls/reportChanged" and message.params["uri"] == uri
            for message in self.client.inbox
        )
        self.client.inbox.clear()
        return told

    def wait_until_resolved(
        self, uri: str, *, other_than: int | None = None, timeout: float = _COUNT_TIMEOUT
    ) -> Resolved:
        """Wait for the `promptls/reportChanged` with which nothing is pending any more.

        With `other_than`, until the expanded total is another than that. The report is asked for
        only when no hint of the first window is pending. Where the server has told of a change
        again by the time that it answers, that is the moment: the report may be of then.
        """
        deadline = time.perf_counter() + timeout
        while True:
            told = self._next_change(uri, deadline)
            if is_counting(self.hints(uri)):
                continue
            report = self.report(uri)
            total = report["expandedTokens"]
            if report["pending"] or total is None or total == other_than:
                continue
            later = [
                message.at
                for message in self.client.inbox
                if message.method == "promptls/reportChanged" and message.params["uri"] == uri
            ]
            return Resolved(max([told, *later]), report)

    def report(self, uri: str) -> dict[str, Any]:
        """Give the document's report: large for a large document."""
        report: dict[str, Any] = self.client.request(
            "promptls/report", {"textDocument": {"uri": uri}}
        )
        return report

    def total(self, uri: str) -> int | None:
        """Give the document's own tokens, from its report."""
        tokens: int | None = self.report(uri)["tokens"]
        return tokens

    def _next_change(self, uri: str, deadline: float) -> float:
        """Take notifications until one tells of a new report of this document."""
        while True:
            while self.client.inbox:
                method, params, at = self.client.inbox.popleft()
                if method == "promptls/reportChanged" and params["uri"] == uri:
                    return at
            if not self.client.wait_for_message(max(0.0, deadline - time.perf_counter())):
                raise ServerGoneError(f"no total of {uri} in time")


def document_uri(folder: Path, name: str) -> str:
    """Give the URI of a document in the folder's `prompts`, where Markdown is a prompt document."""
    return (folder / "prompts" / name).as_uri()


def initialize_params(folder: Path, engine: str, hosts: Sequence[str] = ()) -> dict[str, Any]:
    """Parameters of `initialize` for a workspace at `folder`; see `Session`."""
    machine = {"engine": engine, "allowedHosts": list(hosts)}
    return {
        "processId": None,
        "clientInfo": {"name": "promptls-benchmarks"},
        "rootUri": folder.as_uri(),
        "workspaceFolders": [{"uri": folder.as_uri(), "name": folder.name}],
        "capabilities": CAPABILITIES,
        "initializationOptions": {
            "reportNotifications": True,
            "trusted": bool(hosts),
            "machine": machine,
        },
    }


def open_frame(uri: str, text: str) -> bytes:
    """Make the `didOpen` message for a Markdown document in its first version."""
    document = {"uri": uri, "languageId": "markdown", "version": 1, "text": text}
    params = {"textDocument": document}
    return frame({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": params})


def hint_params(uri: str, first_line: int) -> dict[str, Any]:
    """Parameters of `inlayHint` for the window that begins at `first_line`."""
    return {
        "textDocument": {"uri": uri},
        "range": {
            "start": {"line": first_line, "character": 0},
            "end": {"line": first_line + VISIBLE_LINES, "character": 0},
        },
    }


def is_counting(hints: list[dict[str, Any]]) -> bool:
    """Whether a hint still stands for a figure that is being counted or looked up."""
    return any(word in label_text(hint["label"]) for hint in hints for word in _PENDING)


def label_text(label: str | list[dict[str, Any]]) -> str:
    """Give a hint's label as one string."""
    return label if isinstance(label, str) else "".join(part["value"] for part in label)
