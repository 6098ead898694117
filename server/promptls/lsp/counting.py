"""Counts in the background: on an executor of ours, with progress that can be cancelled."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from promptls.lsp.progress import WorkDoneProgress
from promptls.lsp.protocol.logs import describe
from promptls.tokens.counter import BATCH, Batch
from promptls.tokens.errors import TokenError

if TYPE_CHECKING:
    from promptls.lsp.open_document import OpenDocument
    from promptls.tokens.engine import Engine

WORKERS = 2
_SETTLE_TYPING = 0.0003
_SETTLE_IDLE = 0.001
"""Seconds that resolving a large outline keeps the loop at a time."""
_PAUSE = 0.02
"""Seconds without a key after which a large outline is resolved at full speed."""

logger = logging.getLogger(__name__)


class EarlyCount:
    """The count of a document that begins while its text is still being read.

    One worker counts meanwhile: reading keeps a processor busy itself. Then both do.
    """

    def __init__(self, executor: ThreadPoolExecutor, engine: Engine) -> None:
        self.engine = engine
        self._executor = executor
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[Batch] = deque()
        self._active: set[Future[None]] = set()
        self._document: OpenDocument | None = None
        self._finished = asyncio.Event()

    def submit(self, batch: Batch) -> None:
        """Have a batch counted; its counts wait for the loop."""
        self._waiting.append(batch)
        if not any(not future.done() for future in self._active):
            self._start()

    def belongs_to(self, document: OpenDocument) -> None:
        """Tell whose count it is, once the text is read."""
        self._document = document
        for _ in range(WORKERS):
            self._start()

    def cancel(self) -> None:
        """Leave what has not begun; the segments can be taken by others."""
        counter = self._document.prompt.counter if self._document is not None else None
        while self._waiting:
            batch = self._waiting.popleft()
            if counter is not None:
                counter.give_back(batch)

    async def finished(self) -> None:
        """Wait until every batch is counted or left."""
        while self._active:
            self._finished.clear()
            await self._finished.wait()

    def _start(self) -> None:
        future = self._executor.submit(self._work)
        self._active.add(future)
        future.add_done_callback(lambda done: self._on_loop(self._ended, done))

    def _work(self) -> None:
        """Count until nothing waits; on a thread of the executor."""
        while True:
            try:
                batch = self._waiting.popleft()
            except IndexError:
                return
            try:
                counts = self.engine.count_batch(batch.texts)
            except TokenError:
                self._on_loop(self._failed, batch)
            else:
                self._on_loop(self._deliver, batch, counts)

    def _on_loop(self, function: Callable[..., None], *values: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(function, *values)

    def _ended(self, future: Future[None]) -> None:
        self._active.discard(future)
        self._finished.set()

    def _failed(self, batch: Batch) -> None:
        """Whoever takes it next tells of the error."""
        if self._document is not None and self._document.prompt.counter is not None:
            self._document.prompt.counter.give_back(batch)

    def _deliver(self, batch: Batch, counts: list[int]) -> None:
        counter = self._document.prompt.counter if self._document is not None else None
        if self._document is not None and counter is not None and counter.engine is self.engine:
            self._document.prompt.finish(counter, batch, counts)


class BackgroundCounting:
    """Brings documents with pending figures to their figures."""

    def __init__(self, progress: WorkDoneProgress, done: Callable[[OpenDocument], None]) -> None:
        self._progress = progress
        self._done = done
        self._executor = ThreadPoolExecutor(WORKERS, "promptls-count")
        self._running: dict[OpenDocument, asyncio.Task[None]] = {}

    @property
    def executor(self) -> ThreadPoolExecutor:
        """For other work that takes longer than a few milliseconds."""
        return self._executor

    def early(self, engine: Engine | None) -> EarlyCount | None:
        """Begin a count before its document is there; None without an engine."""
        return None if engine is None else EarlyCount(self._executor, engine)

    def start(self, document: OpenDocument) -> None:
        """Begin to count what is pending in a document, unless that is under way."""
        if document in self._running or document.cancelled or document.prompt.counter is None:
            return
        self._running[document] = task = asyncio.ensure_future(self._run(document))

        def forget(done: asyncio.Task[None]) -> None:
            if self._running.get(document) is done:
                del self._running[document]

        task.add_done_callback(forget)

    def stop(self, document: OpenDocument) -> None:
        """The document is closed or its count not wanted any more."""
        task = self._running.pop(document, None)
        if task is not None:
            task.cancel()
        if document.early is not None:
            document.early.cancel()

    def _cancel(self, document: OpenDocument) -> None:
        """The user cancelled a count that showed progress."""
        document.cancelled = True
        self.stop(document)
        self._done(document)

    def shutdown(self) -> None:
        """Stop everything; batches under way end by themselves."""
        for task in list(self._running.values()):
            task.cancel()
        self._executor.shutdown(wait=False, cancel_futures=True)

    async def _run(self, document: OpenDocument) -> None:
        progress = asyncio.ensure_future(self._show(document))
        document.problem = ""
        try:
            # Edits that arrive meanwhile may leave more to count.
            while self._can_go_on(document):
                workers = (self._worker(document) for _ in range(WORKERS))
                await asyncio.gather(self._settle(document), *workers)
                if document.early is not None:
                    await document.early.finished()
                    document.early = None
        except TokenError as error:
            document.problem = str(error)
            logger.error("%s while counting", error.code)
        except Exception as error:
            document.problem = "counting failed; see the log"
            logger.error("counting failed: %s", describe(error))
        finally:
            progress.cancel()
        self._done(document)

    @staticmethod
    def _can_go_on(document: OpenDocument) -> bool:
        prompt = document.prompt
        return prompt.is_pending and prompt.counter is not None and not document.closed

    async def _settle(self, document: OpenDocument) -> None:
        loop = asyncio.get_running_loop()
        settled = False
        while not settled:
            # Slices are for the pauses between keys; a little goes on while typing does.
            typing = loop.time() - document.touched < _PAUSE
            stop = loop.time() + (_SETTLE_TYPING if typing else _SETTLE_IDLE)
            while not settled and loop.time() < stop:
                settled = document.prompt.settle(1)
            await asyncio.sleep(_PAUSE / 5 if typing else 0)

    async def _worker(self, document: OpenDocument) -> None:
        loop = asyncio.get_running_loop()
        prompt = document.prompt
        while not document.closed:
            counter = prompt.counter
            batch = prompt.take_work(BATCH)
            if batch is None or counter is None:
                return
            try:
                counts = await loop.run_in_executor(
                    self._executor, counter.engine.count_batch, batch.texts
                )
            except BaseException:
                counter.give_back(batch)
                raise
            prompt.finish(counter, batch, counts)

    async def _show(self, document: OpenDocument) -> None:
        def percentage() -> int | None:
            counter = document.prompt.counter
            return None if counter is None else counter.percentage()

        name = document.path.name if document.path is not None else document.uri
        await self._progress.show(
            "Counting tokens", name, percentage, lambda: self._cancel(document)
        )
