"""What can go wrong with the database; none of it stops what uses the cache."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ProblemCode = Literal["cache/corrupt", "cache/newer-version", "cache/unavailable"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something worth telling about the database, with its way out in the message."""

    code: ProblemCode
    message: str
