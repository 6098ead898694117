"""Settings for a document, from all the places that they come from; files are kept in memory."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from promptls.findings import Finding
from promptls.settings.declaration import Scope, build
from promptls.settings.layer import Content, Layer, Level
from promptls.settings.model import FileRule, MachineSettings, Settings
from promptls.settings.precedence import choose, merge
from promptls.settings.reader import BOTH, MACHINE, RESOURCE, read_layer
from promptls.settings.settings_file import (
    PROMPTLS_TOML,
    PYPROJECT_TOML,
    Stamp,
    Unreadable,
    read_bytes,
    same_file,
    stamp_of,
)

_SETTLED_NS = 2_000_000_000
"""A file written less than this before it was read may change again within one clock tick."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """The settings of one document, with what is wrong where they come from."""

    settings: Settings
    rule: FileRule | None
    """The `[[files]]` rules that match the document, as one; None when none does."""
    origins: Mapping[str, str]
    """By dotted camelCase name, the origin of each setting that is not a default."""
    problems: Mapping[Path, tuple[Finding, ...]]
    """For each settings file that was read, what is wrong with it (often nothing)."""
    client_problems: tuple[Finding, ...]
    """In the client's settings; they have no place, their range is 0:0."""
    document_problems: tuple[Finding, ...]
    """In the document itself (front matter and directives), at the ranges of their layers."""
    looked_at: tuple[Path, ...]
    """The settings files that count for the document, nearest first, there or not."""


@dataclass(frozen=True, slots=True)
class ResolvedMachine:
    """The machine settings, with what is wrong where they come from."""

    settings: MachineSettings
    problems: Mapping[Path, tuple[Finding, ...]]
    """What is wrong with the user's own file."""
    client_problems: tuple[Finding, ...]
    """In `initializationOptions.machine` and the command line; their range is 0:0."""


class _Kept(NamedTuple):
    stamp: Stamp | Unreadable
    settled: bool
    scopes: frozenset[Scope]
    data: bytes | Unreadable
    content: Content


def default_user_file() -> Path:
    """Name the user's own settings file, in the system's configuration folder."""
    from platformdirs import user_config_path

    return user_config_path("promptls", appauthor=False) / PROMPTLS_TOML


