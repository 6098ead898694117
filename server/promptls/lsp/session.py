"""The session: open documents, and what happens when they or the settings change."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from promptls.budgets import ModelProfile, UnknownModel, find_profile
from promptls.lsp.client import Client, folders_of, position_encoding
from promptls.lsp.configuration import ANSWER_WITHIN, ClientSettings
from promptls.lsp.counting import BackgroundCounting, EarlyCount
from promptls.lsp.open_document import OpenDocument
from promptls.lsp.protocol.logs import describe
from promptls.lsp.publishing import Publisher
from promptls.lsp.reporting import Reports
from promptls.lsp.uris import file_key, to_path
from promptls.report.analysis import resolve_context
from promptls.report.build import Context
from promptls.settings import MachineSettings, SettingsStore
from promptls.text import Edit, PositionEncoding
from promptls.tokens.encodings import DEFAULT_ENCODING
from promptls.tokens.engine import Engine
from promptls.tokens.errors import TokenError
from promptls.tokens.service import TokenCountingService
from promptls.tokens.vocabularies import VocabularySource

if TYPE_CHECKING:
    from promptls.lsp.protocol.server import HardenedServer

EARLY_COUNT_MIN = 1 << 18
"""Characters from which on a document is counted while it is read, in the default encoding."""
HOLD = 0.2
"""Seconds that a request for hints waits for a first count before it says `counting…`."""

logger = logging.getLogger(__name__)


class Session:
    """Everything the server knows about one client. Lives on the loop."""

    def __init__(self, server: HardenedServer) -> None:
        self.server = server
        self.client = Client()
        self.encoding: PositionEncoding = "utf-16"
        self.folders: list[Path] = []
        self.trusted = False
        self.documents: dict[str, OpenDocument] = {}
        self._by_uri: dict[str, OpenDocument] = {}
        self.store = SettingsStore()
        self.machine = MachineSettings()
        self.service = TokenCountingService()
        self.client_settings = ClientSettings(server, self._settings_came_late)
        self.counting = BackgroundCounting(server, self._figures_changed)
        self.publisher = Publisher(self)
        self.reports = Reports(self)
        self._profiles: dict[str, ModelProfile | UnknownModel] = {}
        self._judging: dict[OpenDocument, asyncio.Task[None]] = {}

    # The life of a session

    def initialize(self, params: types.InitializeParams) -> None:
        """Take what the client says of itself."""
        self.client = Client.of(params)
        self.encoding = position_encoding(params)
        self.folders = folders_of(params)
        self.trusted = self.client.trusted
        self.client_settings.connect(self.client)
        self.counting.shows_progress = self.client.progress
        self._read_machine_settings()

    async def initialized(self) -> None:
        """Begin to work: vocabulary, registrations."""
        loop = asyncio.get_running_loop()
        # Most documents are counted in it; it is loaded while the editor sends the first one.
        loop.run_in_executor(self.counting.executor, self._load_default)
        await self.client_settings.register()

    def _load_default(self) -> None:
        try:
            self.service.engine()
        except TokenError as error:
            logger.error("%s: the default encoding cannot be loaded", error.code)

    def _read_machine_settings(self) -> None:
        resolved = self.store.machine(self.client.machine)
        self.machine = resolved.settings
        self.publisher.machine_problems(resolved)
        source = VocabularySource(
            self.machine.vocabulary_folder, self.trusted and self.machine.vocabulary_download
        )
        self.service.configure(self.machine.engine, source)

    def grant_trust(self) -> None:
        """The user trusts the workspace from now on."""
        if not self.trusted:
            self.trusted = True
            self._read_machine_settings()
            self.judge_all()

    def settings_changed(self, settings: object) -> None:
        """The client's settings changed."""
        self.client_settings.changed(settings)
        self.judge_all()

    def files_changed(self) -> None:
        """Settings files on disk changed."""
        self.store.invalidate()
        self._read_machine_settings()
        for file in list(self.publisher.settings_findings):
            # Also those that no open document looks at.
            self.publisher.settings_problems(self.store.for_document(file, file.parent))
        self.judge_all()

    def _settings_came_late(self, uri: str) -> None:
        document = self.find(uri)
        if document is not None:
            self.judge(document)

    def shutdown(self) -> None:
        """Stop all work."""
        for task in list(self._judging.values()):
            task.cancel()
        self.counting.shutdown()

    # Documents

    def find(self, uri: str) -> OpenDocument | None:
        """The open document of a URI, however it is written."""
        document = self._by_uri.get(uri)
        if document is None:
            document = self.documents.get(file_key(uri))
            if document is not None:
                self._by_uri[uri] = document
        return document

    def open(self, item: types.TextDocumentItem) -> OpenDocument:
        """A document was opened; one that is open already takes the new text."""
        before = self.find(item.uri)
        if before is not None:
            logger.warning("a document was opened twice")
            self.close(item.uri)
        path = to_path(item.uri)
        document = OpenDocument(
            item.uri,
            path,
            self._root_of(path),
            item.language_id,
            item.version,
            item.text,
            self.encoding,
            self._early_count(item.text),
        )
        self.documents[file_key(item.uri)] = document
        self._by_uri[item.uri] = document
        self.judge(document)
        return document

    def _early_count(self, text: str) -> EarlyCount | None:
        """Count a large document in the default encoding while it is read: mostly it is that."""
        if len(text) < EARLY_COUNT_MIN:
            return None
        return self.counting.early(self.service.loaded(DEFAULT_ENCODING))

    def change(self, uri: str, version: object, edits: list[Edit]) -> bool:
        """A document was edited; False when no document of that name is open."""
        document = self._by_uri.get(uri) or self.find(uri)
        if document is None:
            logger.warning("a change came for a document that is not open")
            return False
        if isinstance(version, int):
            if version <= document.version:
                logger.warning("a version came out of order (%d)", version)
            document.version = version
        document.edits += 1
        prompt = document.prompt
        for edit in edits:
            prompt.apply(edit)
        document.cancelled = False
        outline = prompt.outline
        if outline.front_matter_changed or outline.directives_changed:
            self.judge(document)
        if prompt.is_pending and document.context is not None:
            document.touched = asyncio.get_running_loop().time()
            self.counting.start(document)
        self.publisher.schedule(document)
        return True

    def close(self, uri: str) -> None:
        """A document was closed."""
        document = self.find(uri)
        if document is None:
            logger.warning("a document was closed that is not open")
            return
        document.closed = True
        self.documents = {
            key: other for key, other in self.documents.items() if other is not document
        }
        self._by_uri = {
            other_uri: other for other_uri, other in self._by_uri.items() if other is not document
        }
        self.counting.stop(document)
        task = self._judging.pop(document, None)
        if task is not None:
            task.cancel()
        self.client_settings.forget(document.uri)
        document.judged.set()
        document.counted.set()
        self.publisher.closed(document)

    def _root_of(self, path: Path | None) -> Path | None:
        """The innermost workspace folder that holds a file."""
        if path is None:
            return self.folders[0] if len(self.folders) == 1 else None
        around = [folder for folder in self.folders if path.is_relative_to(folder)]
        return max(around, key=lambda folder: len(folder.parts), default=None)

    def folders_changed(
        self, added: list[types.WorkspaceFolder], removed: list[types.WorkspaceFolder]
    ) -> None:
        """Workspace folders came or went."""
        gone = {to_path(folder.uri) for folder in removed}
        self.folders = [folder for folder in self.folders if folder not in gone]
        self.folders += [path for folder in added if (path := to_path(folder.uri)) is not None]
        for document in self.documents.values():
            document.root = self._root_of(document.path)
        self.judge_all()

    # Settings and models

    def judge_all(self) -> None:
        """Find settings and models of all documents anew."""
        for document in self.documents.values():
            self.judge(document)

    def judge(self, document: OpenDocument) -> None:
        """Find a document's settings and model anew, then count what is not counted."""
        task = self._judging.get(document)
        if task is not None:
            task.cancel()
        # Who asks from now on is answered with the settings as they will be.
        document.judged.clear()
        document.answers_at_once = False
        self._judging[document] = task = asyncio.ensure_future(self._judge(document))

        def forget(done: asyncio.Task[None]) -> None:
            if self._judging.get(document) is done:
                del self._judging[document]

        task.add_done_callback(forget)

    async def _judge(self, document: OpenDocument) -> None:
        problem = ""
        engine: Engine | None = None
        try:
            context = await self._resolve(document)
            engine = self.service.loaded(context.encoding)
            if engine is None:
                loop = asyncio.get_running_loop()
                engine = await loop.run_in_executor(
                    self.counting.executor, self.service.engine, context.encoding
                )
        except TokenError as error:
            problem = str(error)
            logger.error("%s: a document is not counted", error.code)
            self.publisher.not_counted(error)
        except Exception as error:
            logger.error("settings of a document: %s", describe(error))
            document.judged.set()
            document.counted.set()
            return
        document.problem = problem
        document.context = context
        document.hint_key = object()
        document.decide_shown()
        prompt = document.prompt
        if engine is None:
            prompt.stop_counting()
        elif prompt.counter is None or prompt.counter.engine is not engine:
            document.counted.clear()
            self.counting.stop(document)
            prompt.count_with(engine)
        document.judged.set()
        self.publisher.settings_problems(context.resolved)
        if prompt.is_pending:
            self.counting.start(document)
        self._figures_changed(document)

    async def _resolve(self, document: OpenDocument) -> Context:
        """Find out by what a document is judged, with all profiles that this needs."""
        answer = document.client_settings = await self.client_settings.of(document.uri)
        while True:
            while not document.prompt.settle(2):
                await asyncio.sleep(0)
            missing: list[str] = []
            context = resolve_context(
                document.prompt,
                document.reader,
                self.store,
                document.path,
                document.root,
                language_id=document.language_id,
                client=answer,
                find=lambda name, missing=missing: self._known_profile(name, missing),  # type: ignore[misc]
            )
            if not missing:
                document.judged_edits = document.edits
                return context
            await self._load_profile(missing[0])

    def _known_profile(self, name: str, missing: list[str]) -> ModelProfile | UnknownModel | None:
        profile = self._profiles.get(name)
        if profile is None:
            missing.append(name)
        return profile

    async def _load_profile(self, name: str) -> None:
        # The first look-up loads genai-prices, which takes 150 ms.
        loop = asyncio.get_running_loop()
        profile = await loop.run_in_executor(self.counting.executor, find_profile, name)
        if len(self._profiles) > 512:
            self._profiles.clear()
        self._profiles[name] = profile

    def _figures_changed(self, document: OpenDocument) -> None:
        """Figures or settings of a document changed without an edit."""
        if document.closed:
            return
        if not document.prompt.is_pending or document.problem or document.cancelled:
            document.counted.set()
        document.answers_at_once = document.judged.is_set() and document.counted.is_set()
        document.report = None
        outline = document.prompt.outline
        if outline.settled and (outline.front_matter_changed or outline.directives_changed):
            self.judge(document)
        else:
            self.publisher.refresh(document)

    async def ready(self, document: OpenDocument, hold: float = ANSWER_WITHIN) -> None:
        """Wait until settings are known and, for `hold` seconds at most, for the first count."""
        if not document.judged.is_set():
            await _within(document.judged.wait(), 2 * ANSWER_WITHIN)
        if hold and not document.counted.is_set():
            await _within(document.counted.wait(), hold)
        self.reports.follow(document)


async def _within(awaitable: Awaitable[object], seconds: float) -> None:
    try:
        await asyncio.wait_for(awaitable, seconds)
    except TimeoutError:
        return
