"""What kinds of failures databases have, whatever the driver calls them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["corrupt", "outdated", "newer", "busy", "unwritable", "unavailable", "refused"]
"""corrupt: the file is no database, or a damaged one; outdated: what was opened is not there any
more as it was; newer: a later version has made it; busy: others hold it; unwritable: no room or
no right to write; refused: it does not take this record; unavailable: all else."""

REASONS: dict[Kind, str] = {
    "corrupt": "it is damaged",
    "outdated": "another process has changed its tables",
    "newer": "a newer version of promptls has made it",
    "busy": "another process holds it locked",
    "unwritable": "there is no room, or no permission to write",
    "refused": "it does not take a record",
}


class DatabaseFailedError(Exception):
    """A failure that is known by its kind already."""

    def __init__(self, kind: Kind, reason: str = "") -> None:
        super().__init__(reason)
        self.failure = Failure(kind, reason or REASONS.get(kind, kind))


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the database did not do something."""

    kind: Kind
    reason: str
