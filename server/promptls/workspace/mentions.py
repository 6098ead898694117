"""Which files the references of a document name, without reading any of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath

from promptls.findings import Range
from promptls.prompts.references import REFERENCE_LIMIT, Reference
from promptls.references.files.listing import Pattern
from promptls.references.files.lookup import Ground, is_native, paths_of
from promptls.references.files.uris import file_key
from promptls.references.graph import is_looked_up
from promptls.references.policy import AccessPolicy
from promptls.report.document import PromptDocument
from promptls.report.references import columns
from promptls.text import PositionEncoding

Exists = Callable[[str], bool]
"""Whether there is a file or folder at an absolute path."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a target names: a file, a folder, or a folder with a glob below it."""

    path: str
    """Absolute, links to folders followed."""
    pattern: str = ""
    """The glob."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A reference to a file that is there, in its place."""

    reference: Reference
    line: int
    text: str
    """Its line."""
    ground: Ground
    """What its target was looked up against."""
    named: Named
    key: str
    """The file key of what it names; of the folder for a folder or a glob."""

    def names(self, keys: frozenset[str]) -> bool:
        """Whether it names one of these files, be it by a folder or a glob."""
        if self.key in keys:
            return True
        if not os.path.isdir(self.key):  # noqa: PTH112 - a key is a string
            return False
        folder = os.path.join(self.key, "")  # noqa: PTH118
        pattern = Pattern.of(self.named.pattern) if self.named.pattern else None
        return any(
            key.startswith(folder)
            and (pattern is None or pattern.glob.matches(PurePath(key[len(folder) :]).parts))
            for key in keys
        )

    def range(self, encoding: PositionEncoding) -> Range:
        """Where the reference stands, in code units."""
        return columns(self.line, self.reference.start, self.reference.end, self.text, encoding)

    def target_range(self, encoding: PositionEncoding) -> Range:
        """Where its target stands as written, in code units."""
        reference = self.reference
        return columns(self.line, reference.target_start, reference.target_end, self.text, encoding)


def mentions_in(
    document: PromptDocument, ground: Ground, policy: AccessPolicy
) -> Iterator[Mention]:
    """The references of a document to files that are there, in order."""
    known: dict[tuple[str, str], Named | None] = {}
    for place in document.placed():
        text = ""
        for reference in place.mark.references:
            if reference.kind != "file" or not is_looked_up(reference):
                continue
            spelled = (reference.target, reference.form)
            if spelled not in known:
                known[spelled] = named_by(*spelled, ground, policy)
            named = known[spelled]
            if named is not None:
                text = text or document.buffer.line_text(place.line, REFERENCE_LIMIT)
                key = file_key(os.path.realpath(named.path))
                yield Mention(reference, place.line, text, ground, named, key)


def named_by(
    target: str,
    form: str,
    ground: Ground,
    policy: AccessPolicy,
    exists: Exists = os.path.lexists,
) -> Named | None:
    """What a target names, by the rules of the file handler; None for nothing that is there.

    What the policy refuses to look for is not looked for.
    """
    paths = [
        path for path in paths_of(target, ground, form) if not policy.outside(path, ground.home)
    ]
    for path in map(lexical, paths):
        if exists(path):
            return Named(path)
    pattern = Pattern.of(target) if is_native(form) else None
    if pattern is None:
        return None
    for path in paths:
        names = PurePath(path).parts
        base = lexical(str(PurePath(*names[: -pattern.depth])))
        if exists(base):
            return Named(base, "/".join(names[-pattern.depth :]))
    return None


def lexical(path: str) -> str:
    """A path with the links to its folders followed, and not itself: the name that is renamed."""
    folder, name = os.path.split(path)
    try:
        return os.path.join(os.path.realpath(folder), name)  # noqa: PTH118 - strings throughout
    except ValueError:  # lone surrogates
        return path


def without_repeats(mentions: Iterable[Mention]) -> list[Mention]:
    """The mentions in order, one for each place, the first of them."""
    by_place: dict[tuple[int, int], Mention] = {}
    for mention in mentions:
        by_place.setdefault((mention.line, mention.reference.target_start), mention)
    return sorted(by_place.values(), key=lambda one: (one.line, one.reference.start))
