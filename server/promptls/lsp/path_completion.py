"""The files and folders that a reference being written may name. Reads folders."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from promptls.prompts.references import CompletionContext
from promptls.references.files.ignored import rules_for
from promptls.references.files.lookup import Ground, home_of, paths_of
from promptls.references.files.opening import Folder, Opened, open_checked
from promptls.references.model import Site
from promptls.references.policy import AccessPolicy

_ENTRIES_MAX = 5_000
"""Entries of one folder that are looked at."""
_ANY = "\ue000"
"""Stands for the name that is being written; no file is called so."""


class Entry(NamedTuple):
    """A name that may be written next."""

    name: str
    """As the target writes it; of a folder with a slash behind it."""
    rank: int
    """0; 1 for hidden ones; 2 for what `.gitignore` names."""


def entries(context: CompletionContext, site: Site, policy: AccessPolicy) -> list[Entry]:
    """What may stand behind the last slash of what is written, the likeliest first.

    By the path rule of the form, and only what the policy lets in; names that hold what is
    written of the name so far, whatever its case.
    """
    prefix = unquote(context.prefix) if context.form == "markdown-link" else context.prefix
    folder, slash, begun = prefix.rpartition("/")
    ground = Ground.of(site, home_of(site))
    found: dict[str, Entry] = {}
    for path in paths_of(f"{folder}{slash}{_ANY}", ground, context.form):
        parent, pattern = os.path.split(path)
        before, after = pattern.split(_ANY, 1) if _ANY in pattern else ("", "")
        for entry in _list(parent, before, after, site, ground, policy):
            if begun.lower() in entry.name.lower():
                found.setdefault(entry.name, entry)
    return sorted(found.values(), key=lambda entry: (entry.rank, entry.name.lower()))


def _list(
    parent: str, before: str, after: str, site: Site, ground: Ground, policy: AccessPolicy
) -> Iterator[Entry]:
    """What one folder holds; a name is what stands between `before` and `after`."""
    opened = open_checked(parent, policy, home=ground.home)
    if isinstance(opened, Opened):
        opened.close()
    if not isinstance(opened, Folder):
        return
    folder = Path(opened.path)
    rules = rules_for(folder)
    for one in _entries(folder):
        path = folder / one.name
        is_folder = _is_folder(one)
        if (
            path == site.path
            or one.name == ".git"
            or not _is_allowed(one, is_folder, ground, policy)
        ):
            continue
        if is_folder:
            # A folder has its own name in every rule; only what it leads to is written otherwise.
            if after and not before:
                continue
            name = one.name + "/"
        elif one.name.startswith(before) and one.name.endswith(after):
            name = one.name[len(before) : len(one.name) - len(after)]
            if not name:
                continue
        else:
            continue
        rank = int(name.startswith("."))
        yield Entry(name, 2 if rules.ignores(path, is_folder=is_folder) else rank)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as listing:
            return list(islice(listing, _ENTRIES_MAX))
    except OSError:
        return []


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads round in a circle
        return False


def _is_allowed(
    entry: os.DirEntry[str], is_folder: bool, ground: Ground, policy: AccessPolicy
) -> bool:
    real = os.path.realpath(entry.path) if entry.is_symlink() else entry.path
    if is_folder:
        real = os.path.join(real, "")  # noqa: PTH118 - a string's end
    return policy.refusal(real, ground.home) is None
