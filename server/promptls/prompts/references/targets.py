"""Targets without quotes: where they end in a sentence, and what they look like."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from promptls.prompts.references.masking import MASK
from promptls.prompts.references.model import Reference

Finder = Callable[[str, str], Iterable[Reference]]
"""Finds the references of one form: takes a line and the same line masked (`masking`)."""

TARGET_MAX = 4096
"""Characters of a target; no system opens a longer path (Linux: PATH_MAX)."""

WIDE_PUNCTUATION = "，。、；：！？（）【】《》「」『』“”…"
"""Punctuation of scripts that write no blanks: it ends a target."""
_PLAIN = re.compile(rf"[^\s\"<>|`,;'()\[\]{{}}{MASK}{WIDE_PUNCTUATION}]++")
_OPENING = {")": "(", "]": "[", "}": "{"}
_SENTENCE = frozenset(".,;:!?'’")
_EMPHASIS = frozenset("*_~")
_AT_RUN_TIME = re.compile(r"\{\{|\$\{|\$ARGUMENTS|\$\d")
_EXTENSION = re.compile(r".\.[A-Za-z]\w{0,9}$")
_TEXT_SUFFIXES = (".md", ".mdc", ".txt")


def bare_end(masked: str, start: int, before: str) -> int:
    """Where a target without quotes ends; `start` when there is none.

    It goes up to white space, a quote, an angle bracket, a bar or a closing bracket that nothing
    in it opens, less the punctuation of the sentence. `before` is the character in front of the
    whole reference: emphasis and a single quote that are opened there are closed behind it.
    """
    end = _run_end(masked, start, before)
    while end > start:
        last = masked[end - 1]
        if last in _SENTENCE or (last in _EMPHASIS and last == before):
            end -= 1
        elif end - 2 >= start and masked[end - 2 : end] in ("'s", "’s"):
            end -= 2
        else:
            break
    return end


def _run_end(masked: str, start: int, before: str) -> int:
    """Where the characters end that a target may be made of. Looks no further than that."""
    opened: list[str] = []
    end = start
    while True:
        plain = _PLAIN.match(masked, end)
        if plain is not None:
            end = plain.end()
        character = masked[end : end + 1]
        if character and character in "([{":
            opened.append(character)
        elif character in _OPENING:
            if not opened or opened.pop() != _OPENING[character]:
                return end
        elif not (
            (character == "'" and before != "'")
            or (character in (",", ";") and not masked.startswith("@", end + 1))
        ):
            return end
        end += 1


def is_known_at_run_time(target: str) -> bool:
    """Whether a target holds a variable or an argument: what it names is not known before."""
    return _AT_RUN_TIME.search(target) is not None


def is_certain_path(path: str) -> bool:
    """Whether what looks like a path is one, so that it is a finding when nothing is there.

    It begins with `./`, `../`, `~/` or `/`, or has a slash and a file extension, or ends in
    `.md`, `.mdc` or `.txt`. An `@` in its last part is a package's version (`@scope/x@1.2.x`).
    """
    if path.startswith(("./", "../", "~/", "/")):
        return True
    _, slash, name = path.rpartition("/")
    if "@" in name:
        return False
    if slash:
        return _EXTENSION.search(name) is not None
    return name.lower().endswith(_TEXT_SUFFIXES) and not name.startswith(_TEXT_SUFFIXES)
