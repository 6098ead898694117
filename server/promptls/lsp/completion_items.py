"""What is offered while a reference is written, with the text that each choice puts in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from lsprotocol import types

from promptls.lsp.path_completion import entries
from promptls.prompts.dialects.model import Dialect
from promptls.prompts.references import CompletionContext, Reference, write_target
from promptls.references.model import Site
from promptls.references.policy import AccessPolicy

_NATIVE_OPENINGS = ("@file:", "@api:", "@var:")
_OPENINGS = {
    "hash-file": "#file:",
    "input": "${input:",
    "file-expression": "${file:",
    "environment": "${env:",
    "partial": "{{>",
}
"""By form: how a reference begins."""
_BLANK = re.compile(r"\s")
_NOT_IN = {
    "at-path": _BLANK,
    "file-expression": re.compile(r"[:{}]"),
    "hash-file": re.compile(r"[\s#]"),
    "partial": re.compile(r"[^\w./-]"),
}
"""By form: what it has no way to write."""
_OPTIONS = {
    "lines": ("lines=", "only these lines: lines=10-40"),
    "max": ("max=", "its own budget in tokens: max=2000"),
    "optional": ("optional", "no finding when it is not there"),
}


class Item(NamedTuple):
    """One choice."""

    label: str
    new_text: str
    """What takes the place of all from `start` to the cursor."""
    start: int
    """Characters of the line before it."""
    kind: types.CompletionItemKind
    filter_text: str = ""
    """What the text from `start` to the cursor is compared with; "" for the label."""
    rank: int = 0
    """Those of a lower one come first."""
    detail: str = ""


def openings(before: str, dialect: Dialect) -> list[Item]:
    """How a reference may begin that has only just begun, given the line up to the cursor."""
    texts = [*_NATIVE_OPENINGS]
    texts += [text for form, text in _OPENINGS.items() if form in dialect.forms]
    found = []
    for text in texts:
        for length in range(len(text) - 1, 0, -1):
            start = len(before) - length
            if before.endswith(text[:length]) and not _joins(before[:start]):
                found.append(
                    Item(text, text, start, types.CompletionItemKind.Keyword, detail="reference")
                )
                break
    return found


def _joins(before: str) -> bool:
    """Whether what stands in front makes one word with what follows."""
    return bool(before) and (before[-1].isalnum() or before[-1] in "\\_@#${/")


def options(context: CompletionContext) -> Iterator[Item]:
    """The options behind a native reference."""
    for name, (text, detail) in _OPTIONS.items():
        if name.startswith(context.prefix):
            kind = types.CompletionItemKind.Property
            yield Item(name, text, context.start, kind, detail=detail)


def path_items(context: CompletionContext, site: Site, policy: AccessPolicy) -> Iterator[Item]:
    """Files and folders. Names that the form has no way to write are left out."""
    folder, slash, begun = context.prefix.rpartition("/")
    folder += slash
    for entry in entries(context, site, policy):
        written = _written(context, folder, entry.name)
        if written is None:
            continue
        is_folder = entry.name.endswith("/")
        kind = types.CompletionItemKind.Folder if is_folder else types.CompletionItemKind.File
        if written.startswith('"') and not context.quoted:
            # Quotes go around all of it, not only around what stands behind the last slash.
            yield Item(
                entry.name, written, context.start, kind, folder + entry.name, rank=entry.rank
            )
        else:
            start = context.end - _length(context, begun)
            yield Item(entry.name, written, start, kind, rank=entry.rank)


def _length(context: CompletionContext, begun: str) -> int:
    """Characters of the line that the part behind the last slash takes as it is written."""
    if context.quoted and context.form == "native":
        return len(begun) + begun.count('"')
    if context.form == "at-import":
        return len(begun) + begun.count(" ")
    return len(begun)


def _written(context: CompletionContext, folder: str, name: str) -> str | None:
    """What is put in for a name; None where the form cannot hold it."""
    like = _like(context)
    if context.form == "native" and not context.quoted:
        written = write_target(like, folder + name)
        if not written.startswith('"'):
            return name
        # A folder's closing quote comes with the file in it.
        return written[:-1] if name.endswith("/") else written
    refused = _NOT_IN.get(context.form)
    return None if refused and refused.search(name) else write_target(like, name)


def _like(context: CompletionContext) -> Reference:
    """A reference of the same form, for the rules by which targets are written."""
    start = len(context.kind) + 2 + context.quoted
    return Reference(0, start, context.kind, "", start, start, "", context.form, certain=True)
