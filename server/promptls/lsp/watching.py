"""Looks at files that the client does not watch: those outside of its folders, or all of them."""

from __future__ import annotations

import asyncio
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

from promptls.jobs import Priority
from promptls.lsp.configuration import SETTINGS_FILES
from promptls.lsp.protocol.logs import describe
from promptls.references.files.watching import PollingWatcher

if TYPE_CHECKING:
    from promptls.lsp.session import Session

INTERVAL = 0.5
"""Seconds between two looks; each takes about 2 µs for a file, on a worker."""

logger = logging.getLogger(__name__)


class FileWatching:
    """Tells the session of files that changed, for as long as some document refers to any."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._watcher = PollingWatcher()
        self._watched: set[str] = set()
        self._task: asyncio.Task[None] | None = None

    def update(self) -> None:
        """The files that documents refer to may be others now."""
        if self._task is None and self._wanted():
            self._task = asyncio.ensure_future(self._run())

    def stop(self) -> None:
        """The session ends."""
        if self._task is not None:
            self._task.cancel()

    async def _run(self) -> None:
        try:
            while True:
                wanted = self._wanted()
                if not wanted:
                    return
                await self._look(wanted)
                await asyncio.sleep(INTERVAL)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            logger.error("watching files failed: %s", describe(error))
        finally:
            self._task = None

    async def _look(self, wanted: set[str]) -> None:
        watcher = self._watcher
        # What is looked at for the first time may have changed since it was read.
        fresh = {Path(path) for path in wanted - self._watched if path}
        self._watched = wanted
        settings = self._settings_files()

        def look() -> set[Path]:
            watcher.watch(Path(path) for path in wanted | settings)
            return watcher.changed() | fresh

        changed = await self._session.processor.submit(
            "watch", look, priority=Priority.IDLE, label="watch"
        )
        if changed:
            exists = {path: path.exists() for path in changed}
            self._session.files_changed({path: not there for path, there in exists.items()})
        if not self._session.client.watch_registration:
            self._session.resolving.look_again()

    def _settings_files(self) -> set[str]:
        """Files of settings and of variables, there or not, where nobody else looks at them."""
        if self._session.client.watch_registration:
            return set()
        paths: set[str] = set()
        for document in self._session.documents.values():
            if document.context is not None:
                files = document.context.resolved.settings.variable_files
                paths.update(str(path) for path in files)
            if document.path is None:
                continue
            for folder in document.path.parents:
                paths.update(str(folder / name) for name in SETTINGS_FILES)
                if folder == document.root or document.root is None:
                    break
        return paths

    def _wanted(self) -> set[str]:
        """The files that nobody else looks at."""
        session = self._session
        paths: set[str] = set()
        for document in session.documents.values():
            paths.update(document.references.paths)
        if session.client.watch_registration:
            folders = tuple(os.path.join(real, "") for real in session.real_folders)  # noqa: PTH118
            paths = {path for path in paths if not path.startswith(folders)}
        elif session.documents:
            paths.add("")  # settings, at least
        return paths