class SettingsStore:
    """Reads settings files and merges levels. Safe to call from several threads."""

    def __init__(self, user_file: Path | None = None) -> None:
        self.user_file = default_user_file() if user_file is None else user_file
        self._kept: dict[Path, _Kept] = {}

    def for_document(
        self,
        path: Path | None,
        root: Path | None,
        client: object = None,
        overrides: Sequence[Layer] = (),
    ) -> Resolved:
        """Resolve the settings of the document at `path` in the workspace folder `root`.

        Both are absolute. `path` is None for a document without a file. A document outside
        `root`, or without one, takes the settings files of its own folder only. `client` is what
        the client answered for this document's section `promptls`, whatever that may be.
        `overrides`, the nearest first, are what the command line, directives and front matter
        say. Raises nothing; costs a few file states when no file has changed.
        """
        folder = root or (path.parent if path else None)
        near = [replace(layer, folder=layer.folder or folder) for layer in overrides]
        nearest = [read_layer(layer) for layer in near]
        of_client = Layer("client", _given(client), spelling="camel", folder=folder)
        client_level = read_layer(of_client)
        user_stamp = stamp_of(self.user_file)
        user = self._content(self.user_file, user_stamp, BOTH)
        looked_at, contents = self._workspace_files(_folders(path, root), user_stamp)
        levels = [*nearest, *_levels(contents.values()), client_level]
        if user is not None:
            contents[self.user_file] = user
            levels += [_based_on(folder, level) for level in _levels([user])]
        merged = merge(levels, path)
        return Resolved(
            merged.settings,
            merged.rule,
            merged.origins,
            _problems(contents),
            _located([of_client], [client_level]),
            _located(near, nearest),
            (*looked_at, self.user_file),
        )

    def machine(
        self,
        initialization: object = None,
        command_line: Mapping[str, object] | None = None,
    ) -> ResolvedMachine:
        """Resolve the machine settings. Raises nothing.

        The command line is nearest, then `initializationOptions.machine`, then the user's file.
        """
        layers = [
            Layer("command line", command_line or {}),
            Layer("initializationOptions.machine", _given(initialization), spelling="camel"),
        ]
        levels = [read_layer(layer, MACHINE) for layer in layers]
        user = self._content(self.user_file, stamp_of(self.user_file), BOTH)
        contents = {} if user is None else {self.user_file: user}
        chosen = choose(
            (level.origin, level.values) for level in (*levels, *_levels(contents.values()))
        )
        values = {name: value for name, (_, value) in chosen.items()}
        return ResolvedMachine(
            build(MachineSettings, values), _problems(contents), _located(layers, levels)
        )

    def invalidate(self) -> None:
        """Forget every file, so that each is read again."""
        self._kept.clear()

    def _workspace_files(
        self, folders: Iterable[Path], user: Stamp | Unreadable | None
    ) -> tuple[list[Path], dict[Path, Content]]:
        """List all files that are looked at, and the content of those that count."""
        looked_at: list[Path] = []
        contents: dict[Path, Content] = {}
        for folder in folders:
            decided = False
            for name in (PROMPTLS_TOML, PYPROJECT_TOML):
                file = folder / name
                looked_at.append(file)
                stamp = None if decided else stamp_of(file)
                # The user's own file keeps its level, also where its folder is the workspace.
                if stamp is None or same_file(stamp, user):
                    continue
                if content := self._content(file, stamp, RESOURCE):
                    contents[file] = content
                    decided = True
        return looked_at, contents

    def _content(
        self, path: Path, stamp: Stamp | Unreadable | None, scopes: frozenset[Scope]
    ) -> Content | None:
        """Give what the file says, read again only when it may have changed."""
        kept = self._kept.get(path)
        if kept and (kept.stamp != stamp or kept.scopes != scopes):
            kept = None
        if kept and kept.settled:
            return kept.content
        started = time.time_ns()
        data = read_bytes(path) if isinstance(stamp, Stamp) else stamp
        if stamp is None or data is None:
            self._kept.pop(path, None)
            return None
        content = kept.content if kept and kept.data == data else _parse(path, data, scopes)
        settled = (
            isinstance(stamp, Stamp)
            and started - max(stamp.mtime_ns, stamp.ctime_ns) >= _SETTLED_NS
        )
        self._kept[path] = _Kept(stamp, settled, scopes, data, content)
        return content


def _parse(path: Path, data: bytes | Unreadable, scopes: frozenset[Scope]) -> Content:
    from promptls.settings.toml_level import parse  # tomllib is not wanted at start-up

    return parse(path, data, scopes)


def _folders(path: Path | None, root: Path | None) -> Sequence[Path]:
    """List the folders whose settings files count for a document, the nearest first."""
    if path is None:
        return [root] if root else []
    if root is None or not path.is_relative_to(root):
        return [path.parent]
    above = path.parents
    return above[: len(path.parts) - len(root.parts)]


def _given(values: object) -> object:
    return {} if values is None else values


def _levels(contents: Iterable[Content]) -> list[Level]:
    return [content.level for content in contents if content.level is not None]


def _based_on(folder: Path | None, level: Level) -> Level:
    """Make the globs of the user's level relative to the document's workspace."""
    return replace(level, rules=tuple(replace(rule, folder=folder) for rule in level.rules))


def _problems(contents: Mapping[Path, Content]) -> dict[Path, tuple[Finding, ...]]:
    return {path: content.findings for path, content in contents.items()}


def _located(layers: Sequence[Layer], levels: Sequence[Level]) -> tuple[Finding, ...]:
    return tuple(
        problem.finding(layer.range(problem.path))
        for layer, level in zip(layers, levels, strict=True)
        for problem in level.problems
    )
