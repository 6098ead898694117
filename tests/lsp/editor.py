"""An editor as far as the server can tell: it opens and edits documents, and answers requests."""

from __future__ import annotations

import contextlib
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from tests.lsp.wire import TIMEOUT, Message, Wire, python, spawned

T = TypeVar("T")
Json = dict[str, Any]

CONFIGURATION = "workspace/configuration"
PUBLISH = "textDocument/publishDiagnostics"
REFRESHES = (
    "workspace/inlayHint/refresh",
    "workspace/codeLens/refresh",
    "workspace/diagnostic/refresh",
)

EVERYTHING: Json = {
    "workspace": {
        "configuration": True,
        "didChangeConfiguration": {"dynamicRegistration": True},
        "didChangeWatchedFiles": {"dynamicRegistration": True},
        "inlayHint": {"refreshSupport": True},
        "codeLens": {"refreshSupport": True},
        "diagnostics": {"refreshSupport": True},
    },
    "window": {"workDoneProgress": True},
}
"""The capabilities of a client that can do all, and has diagnostics pushed."""


def whole(text: str) -> Json:
    """A change of the whole text."""
    return {"text": text}


def edit(start: tuple[int, int], end: tuple[int, int], text: str) -> Json:
    """A change of the text between two positions."""
    return {"range": _range(start, end), "text": text}


def _range(start: tuple[int, int], end: tuple[int, int]) -> Json:
    return {
        "start": {"line": start[0], "character": start[1]},
        "end": {"line": end[0], "character": end[1]},
    }


