"""What an editor does: it opens and edits documents and asks what there is to show."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from scripts.demo.document import Document
from scripts.demo.failure import DemoError
from scripts.demo.process import Message, ServerProcess

TIME_LIMIT = 15.0
"""Seconds within which whatever is waited for has to come."""
QUIET = 0.5
"""Seconds without a message after which what the server has published is taken to be all."""
_POLL = 0.02

LANGUAGES = {".md": "markdown", ".prompty": "prompty"}
CAPABILITIES = {
    "general": {"positionEncodings": ["utf-16"]},
    "workspace": {"configuration": True, "inlayHint": {"refreshSupport": True}},
    "textDocument": {
        "synchronization": {"didSave": True},
        "inlayHint": {},
        "hover": {"contentFormat": ["markdown"]},
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}},
        "publishDiagnostics": {"relatedInformation": True, "versionSupport": True},
    },
}


class Editor:
    """One editor with one workspace folder and a server of its own."""

    def __init__(self, process: ServerProcess) -> None:
        self._process = process
        self._last_id = 0
        self._documents: dict[str, Document] = {}

    def start(self, folder: Path, options: Mapping[str, Any]) -> None:
        """Shake hands; `options` are the `initializationOptions`."""
        params = {
            "processId": os.getpid(),
            "rootUri": folder.as_uri(),
            "workspaceFolders": [{"uri": folder.as_uri(), "name": folder.name}],
            "capabilities": CAPABILITIES,
            "initializationOptions": options,
        }
        self.request("initialize", params)
        self._notify("initialized", {})

    def stop(self) -> None:
        """End the server as editors do."""
        self.request("shutdown")
        self._notify("exit", {})
        self._process.wait(TIME_LIMIT)

    def open(self, document: Document) -> None:
        """Open a document."""
        self._documents[document.uri] = document
        item = {
            "uri": document.uri,
            "languageId": LANGUAGES[document.path.suffix],
            "version": document.version,
            "text": document.text,
        }
        self._notify("textDocument/didOpen", {"textDocument": item})

    def replace(self, document: Document, place: Mapping[str, Any], text: str) -> None:
        """Put `text` in the place of a range (in UTF-16 code units)."""
        document.text = replaced(document.text, place, text)
        document.version += 1
        document.diagnostics = None
        self._notify(
            "textDocument/didChange",
            {
                "textDocument": {"uri": document.uri, "version": document.version},
                "contentChanges": [{"range": place, "text": text}],
            },
        )

    def save(self, document: Document) -> None:
        """Write a document to its file."""
        document.path.write_text(document.text, "utf-8")
        self._notify("textDocument/didSave", {"textDocument": {"uri": document.uri}})

    def quick_fix(self, document: Document, code: str) -> dict[str, Any]:
        """The preferred fix of the first diagnostic with a code."""
        diagnostic = next(each for each in document.diagnostics or [] if each.get("code") == code)
        context = {"diagnostics": [diagnostic], "only": ["quickfix"]}
        actions = self._ask("codeAction", document, range=diagnostic["range"], context=context)
        for action in actions or []:
            if action.get("isPreferred"):
                fix: dict[str, Any] = action
                return fix
        raise DemoError(f"{document.name}: no fix is offered for {code}")

    def apply(self, document: Document, action: Mapping[str, Any]) -> None:
        """Do what a fix says to one document."""
        for edit in action["edit"]["changes"][document.uri]:
            self.replace(document, edit["range"], edit["newText"])

    def references(self, document: Document) -> list[dict[str, Any]]:
        """The references of a document, from its report."""
        params = {"textDocument": {"uri": document.uri}}
        references: list[dict[str, Any]] = self.request("promptls/report", params)["references"]
        return references

    def hover(self, document: Document, position: Mapping[str, int]) -> str:
        """What is shown at a position, as Markdown."""
        answer = self._ask("hover", document, position=position)
        return "" if answer is None else str(answer["contents"]["value"])

    def wait_for_hints(
        self, document: Document, wanted: Callable[[Document], bool] | None = None
    ) -> None:
        """Ask for hints until they are `wanted`: by default, until nothing is pending."""
        wanted = wanted or (lambda each: each.is_counted() and not each.is_waiting())
        whole = {"start": {"line": 0, "character": 0}, "end": document.end}
        deadline = time.monotonic() + TIME_LIMIT
        while time.monotonic() < deadline:
            document.hints = self._ask("inlayHint", document, range=whole) or []
            if wanted(document):
                return
            self._take(_POLL)
        raise DemoError(f"{document.name}: the hints did not come within {TIME_LIMIT:.0f} s")

    def wait_for_diagnostics(
        self, document: Document, wanted: Callable[[Document], bool], what: str
    ) -> None:
        """Wait until the diagnostics are `wanted`, which `what` names, and no more come."""
        deadline = time.monotonic() + TIME_LIMIT
        while document.diagnostics is None or not wanted(document):
            if self._take(deadline - time.monotonic()) is None:
                raise DemoError(f"{document.name}: {what} did not come in {TIME_LIMIT:.0f} s")
        while self._take(QUIET) is not None and time.monotonic() < deadline:
            pass

    def request(self, method: str, params: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401
        """Send a request and give its result; what comes in between is taken as well."""
        self._last_id += 1
        self._process.send({"id": self._last_id, "method": method, "params": params})
        deadline = time.monotonic() + TIME_LIMIT
        while True:
            message = self._take(deadline - time.monotonic())
            if message is None:
                raise DemoError(f"no answer to {method} within {TIME_LIMIT:.0f} s")
            if message.get("id") == self._last_id and "method" not in message:
                if "error" in message:
                    raise DemoError(f"{method}: {message['error']['message']}")
                return message["result"]

    def _ask(self, feature: str, document: Document, **params: object) -> Any:  # noqa: ANN401
        identifier = {"uri": document.uri}
        return self.request(f"textDocument/{feature}", {"textDocument": identifier, **params})

    def _notify(self, method: str, params: Mapping[str, Any]) -> None:
        self._process.send({"method": method, "params": params})

    def _take(self, timeout: float) -> Message | None:
        """Read one message and do what it asks; None when none comes in time."""
        message = self._process.receive(timeout)
        if message is None:
            return None
        method, params = message.get("method"), message.get("params")
        if method == "textDocument/publishDiagnostics" and params is not None:
            document = self._documents.get(params["uri"])
            if document is not None and params.get("version") in (None, document.version):
                document.diagnostics = params["diagnostics"]
        elif method is not None and "id" in message:
            asked = params["items"] if method == "workspace/configuration" and params else None
            result = None if asked is None else [None] * len(asked)
            self._process.send({"id": message["id"], "result": result})
        return message


def replaced(text: str, place: Mapping[str, Any], new: str) -> str:
    """A text with a range (in UTF-16 code units) put otherwise."""
    start, end = _offset(text, place["start"]), _offset(text, place["end"])
    units = text.encode("utf-16-le", "surrogatepass")
    changed = units[: 2 * start] + new.encode("utf-16-le", "surrogatepass") + units[2 * end :]
    return changed.decode("utf-16-le", "surrogatepass")


def _offset(text: str, position: Mapping[str, int]) -> int:
    """A position as the number of UTF-16 code units before it."""
    before = "".join(text.splitlines(keepends=True)[: position["line"]])
    return len(before.encode("utf-16-le", "surrogatepass")) // 2 + position["character"]
