"""How references are to be written once files and folders were renamed.

A reference is left alone where it will still name what it named, as when a document and what it
refers to move together. Else its target is written anew in the style that it was written in, and
only if it can be shown that it names the right thing then.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from promptls.findings import Range
from promptls.prompts.dialects import DIALECTS
from promptls.prompts.references import ReferenceGrammar, write_target
from promptls.references.files.lookup import Ground, is_native, paths_of
from promptls.references.files.uris import to_uri
from promptls.references.policy import AccessPolicy
from promptls.text import PositionEncoding
from promptls.workspace.mentions import Mention, Named, lexical, named_by


class Moves:
    """Where files and folders lie after a rename that has not been made yet."""

    def __init__(self, renamed: Iterable[tuple[Path, Path]]) -> None:
        """`renamed` are old and new absolute paths of files or folders."""
        pairs = ((lexical(str(old)), lexical(str(new))) for old, new in renamed)
        # The innermost rename counts.
        self._pairs = sorted(pairs, key=lambda pair: -len(pair[0]))
        self._by_target = sorted(self._pairs, key=lambda pair: -len(pair[1]))

    @property
    def sources(self) -> list[str]:
        """What is renamed, by its old paths."""
        return [old for old, _ in self._pairs]

    def moved(self, path: str) -> str:
        """Where something lies afterwards that lies at `path` before."""
        return next(
            (new + path[len(old) :] for old, new in self._pairs if _lies_at(path, old)), path
        )

    def exists(self, path: str) -> bool:
        """Whether there is something at `path` afterwards."""
        for old, new in self._by_target:
            if _lies_at(path, new) and os.path.lexists(old + path[len(new) :]):
                return True
        return self.moved(path) == path and os.path.lexists(path)


class Change(NamedTuple):
    """New text in place of a range of a document."""

    range: Range
    text: str


class Rewriter:
    """Writes the references of one document anew."""

    def __init__(self, moves: Moves, policy: AccessPolicy, path: Path, root: Path) -> None:
        """`path` is where the document lies now, `root` its workspace folder afterwards."""
        self._moves = moves
        self._policy = policy
        # A document that is a link is read as if it lay where the link leads to.
        moved = moves.moved(os.path.realpath(path))
        self._leaves = policy.outside(moved) is not None
        self._folder = os.path.dirname(moved)  # noqa: PTH120 - strings throughout
        self._root = str(root)

    def changes(self, mentions: Sequence[Mention], encoding: PositionEncoding) -> Iterator[Change]:
        """What has to change for the mentions to name what they name now, in order.

        A document that leaves the workspace is none any more, and left alone.
        """
        for mention in () if self._leaves else mentions:
            target = self._target(mention)
            if target is not None:
                text = write_target(mention.reference, target)
                yield Change(mention.target_range(encoding), text)

    def _target(self, mention: Mention) -> str | None:
        """The target to write instead; None where nothing has to change, or nothing can."""
        ground = replace(mention.ground, folder=self._folder, root=self._root)
        wanted = replace(mention.named, path=self._moves.moved(mention.named.path))
        if self._policy.outside(wanted.path, ground.home) is not None:
            return None
        reference = mention.reference
        if self._names(reference.target, mention, ground) == wanted:
            return None
        for target in _spellings(mention, ground, wanted):
            if self._names(target, mention, ground) == wanted and _reads(mention, target):
                return target
        return None

    def _names(self, target: str, mention: Mention, ground: Ground) -> Named | None:
        form = mention.reference.form
        return named_by(target, form, ground, self._policy, self._moves.exists)


def _spellings(mention: Mention, ground: Ground, wanted: Named) -> Iterator[str]:
    """How a place can be written, first in the style of the reference."""
    old = mention.reference.target
    tail = f"/{wanted.pattern}" if wanted.pattern else "/" if old.endswith("/") else ""
    path = wanted.path
    near = _relative(path, ground.folder) + tail
    far = _relative(path, os.path.realpath(ground.root)) + tail
    rule = "native" if is_native(mention.reference.form) else ground.rule
    if old[:5].lower() == "file:":
        yield to_uri(path) + tail
    for prefix, replacement in ground.aliases:
        if old == prefix or old.startswith(prefix + "/"):
            base = os.path.realpath(Path(ground.root, os.path.expanduser(replacement)))  # noqa: PTH111
            if _lies_at(path, base):
                yield f"{prefix}/{_relative(path, base)}{tail}"
    if old.startswith("~/") and _lies_at(path, ground.user):
        yield f"~/{_relative(path, ground.user)}{tail}"
    if rule == "partials":
        folder, _, name = near.rpartition("/")
        yield "/".join(filter(None, (folder, name.removeprefix("_").removesuffix(".prompt"))))
        return
    if old.startswith("/"):
        yield path.replace(os.sep, "/") + tail if rule == "importing-file" else f"/{far}"
    if rule == "workspace" and "/" not in old and "." not in old:
        yield Path(path).stem
    explicit = near if near.startswith("../") else f"./{near}"
    if old.startswith(("./", "../")):
        yield explicit
    elif not _is_near(mention):
        yield far
    yield from (near, explicit, far, f"/{far}")


def _is_near(mention: Mention) -> bool:
    """Whether it was found from the folder of the file that it stands in."""
    ground = replace(mention.ground, root="")
    paths = paths_of(mention.reference.target, ground, mention.reference.form)
    depth = mention.named.pattern.count("/") + 1 if mention.named.pattern else 0
    return any(
        lexical(str(Path(*Path(path).parts[: len(Path(path).parts) - depth]))) == mention.named.path
        for path in paths
    )


def _reads(mention: Mention, target: str) -> bool:
    """Whether the line with another target in it is read as that."""
    reference = mention.reference
    written = write_target(reference, target)
    text = mention.text
    line = text[: reference.target_start] + written + text[reference.target_end :]
    found = ReferenceGrammar(DIALECTS[mention.ground.dialect]).find(line)
    return any(
        one.start == reference.start and one.target == target and one.options == reference.options
        for one in found
    )


def _relative(path: str, folder: str) -> str:
    return os.path.relpath(path, folder).replace(os.sep, "/")


def _lies_at(path: str, folder: str) -> bool:
    return path == folder or path.startswith(os.path.join(folder, ""))  # noqa: PTH118
