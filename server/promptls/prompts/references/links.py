"""Markdown links to files, which Copilot attaches to a prompt: `[text](docs/style.md)`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from promptls.prompts.references.model import Reference
from promptls.prompts.references.targets import (
    TARGET_MAX,
    is_certain_path,
    is_known_at_run_time,
)

_BRACKETS = re.compile(r"[\[\]]")
_DESTINATION = re.compile(
    r"""\([ \t]*+
    (?: <([^<>]++)> | ((?:[^\s()<>\\]|\\.|\((?:[^\s()\\]|\\.)*\))+) )
    (?:[ \t]++(?:"[^"]*+"|'[^']*+'|\([^()]*+\)))?
    [ \t]*+\)""",
    re.VERBOSE,
)
_NOT_A_PATH = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|//|[#?@]")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def find_links(line: str, masked: str) -> Iterator[Reference]:
    """Find links to files: no images, URLs, anchors or folders.

    A link holds no other one; of two, the inner one is a link.
    """
    opened: list[int] = []
    position = 0
    for bracket in _BRACKETS.finditer(masked):
        at = bracket.start()
        if at < position:
            continue
        if bracket[0] == "[":
            opened.append(at)
            continue
        if not opened:
            continue
        start = opened.pop()
        found = _DESTINATION.match(masked, at + 1)
        if found is None:
            continue
        position = found.end()
        if start and masked[start - 1] == "!":
            continue
        # What is opened before a link cannot be a link's text any more.
        opened.clear()
        reference = _read(line, found, start)
        if reference is not None:
            yield reference


def _read(line: str, found: re.Match[str], start: int) -> Reference | None:
    group = 1 if found[1] is not None else 2
    written = line[found.start(group) : found.end(group)]
    path = written.partition("#")[0]
    if path.endswith("/") or not path.strip() or _NOT_A_PATH.match(path) or len(path) > TARGET_MAX:
        return None
    target = _decoded(path)
    return Reference(
        start=start,
        end=found.end(),
        kind="file",
        target=target,
        target_start=found.start(group),
        target_end=found.start(group) + len(path),
        text=line[start : found.end()],
        form="markdown-link",
        certain=is_certain_path(target),
        placement="attached",
        deferred=is_known_at_run_time(target),
    )


def _decoded(path: str) -> str:
    path = _ESCAPED.sub(r"\1", path)
    if "%" not in path:
        return path
    from urllib.parse import unquote

    return unquote(path)
