"""Progress while the references of a document are resolved, when that takes long."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from promptls.lsp.progress import WorkDoneProgress

if TYPE_CHECKING:
    from promptls.lsp.open_document import OpenDocument


class ResolvingProgress:
    """Puts progress around the work of resolving."""

    def __init__(self, progress: WorkDoneProgress) -> None:
        self._progress = progress

    async def around(self, document: OpenDocument, work: Coroutine[Any, Any, None]) -> bool:
        """Wait for `work`; from a second on, show how many references are resolved.

        False when the user has ended it: it is cancelled then, and no more is to be begun for
        the document until it is edited. What `work` raises is raised here.
        """
        task = asyncio.ensure_future(work)
        ended = False
        most = 0

        def percentage() -> int | None:
            nonlocal most
            waiting = document.prompt.pending_references
            most = max(most, waiting)
            return 100 * (most - waiting) // most if most else None

        def cancel() -> None:
            nonlocal ended
            ended = True
            task.cancel()

        name = document.path.name if document.path is not None else document.uri
        showing = asyncio.ensure_future(
            self._progress.show("Resolving references", name, percentage, cancel)
        )
        try:
            await task
        except asyncio.CancelledError:
            task.cancel()
            if ended and not _is_cancelled():
                return False
            raise
        finally:
            showing.cancel()
        return True


def _is_cancelled() -> bool:
    """Whether the task that runs here is itself being cancelled."""
    current = asyncio.current_task()
    return current is not None and current.cancelling() > 0
