"""What a try of a job came to."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from promptls.jobs.errors import Transient
from promptls.jobs.model import Status

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Value:
    """The work gave a result."""

    value: Any
    status = Status.DONE

    def get(self) -> object:
        """Give the result."""
        return self.value


class Failure:
    """The work raised. Logged by its type when it is dropped before anybody has seen it."""

    status = Status.FAILED

    def __init__(self, error: BaseException) -> None:
        self.error_type: Final = _type_name(error)
        self._error: Final = error if isinstance(error, Exception) else _harmless(error)
        self._seen = False

    def get(self) -> NoReturn:
        """Raise what the work raised."""
        self._seen = True
        raise self._error

    def __del__(self) -> None:
        if not self._seen:
            logger.error("a background job failed, and nobody waited for it: %s", self.error_type)


class Cancelled:
    """The work did not run, or was stopped."""

    status = Status.CANCELLED

    def get(self) -> NoReturn:
        """Raise CancelledError."""
        raise asyncio.CancelledError


CANCELLED: Final = Cancelled()

Outcome = Value | Failure | Cancelled


@dataclass(frozen=True, slots=True)
class Again:
    """The work is to be tried again after `retry_after` seconds or more."""

    result: Value | Transient
    retry_after: float

    def last(self) -> Value | Failure:
        """Give what it came to if there is no other try."""
        return Failure(self.result) if isinstance(self.result, Transient) else self.result

    @property
    def error_type(self) -> str | None:
        """The type of what was raised, if anything was."""
        return _type_name(self.result) if isinstance(self.result, Transient) else None


def _type_name(error: BaseException) -> str:
    cause = error.__cause__ if isinstance(error, Transient) else None
    return type(cause or error).__qualname__


def _harmless(error: BaseException) -> RuntimeError:
    """Wrap what would end the event loop, such as SystemExit, or pass for a cancellation."""
    wrapped = RuntimeError(f"{type(error).__qualname__} in a background job")
    wrapped.__cause__ = error
    return wrapped
