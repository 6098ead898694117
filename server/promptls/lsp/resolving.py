"""Resolves the references of open documents in the background, in passes.

A pass asks for everything that is not known yet (`references.graph`), expands it, and puts the
result into the document. What waits for a network is not waited for: it is pending until another
pass finds its outcome. While somebody types, nothing is fetched.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Collection, Generator
from typing import TYPE_CHECKING

from promptls.jobs import BATCH, BackgroundProcessor, Job, Priority
from promptls.lsp.protocol.logs import describe
from promptls.lsp.resolving_progress import ResolvingProgress
from promptls.prompts.dialects.documents import is_prose
from promptls.prompts.references import Reference
from promptls.references.expansion import Expander
from promptls.references.graph import EdgeKey, Graph, gather
from promptls.references.model import Awaited, Outcome, Request
from promptls.references.resolution import Resolution
from promptls.references.resolver import root_key
from promptls.report.site import limits_of, reading_of, site_of

if TYPE_CHECKING:
    from promptls.lsp.open_document import OpenDocument
    from promptls.lsp.session import Session
    from promptls.report.document import Placed

FETCH_AFTER = 0.4
"""Seconds without a key before anything is fetched: a URL that is being typed is no URL yet."""
_EXPAND_HERE_MAX = 100
"""References that are expanded on the loop (about 3 ms)."""
_RETRY_MIN = 1.0
_BATCHES = 8
"""Into how many batches a large document's references are cut."""
_OFF = Resolution("deferred")
_AWAITED = Awaited()
Steps = Generator[list[tuple[EdgeKey, Request]], list[Outcome], Graph]

logger = logging.getLogger(__name__)


