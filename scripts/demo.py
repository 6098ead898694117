"""Show the example prompts as an editor would: hints at line ends, diagnostics under the lines.

The server runs as a process of its own and is spoken to over its pipes, as editors do it. Then a
section is cut below its budget and put back, so that figures and diagnostics are seen changing.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
EDITED = "CLAUDE.md"
SECTION = "## Domain rules that are easy to break"
KEPT_RULES = 3

TIME_LIMIT = 15.0
"""Seconds within which hints and diagnostics have to arrive."""
QUIET = 0.5
"""Seconds without a message after which what the server has published is taken to be all."""
CONTEXT = 1
"""Lines that are shown before and after one that has a hint or a diagnostic."""
FEWEST_FOLDED = 3

SEVERITIES = {1: "error", 2: "warning", 3: "information", 4: "hint"}
COLOURS = {
    "error": "31",
    "warning": "33",
    "information": "34",
    "hint": "36",
    "dim": "2",
    "bold": "1",
}
LANGUAGES = {".md": "markdown", ".prompty": "prompty"}
CAPABILITIES = {
    "general": {"positionEncodings": ["utf-16"]},
    "workspace": {"configuration": True, "inlayHint": {"refreshSupport": True}},
    "textDocument": {
        "synchronization": {"didSave": True},
        "inlayHint": {},
        "publishDiagnostics": {"relatedInformation": True, "versionSupport": True},
    },
}


class DemoError(Exception):
    """The server did not do what the demo is there to show."""


@dataclass
class Document:
    """An open document, and what the server has said about it."""

    path: Path
    text: str
    version: int = 1
    hints: list[dict[str, Any]] = field(default_factory=list)
    diagnostics: list[dict[str, Any]] | None = None
    """None until the server has published some, or none, for this version."""

    @property
    def uri(self) -> str:
        """Name the document as the protocol does."""
        return self.path.as_uri()

    @property
    def name(self) -> str:
        """Name the document as people do."""
        return self.path.relative_to(EXAMPLES).as_posix()


class Server:
    """The server's process; every message that it sends passes through `take`."""

    def __init__(self) -> None:
        """Start the server that this Python has installed."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "promptls", "server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None  # noqa: S101
        self._messages: queue.Queue[dict[str, Any] | None] = queue.Queue()
        reader = threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True)
        reader.start()
        self._last_id = 0
        self.documents: dict[str, Document] = {}

    def _read(self, stream: BinaryIO) -> None:
        while True:
            length = 0
            while line := stream.readline().strip():
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if not length:
                self._messages.put(None)
                return
            self._messages.put(json.loads(stream.read(length)))

    def send(self, message: Mapping[str, Any]) -> None:
        """Write one message."""
        body = json.dumps({"jsonrpc": "2.0", **message}, ensure_ascii=False).encode()
        assert self._process.stdin is not None  # noqa: S101
        try:
            self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise DemoError("the server has ended") from error

    def notify(self, method: str, params: Mapping[str, Any]) -> None:
        """Send a notification."""
        self.send({"method": method, "params": params})

    def request(self, method: str, params: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401
        """Send a request and give its result; what comes in between is taken as well."""
        self._last_id += 1
        self.send({"id": self._last_id, "method": method, "params": params})
        deadline = time.monotonic() + TIME_LIMIT
        while True:
            message = self.take(deadline - time.monotonic())
            if message is None:
                raise DemoError(f"no answer to {method} within {TIME_LIMIT:.0f} s")
            if message.get("id") == self._last_id and "method" not in message:
                if "error" in message:
                    raise DemoError(f"{method}: {message['error']['message']}")
                return message["result"]

    def take(self, timeout: float) -> dict[str, Any] | None:
        """Read one message and do what it asks; None when none comes in time."""
        try:
            message = self._messages.get(timeout=max(timeout, 0))
        except queue.Empty:
            return None
        if message is None:
            raise DemoError("the server has ended")
        method, params = message.get("method"), message.get("params")
        if method == "textDocument/publishDiagnostics" and params is not None:
            document = self.documents.get(params["uri"])
            if document is not None and params.get("version") in (None, document.version):
                document.diagnostics = params["diagnostics"]
        elif method is not None and "id" in message:
            asked = params["items"] if method == "workspace/configuration" and params else None
            result = None if asked is None else [None] * len(asked)
            self.send({"id": message["id"], "result": result})
        return message

    def start(self) -> None:
        """Shake hands."""
        params = {
            "processId": os.getpid(),
            "rootUri": EXAMPLES.as_uri(),
            "workspaceFolders": [{"uri": EXAMPLES.as_uri(), "name": "examples"}],
            "capabilities": CAPABILITIES,
        }
        self.request("initialize", params)
        self.notify("initialized", {})

    def open(self, document: Document) -> None:
        """Open a document."""
        self.documents[document.uri] = document
        item = {
            "uri": document.uri,
            "languageId": LANGUAGES[document.path.suffix],
            "version": document.version,
            "text": document.text,
        }
        self.notify("textDocument/didOpen", {"textDocument": item})

    def replace_lines(self, document: Document, first: int, end: int, text: str) -> None:
        """Put `text` in the place of the lines from `first` up to, not including, `end`."""
        lines = document.text.splitlines(keepends=True)
        document.text = "".join([*lines[:first], text, *lines[end:]])
        document.version += 1
        document.diagnostics = None
        place = {"start": {"line": first, "character": 0}, "end": {"line": end, "character": 0}}
        self.notify(
            "textDocument/didChange",
            {
                "textDocument": {"uri": document.uri, "version": document.version},
                "contentChanges": [{"range": place, "text": text}],
            },
        )

    def wait_for_hints(self, document: Document) -> None:
        """Ask for hints until every one of them is a figure."""
        end = {"line": document.text.count("\n") + 1, "character": 0}
        params = {
            "textDocument": {"uri": document.uri},
            "range": {"start": {"line": 0, "character": 0}, "end": end},
        }
        deadline = time.monotonic() + TIME_LIMIT
        while time.monotonic() < deadline:
            document.hints = self.request("textDocument/inlayHint", params) or []
            if document.hints and not any("counting" in label(each) for each in document.hints):
                return
            self.take(0.05)
        raise DemoError(f"no hints for {document.name} within {TIME_LIMIT:.0f} s")

    def wait_for_diagnostics(self, document: Document) -> None:
        """Wait until this document has diagnostics and the server has nothing more to say."""
        deadline = time.monotonic() + TIME_LIMIT
        while document.diagnostics is None:
            if self.take(deadline - time.monotonic()) is None:
                raise DemoError(f"no diagnostics for {document.name} within {TIME_LIMIT:.0f} s")
        while self.take(QUIET) is not None and time.monotonic() < deadline:
            pass

    def stop(self) -> None:
        """End the server as editors do; its exit code has to be 0."""
        self.request("shutdown")
        self.notify("exit", {})
        try:
            code = self._process.wait(timeout=TIME_LIMIT)
        except subprocess.TimeoutExpired as error:
            raise DemoError(f"the server did not end within {TIME_LIMIT:.0f} s") from error
        if code != 0:
            raise DemoError(f"the server ended with code {code}")

    def kill(self) -> None:
        """End the server, whatever it is doing."""
        self._process.kill()
        self._process.wait()


def painter(coloured: bool) -> Callable[[str, str], str]:
    """Give what puts a text into a style, or leaves it as it is where there are no colours."""

    def paint(text: str, style: str) -> str:
        return f"\x1b[{COLOURS[style]}m{text}\x1b[0m" if coloured else text

    return paint


Paint = Callable[[str, str], str]


def label(hint: Mapping[str, Any]) -> str:
    """Give a hint's label as one string."""
    value = hint["label"]
    return value if isinstance(value, str) else "".join(part["value"] for part in value)


