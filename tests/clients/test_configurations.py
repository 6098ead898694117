"""The configurations for Helix, Zed and Sublime Text, read from their files, start a real server.

Each test plays the editor: it declares what the editor's sources declare, and answers
`workspace/configuration` from the file in the way that the editor does. Helix is also run for real
(`test_helix.py`), in a version that has diagnostics pushed; here it is one that asks for them.
"""

from __future__ import annotations

import copy
import json
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.lsp.editor import Editor, running, whole
from tests.oracles.reference_encodings import reference_count

Json = dict[str, Any]

CLIENTS = Path(__file__).parents[2] / "clients"
DYNAMIC = {"dynamicRegistration": True}
RESOURCES = {"documentChanges": True, "resourceOperations": ["create", "rename", "delete"]}
HELIX = {
    "workspace": {
        "configuration": True,
        "didChangeConfiguration": {"dynamicRegistration": False},
        "didChangeWatchedFiles": {**DYNAMIC, "relativePatternSupport": False},
        "workspaceFolders": True,
        "workspaceEdit": {**RESOURCES, "failureHandling": "abort"},
        "inlayHint": {"refreshSupport": False},
        "diagnostics": {"refreshSupport": True},
    },
    "textDocument": {
        "hover": {"contentFormat": ["markdown"]},
        "inlayHint": {"dynamicRegistration": False},
        "publishDiagnostics": {"versionSupport": True},
        "diagnostic": {"dynamicRegistration": False, "relatedDocumentSupport": True},
    },
    "window": {"workDoneProgress": True},
}
ZED = {
    "workspace": {
        "configuration": True,
        "didChangeConfiguration": DYNAMIC,
        "didChangeWatchedFiles": {**DYNAMIC, "relativePatternSupport": True},
        "workspaceFolders": True,
        "workspaceEdit": RESOURCES,
        "inlayHint": {"refreshSupport": True},
        "diagnostics": {"refreshSupport": True},
    },
    "textDocument": {
        "definition": {"linkSupport": True},
        "hover": {"contentFormat": ["markdown"]},
        "inlayHint": {"resolveSupport": {"properties": ["tooltip", "label.tooltip"]}},
        "publishDiagnostics": {"relatedInformation": True},
        "diagnostic": {"dynamicRegistration": False, "relatedDocumentSupport": True},
    },
    "window": {"workDoneProgress": True},
}
SUBLIME = {
    "workspace": {
        "configuration": True,
        "didChangeConfiguration": DYNAMIC,
        "workspaceFolders": True,
        "workspaceEdit": {"documentChanges": True, "failureHandling": "abort"},
        "codeLens": {"refreshSupport": True},
        "inlayHint": {"refreshSupport": True},
        "semanticTokens": {"refreshSupport": True},
    },
    "textDocument": {
        "definition": {**DYNAMIC, "linkSupport": True},
        "hover": {**DYNAMIC, "contentFormat": ["markdown", "plaintext"]},
        "inlayHint": {**DYNAMIC, "resolveSupport": {"properties": ["textEdits", "label.command"]}},
        "publishDiagnostics": {"relatedInformation": True, "versionSupport": True},
    },
    "window": {"workDoneProgress": True},
}


@dataclass(frozen=True, slots=True)
class Configured:
    """What an editor makes of its configuration."""

    command: list[str]
    options: Json
    """The `initializationOptions`."""
    section: Callable[[Json], Json | None]
    """What it answers for the section `promptls`, where some settings are added as its README
    says; None in Zed, which has no place for them."""
    capabilities: Json
    encodings: list[str] | None
    pull: bool


def helix() -> Configured:
    languages = tomllib.loads((CLIENTS / "helix" / "languages.toml").read_text("utf-8"))
    server = languages["language-server"]["promptls"]

    def section(settings: Json) -> Json:
        return {**server["config"]["promptls"], **settings}

    command = [server["command"], *server["args"]]
    encodings = ["utf-8", "utf-32", "utf-16"]
    return Configured(command, server["config"], section, HELIX, encodings, pull=True)


def zed() -> Configured:
    settings = json.loads((CLIENTS / "zed" / "settings.json").read_text("utf-8"))
    server = settings["lsp"]["markdown-oxide"]
    command = [server["binary"]["path"], *server["binary"]["arguments"]]
    options = server["initialization_options"]
    return Configured(command, options, lambda _: None, ZED, ["utf-16"], pull=True)


