"""Settings of the VS Code extension itself: how it finds the server, and what it shows.

The server reads none of them; they stand here so that all settings are declared in one way, and
the extension's manifest and the settings page are generated from all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from promptls.settings.declaration import Setting
from promptls.settings.forms import Choice, Flag, Text

StatusBar = Literal["always", "prompts", "never"]
LogLevel = Literal["debug", "info", "warning", "error"]


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """How the server is found and started."""

    path: Annotated[
        str,
        Setting(
            Text("the path of a program"),
            "A `promptls` program to start instead of the one that the extension brings.",
            example="/opt/promptls/bin/promptls",
            scope="machine",
        ),
    ] = ""
    interpreter: Annotated[
        str,
        Setting(
            Text("the path of a program"),
            "The Python (3.11 or later) that the server's private environment is made from. Where "
            "it is not set, that of the Python extensions (in trusted workspaces), else one found "
            "on the system.",
            example="/usr/bin/python3.12",
            scope="machine",
        ),
    ] = ""
    log_level: Annotated[
        LogLevel,
        Setting(
            Choice(("debug", "info", "warning", "error")),
            "How much the server logs. No text of a document is ever logged.",
            example="debug",
            scope="machine",
        ),
    ] = "warning"


@dataclass(frozen=True, slots=True)
class ExplorerSettings:
    """The explorer."""

    decorations: Annotated[
        bool,
        Setting(Flag(), "Mark prompt files near or over their budget.", example=False),
    ] = True


@dataclass(frozen=True, slots=True)
class TraceSettings:
    """What the editor writes down of the protocol."""

    server: Annotated[
        Literal["off", "messages", "verbose"],
        Setting(
            Choice(("off", "messages", "verbose")),
            "Write the messages between the editor and the server into the log. `verbose` writes "
            "their contents, and with them your documents.",
            example="messages",
        ),
    ] = "off"


@dataclass(frozen=True, slots=True)
class EditorSettings:
    """The settings of the extension."""

    server: ServerSettings = ServerSettings()
    status_bar: Annotated[
        StatusBar,
        Setting(
            Choice(("always", "prompts", "never")),
            "Where the status bar shows the tokens: in every text document, in prompts only, or "
            "nowhere.",
            example="prompts",
        ),
    ] = "always"
    explorer: ExplorerSettings = ExplorerSettings()
    trace: TraceSettings = TraceSettings()