class BackgroundResolving:
    """Brings the references of documents to their resolutions."""

    def __init__(self, session: Session, processor: BackgroundProcessor) -> None:
        self._session = session
        self._processor = processor
        self._progress = ResolvingProgress(session.progress)
        self._fetching: dict[tuple[OpenDocument, EdgeKey], asyncio.Task[None]] = {}
        self._timers: dict[OpenDocument, asyncio.TimerHandle] = {}
        self._pauses: dict[OpenDocument, asyncio.TimerHandle] = {}

    def start(self, document: OpenDocument) -> None:
        """Have a document's references resolved, now or as soon as the pass under way is over."""
        state = document.references
        state.again = True
        state.awake.set()
        if state.task is None and not document.closed:
            state.task = asyncio.ensure_future(self._run(document))

    def soon(self, document: OpenDocument) -> None:
        """The same once typing has paused."""
        if document not in self._pauses:
            self._wait(document)

    def _wait(self, document: OpenDocument) -> None:
        loop = asyncio.get_running_loop()
        context = document.context
        # Before diagnostics are due, so that none goes only to come again.
        pause = 0.1 if context is None else context.resolved.settings.debounce / 2000
        touched = document.touched
        self._pauses[document] = loop.call_at(touched + pause, self._paused, document, touched)

    def _paused(self, document: OpenDocument, touched: float) -> None:
        del self._pauses[document]
        if document.touched != touched:
            # Typing went on: one timer is set anew here instead of one at each key.
            self._wait(document)
            return
        if document.prompt.outline.references_changed:
            self.start(document)
        self.file_changed(document)

    def file_changed(self, document: OpenDocument) -> None:
        """What an open file holds has changed: those that bring it in cost something else."""
        path = document.real_path
        if not path:
            return
        self._session.index.document_changed(document)
        for other in self._session.documents.values():
            state = other.references
            if path in state.paths and state.forget_files([path], listing=False):
                self.start(other)

    def files_changed(self, paths: Collection[str], *, listing: bool) -> None:
        """Files on disk have changed, by their real paths; with `listing`, some came or went."""
        for document in self._session.documents.values():
            if document.references.forget_files(paths, listing=listing):
                self.start(document)

    def look_again(self) -> None:
        """Look once more for what was not found: nobody tells when it comes."""
        for document in self._session.documents.values():
            if document.references.forget_missing():
                self.start(document)

    def start_all(self) -> None:
        """What may be brought in has changed: ask for everything again."""
        for document in self._session.documents.values():
            document.references.forget_all()
            self.start(document)

    def stop(self, document: OpenDocument) -> None:
        """A document was closed."""
        pause = self._pauses.pop(document, None)
        if pause is not None:
            pause.cancel()
        if document.references.task is not None:
            document.references.task.cancel()
        timer = self._timers.pop(document, None)
        if timer is not None:
            timer.cancel()
        for key in [key for key in self._fetching if key[0] is document]:
            self._fetching.pop(key).cancel()

    async def settled(self, document: OpenDocument) -> None:
        """Wait until no pass is under way and nothing is being fetched for a document."""
        if document.prompt.outline.references_changed:
            self.start(document)  # who asks does not wait for a pause in typing
        while True:
            tasks = [task for (one, _), task in self._fetching.items() if one is document]
            if document.references.task is not None:
                tasks.append(document.references.task)
            if not tasks:
                return
            await asyncio.wait(tasks)

    async def _run(self, document: OpenDocument) -> None:
        state = document.references
        try:
            if not await self._progress.around(document, self._work(document)):
                self._leave(document)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            logger.error("resolving references failed: %s", describe(error))
            self._leave(document)
        finally:
            state.task = None

    async def _work(self, document: OpenDocument) -> None:
        """Pass after pass, until nothing is left to ask for and nothing is being fetched."""
        state = document.references
        await self._session.first_figures.wait()
        while not document.closed:
            while state.again and not document.closed:
                state.again = False
                await self._pass(document)
            state.awake.clear()
            if not any(one is document for one, _ in self._fetching):
                return
            await state.awake.wait()

    def _leave(self, document: OpenDocument) -> None:
        """The user has ended it: what is pending is left as it is written, until it is edited."""
        for key in [key for key in self._fetching if key[0] is document]:
            self._fetching.pop(key).cancel()
        document.references.again = False
        placed = document.prompt.placed()
        pairs = [pair for place in placed for pair in place.pairs()]
        self._put(document, [_OFF if found.status == "pending" else found for _, found in pairs])

    async def _pass(self, document: OpenDocument) -> None:
        prompt, context = document.prompt, document.context
        outline, counter = prompt.outline, prompt.counter
        if counter is None or context is None or not outline.settled:
            return  # started anew once it is
        state = document.references
        if prompt.pending_references:
            state.told_pending = True
        outline.references_changed = False
        placed = prompt.placed()
        references = _flat(placed)
        self._decide_shown(document, references)
        prompt.unresolved = sum(
            found.status == "pending" for place in placed for _, found in place.pairs()
        )
        if not context.resolved.settings.references.resolve:
            self._put(document, [_OFF] * len(references))
            return
        if not references:
            state.known = {}
            self._put(document, [])
            return
        engine, dialect = counter.engine, prompt.dialect
        site = site_of(document.path, document.root, dialect, context)
        limits = limits_of(dialect, context)
        state.judge_by((site, engine, limits))
        steps = gather(
            root_key(site.path),
            references,
            site,
            reading_of(engine, dialect),
            state.known,
            limits.depth,
        )
        graph = await self._drive(document, steps)
        expander = Expander(graph, engine, limits, state.expander)
        if len(references) <= _EXPAND_HERE_MAX:
            resolutions = expander.resolutions(references)
        else:
            loop = asyncio.get_running_loop()
            resolutions = await loop.run_in_executor(
                self._session.counting.executor, expander.resolutions, references
            )
        expander.forget_before()
        if document.closed or prompt.counter is not counter or prompt.outline is not outline:
            state.again = True
            return
        state.keep(graph, expander)
        if outline.references_changed:
            # Edited meanwhile: the next pass knows the outcomes of this one.
            state.again = True
            return
        self._put(document, resolutions)
        self._plan_retry(document)
        self._session.watching.update()

    def _decide_shown(self, document: OpenDocument, references: list[Reference]) -> None:
        """A file with a reference of promptls' own form is a prompt, wherever it lies."""
        holds_native = is_prose(document.language_id) and any(
            reference.form == "native" for reference in references
        )
        if holds_native != document.holds_native:
            before = document.shown
            document.holds_native = holds_native
            if document.decide_shown() != before:
                self._session.references_changed(document)

    async def _drive(self, document: OpenDocument, steps: Steps) -> Graph:
        """Answer what is asked for, round by round."""
        try:
            wanted = next(steps)
            while True:
                outcomes: list[Outcome] = [_AWAITED] * len(wanted)
                quick = []
                for number, (edge, request) in enumerate(wanted):
                    if self._session.resolver.is_slow(request):
                        self._fetch(document, edge, request)
                    else:
                        quick.append(number)
                found = await self._resolve([wanted[number][1] for number in quick])
                for number, outcome in zip(quick, found, strict=True):
                    outcomes[number] = outcome
                wanted = steps.send(outcomes)
        except StopIteration as end:
            graph: Graph = end.value
            return graph

    async def _resolve(self, requests: list[Request]) -> list[Outcome]:
        jobs = self._processor.submit_many(
            [(_key(request), request) for request in requests],
            self._session.resolver.resolve_many,
            priority=Priority.OPEN,
            label="reference",
            # Fewer batches ask the database less often; some are left for each thread.
            batch=max(BATCH, len(requests) // _BATCHES),
        )
        return [await job for job in jobs]

    def _fetch(self, document: OpenDocument, edge: EdgeKey, request: Request) -> None:
        """Begin to fetch once typing has paused, unless that is under way."""
        if (document, edge) in self._fetching:
            return
        epoch = document.references.epoch
        task = asyncio.ensure_future(self._fetched(document, edge, request, epoch))
        self._fetching[document, edge] = task

        def forget(done: asyncio.Task[None]) -> None:
            if self._fetching.get((document, edge)) is done:
                del self._fetching[document, edge]
            document.references.awake.set()

        task.add_done_callback(forget)

    async def _fetched(
        self, document: OpenDocument, edge: EdgeKey, request: Request, epoch: int
    ) -> None:
        loop = asyncio.get_running_loop()
        while (wait := document.touched + FETCH_AFTER - loop.time()) > 0:
            await asyncio.sleep(wait)
        if not self._is_wanted(document, edge):
            return
        job: Job[Outcome] = self._processor.submit(
            _key(request),
            lambda: self._session.resolver.resolve(request),
            priority=Priority.OPEN,
            lane="network",
            label="fetch",
        )
        try:
            outcome = await job
        except asyncio.CancelledError:
            job.cancel()
            raise
        # The pass that begins now may have to fetch again: settings or trust are others by then.
        self._fetching.pop((document, edge), None)
        if document.references.epoch == epoch:
            document.references.known[edge] = outcome
        self.start(document)

    @staticmethod
    def _is_wanted(document: OpenDocument, edge: EdgeKey) -> bool:
        """Whether the reference still stands where it stood."""
        if document.closed:
            return False
        path = document.path
        if edge[0] != root_key(path):
            return True
        return any(reference.spec == edge[1] for reference in _flat(document.prompt.placed()))

    def _put(self, document: OpenDocument, resolutions: list[Resolution]) -> None:
        placed = document.prompt.placed()
        if sum(len(place.mark.references) for place in placed) != len(resolutions):
            document.references.again = True
            return
        state = document.references
        if document.prompt.resolve_with(placed, resolutions) or state.told_pending:
            if state.told_pending:
                document.prompt.revision += 1
            state.told_pending = False
            self._session.references_changed(document)

    def _plan_retry(self, document: OpenDocument) -> None:
        """Ask a source again when its time has come."""
        timer = self._timers.pop(document, None)
        if timer is not None:
            timer.cancel()
        when = document.references.next_try()
        if when is None:
            return
        delay = max(when - time.time(), _RETRY_MIN)
        loop = asyncio.get_running_loop()
        self._timers[document] = loop.call_later(delay, self._retry, document)

    def _retry(self, document: OpenDocument) -> None:
        self._timers.pop(document, None)
        if document.references.forget_failures(time.time()):
            self.start(document)


def _flat(placed: list[Placed]) -> list[Reference]:
    return [reference for place in placed for reference in place.mark.references]


def _key(request: Request) -> tuple[object, ...]:
    """Equal for requests that are answered alike."""
    site, reading = request.site, request.reading
    home = None if site.path is None else site.path.parent
    dialect = None if reading.dialect is None else reading.dialect.name
    return (
        request.kind,
        request.target,
        request.options,
        request.form,
        request.certain,
        home,
        site.path if request.kind == "file" else None,
        site.root,
        id(site.variables),
        id(site.samples),
        id(site.endpoints),
        id(site.aliases),
        reading.engine.encoding.name,
        dialect,
        site.dialect.name,
    )
