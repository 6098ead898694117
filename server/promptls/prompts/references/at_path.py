"""`@docs/style.md`: the bare path of Claude Code, Gemini CLI, Cursor and Continue.

Claude Code and Gemini CLI import what stands between white space and white space, so that `:` or
`,` right behind a path disables the import without a word (anthropics/claude-code 86060). The
others are read as sentences are: the punctuation around a path is not part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from promptls.prompts.references.masking import MASK
from promptls.prompts.references.model import Placement, Reference
from promptls.prompts.references.targets import (
    TARGET_MAX,
    WIDE_PUNCTUATION,
    Finder,
    bare_end,
    is_certain_path,
    is_known_at_run_time,
)


def _path(escape: str = "") -> str:
    plain = rf"[^\s\\\"'<>|`,;:!?(){{}}\[\]*{MASK}{WIDE_PUNCTUATION}]"
    # A bracket belongs to a path where a folder or file begins with it: `app/(site)/[id].tsx`.
    return rf"((?:{plain}|(?<=/)[(\[]++[\w.-]++[)\]]++{escape})+)"


# A BOM at the beginning of a document is white space to JavaScript.
_IMPORT = re.compile(r"(?<![^\s\ufeff])@(?=[A-Za-z0-9._~/])" + _path(r"|\\ "))
_MENTION = re.compile(r"(?<![^\s\ufeff(])@(?=[\w.~/])" + _path())
_URL = re.compile(r"(?<![^\s\ufeff(])@(?=https?://)")
_NAME = re.compile(r"\w")
_NO_PATH = re.compile(r"[\[{(]|<(?!/)|\*+[\w./]|://")
"""Behind a path: it is a call, a glob, an URL, or there is a placeholder in it."""
_TEXT_ENDS = re.compile(rf"[{MASK}`<|*\\]|\](?=\()")
"""Markdown's text ends here, and the tool's path with it."""
_REST = re.compile(rf"[^\s{MASK}`]+")
_SHOWN_MAX = 12


class _Path(NamedTuple):
    target: str
    stop: int
    """Where the target ends as written."""
    end: int
    """Where the reference ends: behind a fragment."""
    trailing: str


def import_finder(loaded_by: str = "") -> Finder:
    """Make what finds the imports of Claude Code and Gemini CLI.

    With `loaded_by`, in files of other tools: only what is certain and would really be imported.
    """

    def find(line: str, masked: str) -> Iterator[Reference]:
        for found in _IMPORT.finditer(masked):
            path = _read(line, masked, found)
            if path is None:
                continue
            certain = is_certain_path(path.target)
            if not loaded_by:
                yield _imported(line, found, path, certain=certain)
            elif certain and not path.trailing and not is_known_at_run_time(path.target):
                yield _reference(line, found, path, "at-import", "none", loaded_by=loaded_by)

    return find


def find_mentions(line: str, masked: str) -> Iterator[Reference]:
    """Find the files that a document of Cursor's or Continue's names."""
    for found in _MENTION.finditer(masked):
        path = _read(line, masked, found, whole=False)
        if path is not None:
            certain = is_certain_path(path.target)
            yield _reference(line, found, path, "at-path", certain=certain)


def find_urls(line: str, masked: str) -> Iterator[Reference]:
    """Find Continue's `@https://example.com`."""
    end = 0
    while (found := _URL.search(masked, end)) is not None:
        start = found.end()
        before = masked[found.start() - 1] if found.start() else ""
        end = bare_end(masked, start, before)
        target = line[start:end]
        if len(target) <= TARGET_MAX:
            yield Reference(
                start=found.start(),
                end=end,
                kind="api",
                target=target,
                target_start=start,
                target_end=end,
                text=line[found.start() : end],
                form="at-url",
                certain=True,
            )


def _read(line: str, masked: str, found: re.Match[str], *, whole: bool = True) -> _Path | None:
    """Read a path; `whole`: what stands up to the next white space breaks it."""
    start, end = found.span(1)
    written = line[start:end]
    if _NO_PATH.match(masked, end) or (written.endswith("/") and masked.startswith("*", end)):
        return None
    path, fragment, _ = written.partition("#")
    trailing = ""
    if not fragment:
        path = written.rstrip(".")
        trailing = written[len(path) :]
        rest = _REST.match(masked, end) if whole else None
        if rest is not None and not _TEXT_ENDS.match(masked, end):
            trailing += line[rest.start() : rest.end()]
        end = start + len(path)
    if not _NAME.search(path) or path.endswith("=") or len(path) > TARGET_MAX:
        return None
    return _Path(path.replace("\\ ", " "), start + len(path), end, trailing)


def _imported(line: str, found: re.Match[str], path: _Path, *, certain: bool) -> Reference:
    """An import; one that punctuation breaks brings nothing in."""
    if not path.trailing or is_known_at_run_time(path.target):
        return _reference(line, found, path, "at-import", certain=certain)
    problem = trailing_problem(path.trailing) if certain else None
    return _reference(
        line,
        found,
        path,
        "at-import",
        "none",
        certain=certain,
        problem=problem,
        trailing=path.trailing,
    )


def trailing_problem(trailing: str) -> tuple[str, str]:
    """What is told of punctuation right behind a path."""
    shown = trailing if len(trailing) <= _SHOWN_MAX else trailing[:_SHOWN_MAX] + "…"
    message = (
        f"`{shown}` right behind the path is read as part of it, so nothing is loaded. "
        "Put a blank between them, or leave it out."
    )
    return "reference/trailing-punctuation", message


def _reference(
    line: str,
    found: re.Match[str],
    path: _Path,
    form: str,
    placement: Placement = "inline",
    *,
    certain: bool = False,
    loaded_by: str = "",
    problem: tuple[str, str] | None = None,
    trailing: str = "",
) -> Reference:
    return Reference(
        start=found.start(),
        end=path.end,
        kind="file",
        target=path.target,
        target_start=found.start(1),
        target_end=path.stop,
        text=line[found.start() : path.end],
        form=form,
        certain=certain,
        placement=placement,
        deferred=is_known_at_run_time(path.target),
        loaded_by=loaded_by,
        problem=problem,
        trailing=trailing,
    )
