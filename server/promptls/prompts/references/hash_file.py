"""`#file:src/app.ts`: what Copilot attaches to a prompt.

VS Code's own pattern takes all up to white space or `#`, sentence punctuation included.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from promptls.prompts.references.at_path import trailing_problem
from promptls.prompts.references.masking import MASK
from promptls.prompts.references.model import NO_OPTIONS, Options, Reference
from promptls.prompts.references.targets import TARGET_MAX, Finder, is_known_at_run_time

_FILE = re.compile(rf"(?<![\w#/&])#file:([^\s#{MASK}`]++)")
_PUNCTUATION = ".,;:!?)]>\"'*_"
_LINES = re.compile(r":(\d{1,9})(?:-(\d{1,9}))?$")


def hash_file_finder(loaded_by: str = "") -> Finder:
    """Make what finds `#file:`; `loaded_by` is set in files of tools that do not load it."""

    def find(line: str, masked: str) -> Iterator[Reference]:
        for found in _FILE.finditer(masked):
            reference = _read(line, found, loaded_by)
            if reference is not None:
                yield reference

    return find


def _read(line: str, found: re.Match[str], loaded_by: str) -> Reference | None:
    start = found.start(1)
    written = line[start : found.end(1)]
    deferred = is_known_at_run_time(written)
    path = written.rstrip(_PUNCTUATION if deferred else _PUNCTUATION + "}")
    trailing = "" if deferred else written[len(path) :]
    end = start + len(path)
    options = NO_OPTIONS
    lines = _LINES.search(path)
    if lines is not None and 1 <= int(lines[1]) <= int(lines[2] or lines[1]):
        options = Options(lines=(int(lines[1]), int(lines[2] or lines[1])))
        path = path[: lines.start()]
    if not path or len(path) > TARGET_MAX or (loaded_by and (trailing or deferred)):
        return None
    return Reference(
        start=found.start(),
        end=end,
        kind="file",
        target=path,
        target_start=start,
        target_end=start + len(path),
        text=line[found.start() : end],
        form="hash-file",
        certain=not loaded_by,
        placement="none" if loaded_by or trailing else "attached",
        options=options,
        deferred=deferred,
        loaded_by=loaded_by,
        problem=trailing_problem(trailing) if trailing else None,
        trailing=trailing,
    )