def sublime() -> Configured:
    settings = json.loads((CLIENTS / "sublime" / "LSP.sublime-settings").read_text("utf-8"))
    server = settings["clients"]["promptls"]

    def section(added: Json) -> Json:
        tree: Json = {}
        for path, value in [*server["settings"].items(), *added.items()]:
            *folders, name = path.removeprefix("promptls.").split(".")
            place = tree
            for folder in folders:
                place = place.setdefault(folder, {})
            place[name] = value
        return tree

    options = server["initializationOptions"]
    return Configured(server["command"], options, section, SUBLIME, None, pull=False)


EDITORS = pytest.mark.parametrize("read", [helix, zed, sublime])


@contextmanager
def started(
    home: Path,
    configured: Configured,
    settings: Json | None = None,
    **options: object,
) -> Iterator[Editor]:
    """A server as the editor starts it, with settings and options added."""
    with running(home) as editor:
        editor.settings[""] = configured.section(settings or {})
        given = {**copy.deepcopy(configured.options), **options}
        answer = editor.initialize(
            configured.capabilities, encodings=configured.encodings, options=given
        )
        assert ("diagnosticProvider" in answer["capabilities"]) == configured.pull
        editor.wire.notify("workspace/didChangeConfiguration", {"settings": given})
        yield editor
        warned = editor.seen("window/showMessage")
        assert not [message for message in warned if message["params"]["type"] <= 2]


def codes(editor: Editor, configured: Configured, uri: str, wanted: set[str]) -> None:
    """Wait until the findings of a document have exactly these codes."""
    if configured.pull:
        editor.wait(lambda: {item["code"] for item in editor.pull(uri)}, lambda got: got == wanted)
    else:
        editor.codes(uri, wanted)


@EDITORS
def test_starts_the_server(read: Callable[[], Configured]) -> None:
    assert read().command == ["promptls", "server"]


@EDITORS
def test_hints_and_findings(tmp_path: Path, read: Callable[[], Configured]) -> None:
    configured = read()
    long, brief = "# Kürze 😀\n" + "Be brief. " * 20 + "\n", "# Kürze 😀\nBe brief.\n"
    with started(tmp_path, configured) as editor:
        editor.write("promptls.toml", "[budget]\nsection = 30\n")
        uri = editor.open(editor.uri("prompts/a.md"), long)
        codes(editor, configured, uri, {"budget/section-exceeded"})
        ((place, label),) = [(hint["position"], hint["label"]) for hint in editor.hints(uri)]
        column = 13 if configured.encodings and configured.encodings[0] == "utf-8" else 10
        tokens = reference_count("cl100k_base", long)
        assert (place, label) == (
            {"line": 0, "character": column},
            f"{tokens} tok · {100 * tokens // 30} % of 30",
        )
        editor.change(uri, whole(brief))
        codes(editor, configured, uri, set())


@pytest.mark.parametrize("read", [helix, sublime])
def test_settings_have_their_place(tmp_path: Path, read: Callable[[], Configured]) -> None:
    with started(tmp_path, read(), {"encoding": "o200k_base"}) as editor:
        uri = editor.open(editor.uri("prompts/a.md"), "# A\n")
        assert editor.report(uri)["encoding"] == "o200k_base"


@EDITORS
@pytest.mark.parametrize("trusted", [None, True])
def test_trust_is_given_in_the_options(
    tmp_path: Path, read: Callable[[], Configured], trusted: bool | None
) -> None:
    (tmp_path / "out.md").write_text("outside", "utf-8")
    options: Json = {"machine": {"allowedRoots": [str(tmp_path)]}}
    if trusted is not None:
        options["trusted"] = trusted  # in the place of what the file says
    with started(tmp_path, read(), **options) as editor:
        uri = editor.open(editor.uri("prompts/a.md"), "@file:../../out.md\n")
        (reference,) = editor.report(uri)["references"]
        assert reference["status"] == ("resolved" if trusted else "blocked")


def test_helix_files() -> None:
    languages = tomllib.loads((CLIENTS / "helix" / "languages.toml").read_text("utf-8"))
    for language in languages["language"]:
        assert "promptls" in language["language-servers"]
    editor = tomllib.loads((CLIENTS / "helix" / "config.toml").read_text("utf-8"))["editor"]
    assert editor["lsp"]["display-inlay-hints"] is True