def escaped(text: str) -> str:
    """Make everything that could steer the terminal visible instead."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape", "surrogatepass").decode()
        for char in text
    )


def columns(text: str) -> int:
    """Count the columns that a text takes in a terminal."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def up_to(line: str, character: int) -> str:
    """Give a line's part before a column in UTF-16 code units."""
    return line.encode("utf-16-le", "surrogatepass")[: 2 * character].decode("utf-16-le", "replace")


def shown(document: Document, paint: Paint) -> Iterator[str]:
    """Lay a document out, with long stretches folded where there is nothing to tell."""
    lines = document.text.splitlines()
    hints: dict[int, list[str]] = {}
    for hint in document.hints:
        hints.setdefault(hint["position"]["line"], []).append(label(hint).strip())
    diagnostics: dict[int, list[dict[str, Any]]] = {}
    for diagnostic in document.diagnostics or []:
        diagnostics.setdefault(diagnostic["range"]["start"]["line"], []).append(diagnostic)
    telling = hints.keys() | diagnostics.keys()
    folded = 0
    for number, line in enumerate(lines):
        near = range(number - CONTEXT, number + CONTEXT + 1)
        if not any(each in telling for each in near):
            folded += 1
            continue
        yield from _fold(lines, number - folded, number, paint)
        folded = 0
        yield _line(number, line, hints.get(number, []), paint)
        for diagnostic in diagnostics.get(number, []):
            yield from _diagnostic(diagnostic, line, paint)
    yield from _fold(lines, len(lines) - folded, len(lines), paint)


