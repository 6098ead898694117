"""Work-done progress in the editor, for work that turns out to take long; the user may end it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from lsprotocol import types

from promptls.lsp.protocol.logs import describe

if TYPE_CHECKING:
    from promptls.lsp.protocol.server import HardenedServer

PROGRESS_AFTER = 1.0
"""Seconds that work may take before progress is shown."""
_REPORT_EVERY = 0.25

logger = logging.getLogger(__name__)


class WorkDoneProgress:
    """Shows what takes long, in clients that can."""

    def __init__(self, server: HardenedServer) -> None:
        self._server = server
        self._cancels: dict[str | int, Callable[[], None]] = {}
        self._tokens = 0
        self.enabled = False

    async def show(
        self,
        title: str,
        message: str,
        percentage: Callable[[], int | None],
        cancel: Callable[[], None],
    ) -> None:
        """Show progress from a second on until this is cancelled, as it is when the work ends.

        `percentage` is asked four times a second (None: nothing new); `cancel` is called once
        when the user has had enough.
        """
        if not self.enabled:
            return
        await asyncio.sleep(PROGRESS_AFTER)
        self._tokens += 1
        token = f"promptls-{self._tokens}"
        protocol = self._server.protocol
        try:
            await protocol.send_request_async(
                types.WINDOW_WORK_DONE_PROGRESS_CREATE, types.WorkDoneProgressCreateParams(token)
            )
        except Exception as error:
            logger.info("no progress: %s", describe(error))
            return
        self._cancels[token] = cancel
        begin = types.WorkDoneProgressBegin(
            title=title, cancellable=True, message=message, percentage=percentage()
        )
        try:
            protocol.notify(types.PROGRESS, types.ProgressParams(token, begin))
            while True:
                await asyncio.sleep(_REPORT_EVERY)
                share = percentage()
                if share is not None:
                    report = types.WorkDoneProgressReport(percentage=share)
                    protocol.notify(types.PROGRESS, types.ProgressParams(token, report))
        finally:
            self._cancels.pop(token, None)
            protocol.notify(
                types.PROGRESS, types.ProgressParams(token, types.WorkDoneProgressEnd())
            )

    def cancel(self, token: str | int) -> None:
        """The user has had enough of what this token stands for."""
        cancel = self._cancels.pop(token, None)
        if cancel is not None:
            cancel()
