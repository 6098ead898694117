"""The way to the database: opens it when it is needed, and goes on without it when it fails."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from promptls.cache.failures import DatabaseFailedError, Failure
from promptls.cache.location import Location
from promptls.cache.opening import File, Opened, OpeningFailedError, open_database, set_aside_file
from promptls.cache.problems import Problem, ProblemCode

if TYPE_CHECKING:
    from promptls.cache.database import Database

logger = logging.getLogger(__name__)

T = TypeVar("T")

RETRY_AFTER = 60.0
"""Seconds without the database after it failed."""
_TRIES = 3
_PAUSE = 0.05
"""Seconds before the second try; doubled for the third."""
_PROBLEMS_KEPT = 20


class RefusedError(Exception):
    """The database does not take this record, and will not take it later."""


class Gateway:
    """One database that may come and go. Safe to use from several threads."""

    def __init__(
        self,
        location: Location,
        on_problem: Callable[[Problem], None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.location = location
        self._on_problem = on_problem
        self._monotonic = monotonic
        self._opening = threading.Lock()
        self._opened: Opened | None = None
        self._open_after = 0.0
        self._write_after = 0.0
        self._failed_before = False
        self._is_closed = False
        self._telling = threading.Lock()
        self._problems: list[Problem] = []
        self._is_told = False

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was told so far."""
        return tuple(self._problems)

    def read(self, ask: Callable[[Database], T]) -> T | None:
        """Ask the database; None when it cannot answer."""
        try:
            return self._run(ask, is_patient=False)
        except RefusedError:
            return None

    def write(self, change: Callable[[Database], T]) -> T | None:
        """Change the database; None when it cannot be changed now. Raises RefusedError."""
        if self._monotonic() < self._write_after:
            return None
        done = self._run(change, is_patient=True)
        if done is not None:
            self._is_told = False
        return done

    def open(self) -> bool:
        """Open the database if it is not open; False when that cannot be."""
        return self.read(lambda database: True) is not None

    def close(self) -> None:
        """Close it for good."""
        with self._opening:
            self._is_closed = True
            opened, self._opened = self._opened, None
        if opened is not None:
            opened.database.close()

    def _run(self, action: Callable[[Database], T], *, is_patient: bool) -> T | None:
        for attempt in range(_TRIES):
            opened: Opened | None = None
            file: File | None
            try:
                opened = self._open()
                if opened is None:
                    return None
                return action(opened.database)
            except OpeningFailedError as error:
                failure, file = _classify(error.cause), error.file
            except Exception as error:  # drivers raise what they like
                failure, file = _classify(error), opened.file if opened else None
            may_retry = attempt < _TRIES - 1 and (is_patient or failure.kind != "busy")
            if not self._goes_on(failure, opened, file, may_retry=may_retry):
                break
            if failure.kind == "busy":
                # Several processes that met once should not meet again.
                time.sleep(_PAUSE * 2**attempt * (0.5 + random.random()))  # noqa: S311
        return None

    def _open(self) -> Opened | None:
        opened = self._opened
        if opened is not None:
            return opened
        # Only the first opening is waited for: after a failure it may take long.
        if not self._opening.acquire(blocking=not self._failed_before):
            return None
        try:
            if self._opened is None and not self._is_closed:
                if self._monotonic() < self._open_after:
                    return None
                self._opened = open_database(self.location)
                logger.debug("cache database opened")
            return self._opened
        finally:
            self._opening.release()

    def _goes_on(
        self, failure: Failure, opened: Opened | None, file: File | None, *, may_retry: bool
    ) -> bool:
        """Do what the failure asks for; gives whether to try again."""
        logger.debug("cache database failed: %s", failure.kind)
        if failure.kind == "refused":
            raise RefusedError(failure.reason)
        if failure.kind == "unwritable" and opened is not None:
            self._write_after = self._monotonic() + RETRY_AFTER
            self._tell("cache/unavailable", self._unavailable(failure))
            return False
        if failure.kind == "busy" and may_retry:
            return True
        self._drop(opened)
        if failure.kind == "corrupt" and file is not None and self._replace(file):
            return may_retry
        if failure.kind in ("outdated", "unavailable") and opened is not None and may_retry:
            return True  # it may be there again when it is opened anew
        self._open_after = self._monotonic() + RETRY_AFTER
        self._failed_before = True
        if failure.kind == "newer":
            self._tell("cache/newer-version", self._newer())
        else:
            self._tell("cache/unavailable", self._unavailable(failure))
        return False

    def _drop(self, opened: Opened | None) -> None:
        with self._opening:
            if opened is not None and self._opened is opened:
                self._opened = None
        if opened is not None:
            opened.database.close()

    def _replace(self, file: File) -> bool:
        """Make room for a new file; False when the damaged one cannot be renamed."""
        with self._opening:
            try:
                aside = set_aside_file(file)
            except OSError:
                return False
        if aside is not None:
            self._is_told = False
            self._tell(
                "cache/corrupt",
                f"The cache database {self.location.shown} was damaged. It was renamed to "
                f"{aside.name} and a new one was begun; what it held is counted and fetched again.",
            )
            self._is_told = False
        return True

    def _unavailable(self, failure: Failure) -> str:
        return (
            f"The cache database {self.location.shown} cannot be used: {failure.reason}. "
            "promptls goes on in memory and tries again from time to time."
        )

    def _newer(self) -> str:
        return (
            f"The cache database {self.location.shown} was made by a newer version of promptls. "
            "This version goes on in memory; update it, or give it another `database.url`."
        )

    def _tell(self, code: ProblemCode, message: str) -> None:
        """Tell once, until the database could be written again."""
        problem = Problem(code, message)
        with self._telling:
            if self._is_told:
                return
            self._is_told = True
            self._problems = [*self._problems[-_PROBLEMS_KEPT:], problem]
        self._on_problem(problem)


def _classify(error: Exception) -> Failure:
    if isinstance(error, DatabaseFailedError):
        return error.failure
    from promptls.cache.driver_errors import classify

    return classify(error)
