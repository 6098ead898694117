"""How long a failed job waits before it is tried again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol


class Timer(Protocol):
    """What `CallLater` gives."""

    def cancel(self) -> None:
        """Do not call."""


CallLater = Callable[[float, Callable[[], object]], Timer]
"""Calls something on the loop after so many seconds, as `loop.call_later` does."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """Exponential backoff with "equal jitter": half of each step is fixed, half random.

    https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    """

    tries: int = 4
    """How often work is begun at most, the first time included."""
    base: float = 0.5
    """Seconds after the first try; doubled after each further one."""
    cap: float = 30.0
    """Seconds that a step grows to; a source may ask for more."""

    def delay(self, tried: int, retry_after: float, random: Callable[[], float]) -> float:
        """Give the seconds to wait after `tried` tries.

        Never less than `retry_after`, which the source asked for; `random` gives 0 to 1.
        """
        doublings = min(tried - 1, 64)  # more would not fit into a float in the end
        step = min(self.cap, self.base * 2.0**doublings)
        # In this order a NaN asks for nothing.
        return max(step / 2 * (1 + random()), retry_after)


DEFAULT_BACKOFF: Final = Backoff()