class Editor:
    """One client of a running server."""

    def __init__(self, wire: Wire, root: Path) -> None:
        self.wire = wire
        self.root = root
        self.settings: dict[str, object] = {}
        """What it answers to `workspace/configuration`, by URI; under "" for all others."""
        self.asked: Counter[str] = Counter()
        """How often the server has sent each request that is answered by itself."""
        self._versions: dict[str, int] = {}
        wire.answers[CONFIGURATION] = self._configuration
        for method in (
            "client/registerCapability",
            "window/workDoneProgress/create",
            *REFRESHES,
        ):
            wire.answers[method] = self._accept(method)

    def _configuration(self, params: Json) -> list[object]:
        self.asked[CONFIGURATION] += 1
        others = self.settings.get("")
        return [self.settings.get(item["scopeUri"], others) for item in params["items"]]

    def _accept(self, method: str) -> Callable[[Any], None]:
        def accept(_params: Json | None) -> None:
            self.asked[method] += 1

        return accept

    def initialize(
        self,
        capabilities: Mapping[str, Any] = EVERYTHING,
        *,
        encodings: list[str] | None = None,
        options: object = None,
    ) -> Json:
        """Shake hands; `options` are the `initializationOptions`. Gives the server's answer."""
        given = dict(capabilities)
        if encodings is not None:
            given["general"] = {"positionEncodings": encodings}
        folder = {"uri": self.root.as_uri(), "name": self.root.name}
        result: Json = self.wire.initialize(
            rootUri=folder["uri"],
            workspaceFolders=[folder],
            capabilities=given,
            initializationOptions=options,
        )
        return result

    def uri(self, name: str) -> str:
        """The URI of a path below the workspace folder."""
        return (self.root / name).as_uri()

    def open(self, uri: str, text: str, language: str = "markdown", version: int = 1) -> str:
        """Open a document; gives its URI."""
        self._versions[uri] = version
        item = {"uri": uri, "languageId": language, "version": version, "text": text}
        self.wire.notify("textDocument/didOpen", {"textDocument": item})
        return uri

    def change(self, uri: str, *changes: Json, version: int | None = None) -> int:
        """Send one didChange; gives its version."""
        version = self._versions.get(uri, 0) + 1 if version is None else version
        self._versions[uri] = version
        document = {"uri": uri, "version": version}
        params = {"textDocument": document, "contentChanges": list(changes)}
        self.wire.notify("textDocument/didChange", params)
        return version

    def close(self, uri: str) -> None:
        """Close a document."""
        self._versions.pop(uri, None)
        self.wire.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    def forget(self) -> None:
        """Close all documents, drop all settings and what has arrived."""
        for uri in list(self._versions):
            self.close(uri)
        self.settle()
        self.settings.clear()
        self.wire.backlog.clear()

    def ask(self, method: str, uri: str, **params: object) -> Any:  # noqa: ANN401
        """Send a request about a document; gives its result."""
        return self.wire.result(method, {"textDocument": {"uri": uri}, **params})

    def configure(self, settings: object, uri: str = "") -> None:
        """Change the settings, of all documents or one, and tell the server so."""
        self.settings[uri] = settings
        self.wire.notify("workspace/didChangeConfiguration", {"settings": None})

    def write(self, name: str, text: str) -> Path:
        """Write a file below the workspace folder and tell the server so."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        self.touched(path)
        return path

    def touched(self, path: Path) -> None:
        """Tell the server that a file on disk changed."""
        changes = [{"uri": path.as_uri(), "type": 2 if path.exists() else 3}]
        self.wire.notify("workspace/didChangeWatchedFiles", {"changes": changes})

    def report_now(self, uri: str) -> Json:
        """The report, with whatever figures are pending."""
        report: Json = self.ask("promptls/report", uri)
        return report

    def report(self, uri: str) -> Json:
        """The report, once nothing is pending."""
        return self.wait(lambda: self.report_now(uri), lambda report: not report["pending"])

    def render(self, uri: str) -> Json:
        """What is sent of a document."""
        rendered: Json = self.ask("promptls/render", uri)
        return rendered

    def hints(self, uri: str, first: int = 0, last: int = 10_000) -> list[Json]:
        """The inlay hints of some lines."""
        hints: list[Json] = self.ask(
            "textDocument/inlayHint", uri, range=_range((first, 0), (last, 0))
        )
        return hints

    def labels(self, uri: str) -> list[str]:
        """The labels of all inlay hints."""
        return [hint["label"] for hint in self.hints(uri)]

    def pull(self, uri: str) -> list[Json]:
        """The diagnostics of a document, asked for."""
        items: list[Json] = self.ask("textDocument/diagnostic", uri)["items"]
        return items

    def published(self, uri: str, timeout: float = TIMEOUT) -> list[Json]:
        """Wait for the next diagnostics that are pushed for a document."""
        while True:
            params = self.wire.expect(PUBLISH, timeout)["params"]
            if params["uri"] == uri:
                diagnostics: list[Json] = params["diagnostics"]
                return diagnostics

    def codes(self, uri: str, wanted: set[str]) -> list[Json]:
        """Wait until the diagnostics pushed for a document have exactly these codes."""
        deadline = time.monotonic() + TIMEOUT
        while True:
            items = self.published(uri, max(0.01, deadline - time.monotonic()))
            if {item["code"] for item in items} == wanted:
                return items

    def settle(self) -> None:
        """Wait until the server has handled all that was sent."""
        self.wire.request("textDocument/foldingRange", {"textDocument": {"uri": "untitled:none"}})

    def seen(self, method: str) -> list[Message]:
        """Take the messages of a method that have arrived without being waited for."""
        self.settle()
        taken = [message for message in self.wire.backlog if message.get("method") == method]
        self.wire.backlog = [item for item in self.wire.backlog if item not in taken]
        return taken

    @staticmethod
    def wait(ask: Callable[[], T], wanted: Callable[[T], bool]) -> T:
        """Ask until the answer is as wanted."""
        deadline = time.monotonic() + TIMEOUT
        while not wanted(answer := ask()):
            assert time.monotonic() < deadline, f"still {answer}"
            time.sleep(0.02)
        return answer


def environment(home: Path) -> dict[str, str]:
    """Variables that keep the user's own settings and caches out of a test."""
    names = ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
    return {name: str(home / name.lower()) for name in names} | {"HOME": str(home)}


@contextlib.contextmanager
def running(home: Path, *options: str, **variables: str) -> Iterator[Editor]:
    """Start `promptls server`; `home` is for the user's settings and the server's log."""
    home.mkdir(parents=True, exist_ok=True)
    command = python("-m", "promptls", "server", *options)
    folder = home / "workspace"
    folder.mkdir(parents=True, exist_ok=True)
    with spawned(command, home / "stderr", **environment(home), **variables) as wire:
        yield Editor(wire, Path(os.path.realpath(folder)))