def _fold(lines: list[str], start: int, end: int, paint: Paint) -> Iterator[str]:
    """Fold lines, or show them where the fold would hide next to nothing."""
    if end - start >= FEWEST_FOLDED:
        yield paint(f"     │ … {end - start} lines …", "dim")
        return
    for number in range(start, end):
        yield _line(number, lines[number], [], paint)


def _line(number: int, line: str, hints: list[str], paint: Paint) -> str:
    at_end = "".join("  " + paint(escaped(hint), "dim") for hint in hints)
    return f"{paint(f'{number + 1:4} │', 'dim')} {escaped(line)}{at_end}".rstrip()


def _diagnostic(diagnostic: Mapping[str, Any], line: str, paint: Paint) -> Iterator[str]:
    start, end = diagnostic["range"]["start"], diagnostic["range"]["end"]
    before = up_to(line, start["character"])
    marked = up_to(line, end["character"]) if end["line"] == start["line"] else line
    severity = SEVERITIES[diagnostic.get("severity", 1)]
    gutter = paint("     │", "dim") + " "
    marks = "^" * max(1, columns(escaped(marked)) - columns(escaped(before)))
    yield gutter + " " * columns(escaped(before)) + paint(marks, severity)
    code = escaped(str(diagnostic.get("code", "")))
    yield f"{gutter}{paint(severity, severity)} {code}: {escaped(diagnostic['message'])}"
    for related in diagnostic.get("relatedInformation") or []:
        number = related["location"]["range"]["start"]["line"] + 1
        yield gutter + paint(f"  line {number}: {escaped(related['message'])}", "dim")


def show(document: Document, heading: str, paint: Paint) -> None:
    """Print a document under a heading."""
    found = document.diagnostics or []
    counts = [
        f"{count} {name}{'s' if count > 1 else ''}"
        for number, name in SEVERITIES.items()
        if (count := sum(each.get("severity", 1) == number for each in found))
    ]
    print(f"\n{paint(heading, 'bold')}: {', '.join(counts) or 'nothing to report'}")
    print("\n".join(shown(document, paint)))


def rules_to_cut(document: Document) -> tuple[int, int]:
    """Find the lines of the edited section's rules, all but the first few."""
    lines = document.text.splitlines()
    start = lines.index(SECTION)
    end = next(number for number in range(start + 1, len(lines)) if lines[number].startswith("## "))
    rules = [number for number in range(start, end) if lines[number].startswith("- ")]
    return rules[KEPT_RULES], end - 1


def on_section(document: Document) -> list[str]:
    """List the codes of the diagnostics on the edited section's heading."""
    line = document.text.splitlines().index(SECTION)
    return [
        str(each.get("code"))
        for each in document.diagnostics or []
        if each["range"]["start"]["line"] == line
    ]


def edit(server: Server, paint: Paint) -> None:
    """Cut a section below its budget, and put back what was cut."""
    document = server.documents[(EXAMPLES / EDITED).as_uri()]
    over = "budget/section-exceeded"
    if over not in on_section(document):
        raise DemoError(f"{EDITED}: {over} did not arrive for {SECTION!r}")
    first, end = rules_to_cut(document)
    cut = "".join(document.text.splitlines(keepends=True)[first:end])
    server.replace_lines(document, first, end, "")
    _settle(server, document)
    show(document, f"{EDITED}, {end - first} lines of “{SECTION[3:]}” cut", paint)
    if over in on_section(document):
        raise DemoError(f"{EDITED}: {over} did not go away when the section was cut")
    server.replace_lines(document, first, first, cut)
    _settle(server, document)
    show(document, f"{EDITED}, put back", paint)
    if over not in on_section(document):
        raise DemoError(f"{EDITED}: {over} did not come back with the text")


def _settle(server: Server, document: Document) -> None:
    server.wait_for_hints(document)
    server.wait_for_diagnostics(document)


def run(server: Server, paint: Paint) -> None:
    """Show all of it."""
    server.start()
    paths = sorted(path for path in EXAMPLES.rglob("*") if path.suffix in LANGUAGES)
    for path in paths:
        server.open(Document(path, path.read_text(encoding="utf-8")))
    for document in server.documents.values():
        server.wait_for_hints(document)
    server.wait_for_diagnostics(server.documents[(EXAMPLES / EDITED).as_uri()])
    for document in server.documents.values():
        show(document, document.name, paint)
    edit(server, paint)
    server.stop()


def main() -> int:
    """Run the demo; 1, with the reason, when the server does not do its part."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    paint = painter(sys.stdout.isatty() and "NO_COLOR" not in os.environ)
    server = Server()
    try:
        run(server, paint)
    except DemoError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    finally:
        server.kill()
    return 0


if __name__ == "__main__":
    sys.exit(main())
