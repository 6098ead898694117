"""The files of the workspace that may be prompt documents, found and watched in the background."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from promptls.jobs import Priority
from promptls.lsp.uris import to_uri
from promptls.references.files.watching import PollingWatcher
from promptls.workspace.examining import Examiner, Subject
from promptls.workspace.finding import Place, Search, Seen, look
from promptls.workspace.walking import Accept

if TYPE_CHECKING:
    from promptls.lsp.session import Session

T = TypeVar("T")


class WorkspaceFiles:
    """Knows them by their file keys. Lives on the loop; disks are looked at elsewhere."""

    def __init__(self, session: Session, examiner: Examiner, entries_max: int) -> None:
        self._session = session
        self._examiner = examiner
        self._entries_max = entries_max
        self._paths: dict[str, Path] = {}
        self._readers: dict[str, frozenset[str]] = {}
        self._watcher = PollingWatcher()
        self.cut = False
        """Whether there was more than is looked at."""

    def __contains__(self, key: str) -> bool:
        """Whether a file may be a prompt document."""
        return key in self._paths

    @property
    def keys(self) -> Collection[str]:
        """All file keys."""
        return self._paths.keys()

    async def subject(self, key: str) -> Subject | None:
        """A file as what is to be examined; None where it is in no workspace folder any more."""
        path = self._paths.get(key)
        root = None if path is None else self._session.root_of(path)
        if path is None or root is None:
            return None
        client = await self._session.client_settings.of(to_uri(root))
        return Subject(path, root, to_uri(path), client, readers=self.readers(key))

    def readers(self, key: str) -> frozenset[str]:
        """The dialects of the documents that bring a file in with its references."""
        return self._readers.get(key, frozenset())

    def read_in(self, key: str, path: Path, dialect: str) -> bool:
        """An imported file is read for references in a dialect; tells whether that is new.

        It may be a document from now on, also where git ignores it.
        """
        known = self.readers(key)
        if dialect in known or not (key in self._paths or self._session.root_of(path)):
            return False
        self._readers[key] = known | {dialect}
        self._paths.setdefault(key, path)
        return True

    def add(self, found: Iterable[tuple[str, Path]]) -> None:
        """Take files, each with its key."""
        self._paths.update(found)

    def forget(self, key: str) -> None:
        """A file is gone."""
        self._paths.pop(key, None)
        self._readers.pop(key, None)

    async def search(self) -> dict[str, Path]:
        """Find all files, in all workspace folders."""
        found: dict[str, Path] = {}
        left, self.cut = self._entries_max, False
        for root in list(self._session.folders):
            search = Search(root, await self._acceptance(root), left)
            while await self._off_loop(search.step):
                pass
            left, self.cut = search.left, self.cut or search.cut
            for key, path in search.found.items():
                found.setdefault(key, path)
        return found

    async def look(self, changed: Iterable[Path]) -> Seen:
        """Look at paths that changed."""
        places = []
        for path in changed:
            root = self._session.root_of(path)
            accept = None if root is None else await self._acceptance(root)
            places.append(Place(path, root, accept))
        return await self._off_loop(partial(look, places))

    async def changed(self, imported: Iterable[str]) -> set[Path]:
        """Which of the files, and of those that are imported, changed since this was called last.

        Only for clients that do not tell it themselves.
        """
        if self._session.client.watch_registration:
            return set()
        files = [*self._paths.values(), *map(Path, imported)]

        def changed() -> set[Path]:
            self._watcher.watch(files)
            return self._watcher.changed()

        return await self._off_loop(changed)

    async def _acceptance(self, root: Path) -> Accept:
        client = await self._session.client_settings.of(to_uri(root))
        return self._examiner.acceptance(root, client)

    async def _off_loop(self, work: Callable[[], T]) -> T:
        return await self._session.processor.submit(
            ("workspace", work), work, priority=Priority.IDLE, label="workspace"
        )
