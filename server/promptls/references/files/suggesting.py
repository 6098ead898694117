"""What a target that names nothing may have meant."""

from __future__ import annotations

import difflib
import os
from collections.abc import Sequence
from itertools import islice

from promptls.references.files.lookup import Ground
from promptls.references.policy import AccessPolicy

_NAMES_MAX = 2_000
"""Names in a folder that are compared; more take too long."""
_SUGGESTIONS_MAX = 3
_CUTOFF = 0.6


def nearest_targets(
    target: str, paths: Sequence[str], ground: Ground, policy: AccessPolicy
) -> tuple[str, ...]:
    """Targets of files that are there, the likeliest first, written as this one is."""
    written, _, name = target.rpartition("/")
    found: list[str] = []
    moved = _from_root(target, ground)
    if moved is not None:
        found.append(moved)
    for path in paths:
        folder, sought = os.path.split(path)
        try:
            real_folder = os.path.join(os.path.realpath(folder), "")  # noqa: PTH118
        except ValueError:  # it holds lone surrogates
            continue
        if policy.refusal(real_folder, ground.home):
            continue
        for match in _nearest(sought, _names(folder)):
            near = _as_written(match, sought, name)
            real = os.path.realpath(f"{folder}/{match}")
            if near is not None and policy.refusal(real, ground.home) is None:
                found.append(f"{written}/{near}" if "/" in target else near)
    return tuple(dict.fromkeys(found))[:_SUGGESTIONS_MAX]


def _nearest(sought: str, names: list[str]) -> list[str]:
    """The names that are most alike; of those with the same suffix, what stands before it."""
    stem, suffix = os.path.splitext(sought.lower())  # noqa: PTH122
    alike: dict[str, str] = {}
    others: dict[str, str] = {}
    for name in names:
        lower = name.lower()
        if suffix and lower.endswith(suffix):
            alike[lower.removesuffix(suffix)] = name
        else:
            others[lower] = name
    return [
        names_by_key[key]
        for wanted, names_by_key in ((stem, alike), (sought.lower(), others))
        for key in difflib.get_close_matches(wanted, names_by_key, _SUGGESTIONS_MAX, _CUTOFF)
    ]


def _names(folder: str) -> list[str]:
    """What a folder holds; some of it where that is much."""
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry in islice(entries, _NAMES_MAX)]
    except OSError:
        return []


def _as_written(match: str, sought: str, name: str) -> str | None:
    """A name on disk as the target writes names; partials leave out what is around theirs."""
    if sought == name:
        return match
    before, found, after = sought.partition(name)
    if not found or not (match.startswith(before) and match.endswith(after)):
        return None
    return match[len(before) : len(match) - len(after)]


def _from_root(target: str, ground: Ground) -> str | None:
    """The way from the file to what the target names from the workspace folder."""
    if not ground.root or ground.rule not in ("importing-file", "prompt-file"):
        return None
    path = os.path.normpath(f"{ground.root}/{target.lstrip('/')}")
    if not path.startswith(os.path.join(ground.root, "")) or not os.path.isfile(path):  # noqa: PTH113, PTH118
        return None
    return os.path.relpath(path, ground.folder).replace(os.sep, "/")
