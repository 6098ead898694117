"""How another target is written in the place of a reference's own."""

from __future__ import annotations

import re

from promptls.prompts.references.model import Reference
from promptls.prompts.references.native import is_bare, quoted

_NOT_IN_LINKS = re.compile(r"[\s()<>%#?\\]")


def write_target(reference: Reference, target: str) -> str:
    """What stands between `target_start` and `target_end` for the reference to name `target`.

    Quotes, escapes and percent signs are put where the form needs them. Forms that have no way to
    write a blank (`#file:`, Cursor's `@path`) get the target as it is.
    """
    if reference.form == "native":
        in_quotes = reference.target_start > reference.start + len(reference.kind) + 2
        if in_quotes:
            return quoted(target)[1:-1]
        return target if is_bare(reference.kind, target) else quoted(target)
    if reference.form == "at-import":
        return target.replace(" ", "\\ ")
    if reference.form == "markdown-link":
        return _NOT_IN_LINKS.sub(_percent, target)
    return target


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode())
