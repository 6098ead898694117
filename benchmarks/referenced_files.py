"""Files to refer to, and documents that refer to them."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.documents import markdown, prose_lines

FOLDER = "files"
_REFERS = re.compile(r"@|#file:").search
_SETTLED_AFTER = 2.5
"""Seconds after which a file's state is trusted; two are needed."""


def write_files(workspace: Path, count: int, size: int) -> list[str]:
    """Write real Markdown, cut at lines, into `count` files, about `size` bytes together.

    They lie in the workspace's folder `files`, end without a line break, and refer to nothing:
    cut at any line, code that speaks of `@file:*` may come to stand outside of its fence. Gives
    their names.
    """
    folder = workspace / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    lines = [line for line in markdown(size).splitlines(keepends=True) if not _REFERS(line)]
    share = sum(len(line.encode()) for line in lines) / count
    names = [f"{number:04}.md" for number in range(count)]
    parts: list[list[str]] = [[] for _ in names]
    have = 0
    for line in lines:
        parts[int(have // share)].append(line)
        have += len(line.encode())
    for name, part in zip(names, parts, strict=True):
        (folder / name).write_bytes("".join(part).rstrip("\n").encode())
    return names


def reference(name: str) -> str:
    """Write a reference to one of the files."""
    return f"@file:/{FOLDER}/{name}"


def list_of_references(names: Sequence[str]) -> str:
    """Make a document of one reference a line, with a heading for each hundred."""
    lines = []
    for number, name in enumerate(names):
        if number % 100 == 0:
            lines.append(f"\n## Part {number // 100 + 1}\n\n")
        lines.append(f"- {reference(name)}\n")
    return "# References\n" + "".join(lines)


def prose_with_references(size: int, references: Sequence[str]) -> str:
    """Lines of prose with references on lines of their own, evenly spread, of about `size`."""
    written = sum(len(each) + 1 for each in references)
    prose = prose_lines(size - written)
    parts: list[str] = []
    done = 0
    for number, each in enumerate(references, 1):
        until = len(prose) * number // len(references)
        parts += [*prose[done:until], each]
        done = until
    return "\n".join([*parts, *prose[done:]]) + "\n"


def sum_of_tokens(report: dict[str, Any]) -> int:
    """Add up what a report's references bring in."""
    return sum(each["tokens"] or 0 for each in report["references"])


def wait_until_settled() -> None:
    """Let so much time pass that the files written last are trusted."""
    time.sleep(_SETTLED_AFTER)
