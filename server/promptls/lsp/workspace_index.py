"""Keeps the index of the workspace's documents up to date: in the background, a little at a time.

Documents that nobody has open are examined as they are on disk. Of open ones the session knows
more than the index does: here they count only as what others bring in.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from promptls.jobs import Priority
from promptls.lsp.protocol.logs import describe
from promptls.lsp.workspace_files import WorkspaceFiles
from promptls.references.files.uris import file_key
from promptls.references.resolver import root_key
from promptls.workspace.examining import Examiner, Subject, brought_in
from promptls.workspace.index import Bounds, DocumentIndex, Examined
from promptls.workspace.reading import Unread

if TYPE_CHECKING:
    from promptls.lsp.open_document import OpenDocument
    from promptls.lsp.session import Session

START_AFTER = 1.0
"""Seconds after `initialized`, in which the editor opens its documents."""
WAIT = 5.0
"""Seconds that a request waits for edges that are not known yet."""
_SETTLE = 0.2
"""Seconds to wait for more of what comes in crowds, such as the events of a checkout."""
_LOOK_EVERY = 2.0
"""Seconds between two looks at the files of clients that do not watch any."""
_CHANGES_MAX = 1_000
"""Changed files from which on everything is searched and examined anew."""
_AT_ONCE = 8
"""Documents that are examined between two looks at what else there is to do."""

logger = logging.getLogger(__name__)


class WorkspaceIndex:
    """Has the documents of all workspace folders found and examined. Lives on the loop."""

    def __init__(self, session: Session) -> None:
        self._session = session
        bounds = Bounds()
        self.documents = DocumentIndex(bounds)
        self.examiner = Examiner(
            session.store,
            session.service,
            lambda: session.policy,
            lambda: session.resolver,
            lambda: session.encoding,
        )
        self.files = WorkspaceFiles(session, self.examiner, bounds.entries)
        self._search_due = self._poll_due = False
        self._changed: dict[Path, bool] = {}
        self._unknown: dict[str, None] = {}
        """Documents whose own text is not known as it is now."""
        self._concerned: dict[str, None] = {}
        """Documents that bring in what has changed."""
        self._too_large: set[str] = set()
        self._closed: Counter[str] = Counter()
        self._news = False
        """Whether findings have changed since the client was told so."""
        self._looked_at = 0.0
        self._begun = False
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._edges_known = asyncio.Event()

    # What happens

    def start(self) -> None:
        """Begin soon."""
        self._timer = asyncio.get_running_loop().call_later(START_AFTER, self._begin)

    def stop(self) -> None:
        """The session ends."""
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            self._task.cancel()

    def examine_all(self) -> None:
        """Settings, folders or what is allowed changed: everything may be different."""
        self._search_due = True
        self._unknown.update(dict.fromkeys(self.files.keys))
        self._go_on()

    def files_changed(self, changed: Mapping[Path, bool]) -> None:
        """Files on disk changed; True for those that came or went."""
        if self._begun:  # else they are found as they are by then
            for path, listing in changed.items():
                self._changed[path] = self._changed.get(path, False) or listing
            self._go_on()

    def document_changed(self, document: OpenDocument) -> None:
        """A document was opened, edited or closed: others that bring it in cost something else."""
        if not self._begun or document.path is None:
            return
        if document.closed:
            self._closed[document.real_path] += 1
            self._changed.setdefault(document.path, False)
        concerned = self.documents.concerned({document.real_path}, listing=False)
        self._concerned.update(dict.fromkeys(concerned))
        self._go_on()

    def document_resolved(self, document: OpenDocument) -> None:
        """What an open document brings in is known."""
        graph = document.references.graph
        if document.real_path and graph is not None:
            self.documents.graph.put(document.real_path, brought_in(graph))

    def is_imported(self, document: OpenDocument) -> bool:
        """Whether another document brings it in."""
        return self.documents.graph.is_imported(document.real_path)

    # What is known

    @property
    def complete(self) -> bool:
        """Whether every document was found and examined as it stands now."""
        return (
            self._begun
            and self._task is None
            and not (self.files.cut or self.documents.full or self._too_large)
        )

    async def edges_known(self) -> None:
        """Wait until it is known what each document refers to, for `WAIT` seconds at most."""
        self._begin()
        try:
            await asyncio.wait_for(self._edges_known.wait(), WAIT)
        except TimeoutError:
            logger.info("a request was answered from a part of the workspace")

    def look_again(self) -> None:
        """Somebody asks: look at the files, where the client does not tell of changes."""
        now = asyncio.get_running_loop().time()
        if self._session.client.watch_registration or now < self._looked_at + _LOOK_EVERY:
            return
        if self._begun and self._task is None:
            self._looked_at = now
            self._search_due = True
            self._go_on()

    def closed_documents(self) -> list[tuple[Examined, int]]:
        """The documents that are not open, each with how often it was closed."""
        opened = self._session.open_keys
        return [(one, self._closed[one.key]) for one in self.documents if one.key not in opened]

    def find(self, path: Path) -> Examined | None:
        """What is known of a document that is not open."""
        return self.documents.get(root_key(path))

    # The work

    def _begin(self) -> None:
        if not self._begun:
            self._begun = self._search_due = True
            self._go_on()

    def _go_on(self) -> None:
        if not self._begun:
            return
        if self._search_due or self._changed or self._unknown:
            self._edges_known.clear()
        if self._task is None:
            self._task = asyncio.ensure_future(self._run())

    async def _run(self) -> None:
        try:
            await asyncio.sleep(_SETTLE)
            while await self._step():
                pass
        except asyncio.CancelledError:
            raise
        except Exception as error:
            logger.error("the workspace's index failed: %s", describe(error))
        finally:
            self._task = None
            self._edges_known.set()
        if self._news:
            self._news = False
            self._session.publisher.ask_for_diagnostics()

    async def _step(self) -> bool:
        """Do some of what there is to do; False when there is nothing."""
        if self._search_due:
            await self._search()
        elif self._changed:
            await self._look()
        elif self._unknown:
            await self._examine(self._unknown)
        elif self._poll_due:
            self._poll_due = False
            changed = await self.files.changed(self.documents.graph.imported())
            self._changed.update(dict.fromkeys(changed, True))
        else:
            self._edges_known.set()
            if not self._concerned:
                return False
            await self._examine(self._concerned)
        return True

    async def _search(self) -> None:
        """Find all files; those that are new are unknown, and those that are gone forgotten."""
        self._search_due, self._poll_due = False, True
        found = await self.files.search()
        for key in self.files.keys - found.keys():
            self._forget(key)
        self._unknown.update(dict.fromkeys(found.keys() - self.files.keys))
        self.files.add(found.items())

    async def _look(self) -> None:
        """Take in what changed on disk."""
        changed, self._changed, self._poll_due = self._changed, {}, True
        if len(changed) > _CHANGES_MAX or any(path.name == ".gitignore" for path in changed):
            self.examine_all()
            return
        seen = await self.files.look(changed)
        # Some clients say that a file changed when it came.
        came = any(key not in self.files for key, _ in seen.found)
        listing = came or any(changed.values())
        concerned = self.documents.concerned(seen.keys, listing=listing)
        for key in seen.gone:
            for below in (key, *self.documents.below(key)):
                self._forget(below)
        self.files.add(seen.found)
        self._unknown.update((key, None) for key, _ in seen.found)
        self._concerned.update(dict.fromkeys(concerned))
        self._search_due = self._search_due or seen.too_many

    async def _examine(self, due: dict[str, None]) -> None:
        """Examine some of the documents that are due."""
        keys = list(due)[:_AT_ONCE]
        for key in keys:
            self._unknown.pop(key, None)
            self._concerned.pop(key, None)
        opened = self._session.open_keys
        found = [await self.files.subject(key) for key in keys if key not in opened]
        subjects = [subject for subject in found if subject is not None]
        jobs = self._session.processor.submit_many(
            [(("examine", subject.key), subject) for subject in subjects],
            partial(_examined, self.examiner),
            priority=Priority.IDLE,
            label="workspace",
            batch=1,
        )
        for subject, job in zip(subjects, jobs, strict=True):
            try:
                self._put(subject.key, await job)
            except Exception as error:
                logger.error("a document is not in the index: %s", describe(error))
                self._drop(subject.key)

    def _put(self, key: str, examined: Examined | Unread) -> None:
        self._too_large.discard(key)
        if isinstance(examined, Unread):
            self._drop(key)
            if examined is Unread.TOO_LARGE:
                self._too_large.add(key)
            return
        self._news = self._news or _findings(self.documents.get(key)) != _findings(examined)
        self.documents.put(examined)
        for path, dialect in examined.readers:
            imported = file_key(str(path))
            if self.files.read_in(imported, path, dialect):
                self._unknown[imported] = None

    def _forget(self, key: str) -> None:
        self._drop(key)
        self.files.forget(key)
        self._unknown.pop(key, None)
        self._concerned.pop(key, None)
        self._too_large.discard(key)

    def _drop(self, key: str) -> None:
        self._news = self._news or bool(_findings(self.documents.get(key)))
        self.documents.remove(key)


def _examined(examiner: Examiner, subjects: list[Subject]) -> list[Examined | Unread]:
    found: list[Examined | Unread] = []
    for subject in subjects:
        text = examiner.read(subject)
        found.append(text if isinstance(text, Unread) else examiner.examine(subject, text))
    return found


def _findings(examined: Examined | None) -> object:
    return () if examined is None or examined.report is None else examined.report.findings
