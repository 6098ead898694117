"""Tells a listener that something has changed, once for all that changed together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

logger = logging.getLogger(__name__)


class Notifier:
    """Calls `listener`, if there is one, on the running loop."""

    def __init__(self, listener: Callable[[], None] | None) -> None:
        self.listener = listener
        self._scheduled = False

    def changed(self) -> None:
        """Have the listener called soon."""
        if self.listener is not None and not self._scheduled:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._tell)

    def _tell(self) -> None:
        self._scheduled = False
        if self.listener is None:
            return
        try:
            self.listener()
        except Exception as error:
            logger.error("telling of changed jobs failed: %s", type(error).__qualname__)
