"""`$ARGUMENTS`, `$1`, `@$1`: what the user gives to a command or a skill of Claude Code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from promptls.prompts.references.model import Reference

# `$5.00`, `$1,000` and `$2k` are prices.
_NAME = r"(ARGUMENTS(?:\[\d{1,3}\])?|[1-9](?![.,]?\d))(?!\w)"
_ARGUMENT = re.compile(rf"(?<![\\$\w])(?:(?<!\S)(@))?\${_NAME}")
_REST_OF_PATH = re.compile(r"[\w./~-]*[\w/~-]")


def find_arguments(line: str, masked: str) -> Iterator[Reference]:
    """Find arguments, and the files that they name (`@$1`, `@$1/README.md`)."""
    for found in _ARGUMENT.finditer(masked):
        names_file = found[1] is not None
        start = found.start(2) - 1 if names_file else found.start(2)
        end = found.end()
        if names_file and (rest := _REST_OF_PATH.match(masked, end)):
            end = rest.end()
        yield Reference(
            start=found.start(),
            end=end,
            kind="file" if names_file else "var",
            target=line[start:end],
            target_start=start,
            target_end=end,
            text=line[found.start() : end],
            form="argument",
            certain=True,
            deferred=True,
        )
