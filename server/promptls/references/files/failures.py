"""Why a file is not brought in, as outcomes with a way out."""

from __future__ import annotations

from promptls.references.model import Blocked, Failed, NotFound, Notice
from promptls.references.policy import Refusal
from promptls.tokens.errors import TokenError

_NAME_MAX = 200
"""Characters of a name that a message shows."""


class UnusableError(Exception):
    """The file has no text that could be brought in; `reason` goes on with "`name` …"."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


def blocked(name: str, refusal: Refusal) -> Blocked:
    """The outcome of a refusal."""
    message = f"`{name}` is not read: {refusal.reason}. {refusal.way_out}"
    return Blocked(Notice("reference/blocked", message))


def unreadable(name: str, reason: str) -> Failed:
    """The outcome of a file that is there and cannot be read."""
    message = f"`{name}` cannot be read: {reason}. Correct that, or name another file."
    return Failed(Notice("reference/unreadable", message))


def unusable(name: str, error: UnusableError) -> Failed:
    """The outcome of a file that is read and holds nothing to bring in."""
    message = f"`{name}` {error.reason}, so it is not brought in. Name another file."
    return Failed(Notice(error.code, message))


def uncounted(name: str, error: TokenError) -> Failed:
    """The outcome of a text that cannot be counted."""
    code = error.code if error.code.startswith("reference/") else "reference/unreadable"
    return Failed(Notice(code, f"`{name}` cannot be counted. {error}"))


def not_found(name: str) -> NotFound:
    """The outcome of a file that is not there."""
    return NotFound(Notice("reference/not-found", f"There is no file `{name}`."))


def shown(name: str) -> str:
    """A name as messages show it: on one line, of bounded length."""
    if len(name) > _NAME_MAX:
        name = name[: _NAME_MAX - 1] + "…"
    if name.isprintable():
        return name
    return "".join(character if character.isprintable() else "�" for character in name)


def too_large(max_bytes: int) -> str:
    """Why a file of more bytes is not brought in, going on with "it …"."""
    return f"has more than {max_bytes:,} bytes"
