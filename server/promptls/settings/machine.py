"""The machine settings: what holds for a machine and its user, never taken from a workspace."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from promptls.settings.addresses import DATABASE_URL, Host
from promptls.settings.declaration import Setting
from promptls.settings.forms import Choice, Flag, Folder, ListOf
from promptls.settings.names import ENVIRONMENT_NAME, PLUGIN_NAME

Engine = Literal["auto", "tiktoken", "quicktok"]


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """The database that keeps counts and answers."""

    enabled: Annotated[
        bool,
        Setting(
            Flag(),
            "Whether counts and answers are kept in a database, beside memory.",
            example=False,
            scope="machine",
        ),
    ] = True
    url: Annotated[
        str | None,
        Setting(
            DATABASE_URL,
            "The database. Where it is not set, a SQLite file in your cache folder. PostgreSQL "
            "(`promptls[postgresql]`) lets a team share one.",
            example="postgresql://promptls@db.example.com/promptls",
            scope="machine",
            secret=True,
        ),
    ] = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class MachineSettings:
    """What holds for a machine and its user; never taken from a workspace."""

    engine: Annotated[
        Engine,
        Setting(
            Choice(("auto", "tiktoken", "quicktok")),
            "What encodes text. `auto` takes quicktok where it is installed (`promptls[fast]`) "
            "and agrees with tiktoken, else tiktoken.",
            example="tiktoken",
            scope="machine",
        ),
    ] = "auto"
    vocabulary_folder: Annotated[
        Path | None,
        Setting(
            Folder(),
            "A folder with `<encoding>.tiktoken` files, for encodings that are not built in.",
            example="/opt/vocabularies",
            scope="machine",
        ),
    ] = None
    vocabulary_download: Annotated[
        bool,
        Setting(
            Flag(),
            "Whether a vocabulary that is missing may be downloaded. This is done in trusted "
            "workspaces only.",
            example=False,
            scope="machine",
        ),
    ] = True
    allowed_roots: Annotated[
        tuple[Path, ...],
        Setting(
            ListOf(Folder()),
            "Folders outside of the workspace whose files may be brought in, in trusted "
            "workspaces.",
            example=["~/prompts"],
            scope="machine",
        ),
    ] = ()
    allowed_hosts: Annotated[
        tuple[str, ...],
        Setting(
            ListOf(Host()),
            "The hosts that may be asked, in trusted workspaces. A host without a port is allowed "
            "at the usual ports. Addresses of this machine and of private networks are refused "
            "unless they are listed themselves.",
            example=["api.example.com", "*.example.org", "localhost:8080"],
            scope="machine",
        ),
    ] = ()
    environment: Annotated[
        tuple[str, ...],
        Setting(
            ListOf(ENVIRONMENT_NAME),
            "The environment variables that may be brought in or sent to endpoints, in trusted "
            "workspaces.",
            example=["PROJECT_NAME", "STATUS_TOKEN"],
            scope="machine",
        ),
    ] = ()
    network: Annotated[
        bool,
        Setting(
            Flag(),
            "Whether anything may be fetched at all.",
            example=False,
            scope="machine",
        ),
    ] = True
    database: DatabaseSettings = DatabaseSettings()
    plugins: Annotated[
        tuple[str, ...],
        Setting(
            ListOf(PLUGIN_NAME),
            "Installed packages' entry points (group `promptls.references`) that are loaded, each "
            "for one more kind of reference.",
            example=["tickets"],
            scope="machine",
        ),
    ] = ()
