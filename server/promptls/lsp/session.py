"""The session: open documents, and what happens when they or the settings change."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from promptls.budgets import ModelProfile, UnknownModel
from promptls.budgets.known_profiles import KnownProfiles
from promptls.cache import Cache, Problem
from promptls.cache.location import user_cache_folder
from promptls.jobs import BackgroundProcessor, Priority
from promptls.lsp.allocator import give_memory_back
from promptls.lsp.client import Client, folders_of, position_encoding
from promptls.lsp.configuration import ANSWER_WITHIN, SETTINGS_FILES, ClientSettings
from promptls.lsp.counting import BackgroundCounting, EarlyCount
from promptls.lsp.document_references import real_path
from promptls.lsp.open_document import OpenDocument
from promptls.lsp.open_files import OpenFiles
from promptls.lsp.progress import WorkDoneProgress
from promptls.lsp.protocol.logs import describe
from promptls.lsp.publishing import Publisher
from promptls.lsp.reporting import Reports
from promptls.lsp.resolving import BackgroundResolving
from promptls.lsp.uris import file_key, to_path
from promptls.lsp.watching import FileWatching
from promptls.lsp.workspace_index import WorkspaceIndex
from promptls.references.policy import AccessPolicy
from promptls.references.resolver import Resolver
from promptls.report.analysis import resolve_context
from promptls.report.build import Context, choose_encoding
from promptls.settings import MachineSettings, Resolved, SettingsStore
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
_HOLD_WORK = 0.03
"""Seconds after a key for which background work pauses."""
_SHUTDOWN_WITHIN = 1.0
_FIGURES_FIRST = 1.0
"""Seconds after the start that all but the first figures of a document waits for them at most."""
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
        self.progress = WorkDoneProgress(server)
        self.counting = BackgroundCounting(self.progress, self._figures_changed)
        self.policy = AccessPolicy()
        """What the user allows; a new one whenever folders, machine settings or trust change."""
        self.processor = BackgroundProcessor()
        self.open_files = OpenFiles(lambda: self.documents, lambda: self.policy)
        self._cache_key: object = None
        self.cache = Cache.in_memory()
        self._resolver: Resolver | None = None
        self.resolving = BackgroundResolving(self, self.processor)
        self.watching = FileWatching(self)
        self.index = WorkspaceIndex(self)
        self.publisher = Publisher(self)
        self.reports = Reports(self)
        self.first_figures = asyncio.Event()
        """Set once a document was counted, or some time after the start."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._known_profiles = KnownProfiles(None)
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
        self.progress.enabled = self.client.progress
        self._read_machine_settings()

    async def initialized(self) -> None:
        """Begin to work: vocabulary, registrations."""
        give_memory_back()
        loop = self._loop = asyncio.get_running_loop()
        self.load_ahead()
        loop.call_later(_FIGURES_FIRST, self._begin_the_rest)
        self.index.start()
        await self.client_settings.register()

    def _begin_the_rest(self) -> None:
        """Open the database, and let references be resolved.

        Opening takes 0.2 s, most of it for an import: before it is needed, but not while a
        document is counted for the first time.
        """
        if not self.first_figures.is_set():
            self.first_figures.set()
            self.processor.submit(
                ("open", id(self.cache)),
                self.cache.open,
                priority=Priority.IDLE,
                label="open cache",
            )

    def load_ahead(self) -> None:
        """Begin to load what most documents need, while the editor sends the first one."""
        resolved = self.store.for_document(None, next(iter(self.folders), None))
        self.counting.executor.submit(self._load_engine, resolved)

    def _load_engine(self, resolved: Resolved) -> None:
        model = resolved.settings.model
        try:
            profile = self._known_profiles.find(model) if model else None
            self.service.engine(choose_encoding(resolved, profile))
        except TokenError as error:
            logger.error("%s: an encoding cannot be loaded", error.code)

    def _read_machine_settings(self) -> None:
        resolved = self.store.machine(self.client.machine)
        self.machine = resolved.settings
        self.publisher.machine_problems(resolved)
        source = VocabularySource(
            self.machine.vocabulary_folder, self.trusted and self.machine.vocabulary_download
        )
        self.service.configure(self.machine.engine, source)
        self._decide_policy()
        database = self.machine.database
        key = (database.enabled, database.url, self.machine.plugins)
        if key != self._cache_key:
            self._cache_key = key
            self.cache.close(0.0)
            url = database.url if database.enabled else "memory"
            self.cache = Cache(url, on_problem=self._cache_problem)
            self._known_profiles = KnownProfiles(None if url == "memory" else user_cache_folder())
            self._resolver = None
            if self.machine.plugins:
                # Their kinds are part of the grammar, before any document is read.
                self._resolver = self._make_resolver()
            self.resolving.start_all()

    @property
    def resolver(self) -> Resolver:
        """The handlers of references; loaded when the first one is to be resolved (30 ms)."""
        if self._resolver is None:
            self._resolver = self._make_resolver()
        return self._resolver

    def _make_resolver(self) -> Resolver:
        from promptls.references.assembly import make_resolver

        return make_resolver(
            lambda: self.policy,
            self.cache,
            open_documents=self.open_files,
            plugins=self.machine.plugins,
            checkpoint=self.processor.checkpoint,
        )

    def _decide_policy(self) -> None:
        machine = self.machine
        policy = AccessPolicy(
            roots=tuple(self.folders),
            allowed_roots=machine.allowed_roots,
            trusted=self.trusted,
            network=machine.network,
            hosts=machine.allowed_hosts,
            environment=frozenset(machine.environment),
        )
        if policy != self.policy:
            self.policy = policy
            self.resolving.start_all()

    @property
    def open_keys(self) -> frozenset[str]:
        """The file keys of the documents that are open."""
        return frozenset(
            document.real_path for document in self.documents.values() if document.real_path
        )

    @property
    def real_folders(self) -> tuple[str, ...]:
        """The workspace folders with all links followed."""
        return tuple(real_path(folder) for folder in self.folders)

    def _cache_problem(self, problem: Problem) -> None:
        """Tell of a database that cannot be used; called from any thread."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(self.publisher.cache_problem, problem)

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

    def files_changed(self, changed: Mapping[Path, bool]) -> None:
        """Files on disk changed; True for those that came or went."""
        if any(path.name in SETTINGS_FILES for path in changed):
            self.settings_files_changed()
        paths = {real_path(path) for path in changed}
        self.resolving.files_changed(paths, listing=any(changed.values()))
        self.index.files_changed(changed)

    def saved(self, path: Path) -> None:
        """A document was saved: what it fetches may be looked at again."""
        self.files_changed({path: False})
        for document in self.documents.values():
            if document.path == path and document.references.forget_kind("api"):
                self.resolving.start(document)

    def refresh_references(self) -> None:
        """Look everything up again that documents bring in, whatever is remembered of it."""
        self.resolver.invalidate()
        self.resolving.start_all()
        self.index.examine_all()

    def settings_files_changed(self) -> None:
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
        else:  # the index asks for workspace folders
            self.index.examine_all()

    async def shutdown(self) -> None:
        """Stop all work."""
        for task in list(self._judging.values()):
            task.cancel()
        self.watching.stop()
        self.index.stop()
        for document in self.documents.values():
            self.resolving.stop(document)
        await self.processor.shutdown(_SHUTDOWN_WITHIN)
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, self.cache.close, _SHUTDOWN_WITHIN)
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
            self.root_of(path),
            item.language_id,
            item.version,
            item.text,
            self.encoding,
            self._early_count(item.text),
        )
        self.documents[file_key(item.uri)] = document
        self._by_uri[item.uri] = document
        self.open_files.opened(self.documents)
        self.resolving.file_changed(document)
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
        document.touched = asyncio.get_running_loop().time()
        self.processor.hold(_HOLD_WORK)
        if outline.front_matter_changed or outline.directives_changed:
            self.judge(document)
        others = len(self.documents) > 1 or self.index.is_imported(document)
        if outline.references_changed or others:
            self.resolving.soon(document)
        if prompt.is_pending and document.context is not None:
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
        self.resolving.stop(document)
        self.open_files.opened(self.documents)
        self.resolving.file_changed(document)
        task = self._judging.pop(document, None)
        if task is not None:
            task.cancel()
        self.client_settings.forget(document.uri)
        document.judged.set()
        document.counted.set()
        self.publisher.closed(document)

    def root_of(self, path: Path | None) -> Path | None:
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
            document.root = self.root_of(document.path)
        self._decide_policy()
        self.judge_all()

    # Settings and models

    def judge_all(self) -> None:
        """Find settings and models of all documents anew."""
        for document in self.documents.values():
            self.judge(document)
        self.index.examine_all()

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
        self.resolving.start(document)
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
        # The first look-up of a day loads genai-prices, which takes 150 ms.
        loop = asyncio.get_running_loop()
        find = self._known_profiles.find
        profile = await loop.run_in_executor(self.counting.executor, find, name)
        if len(self._profiles) > 512:
            self._profiles.clear()
        self._profiles[name] = profile

    def _figures_changed(self, document: OpenDocument) -> None:
        """Figures or settings of a document changed without an edit."""
        if document.closed:
            return
        if not document.prompt.is_pending or document.problem or document.cancelled:
            document.counted.set()
            if self._loop is not None and not self.first_figures.is_set():
                # Behind the answers that have waited for it.
                self._loop.call_soon(self._begin_the_rest)
        document.answers_at_once = document.judged.is_set() and document.counted.is_set()
        document.report = None
        outline = document.prompt.outline
        if outline.settled and (outline.front_matter_changed or outline.directives_changed):
            self.judge(document)
            return
        if outline.settled and outline.references_changed and document.judged.is_set():
            self.resolving.start(document)
        self.publisher.refresh(document)

    def references_changed(self, document: OpenDocument) -> None:
        """What references bring in has changed, without an edit."""
        document.report = None
        self.index.document_resolved(document)
        if document.prompt.is_pending:
            document.counted.clear()
            self.counting.start(document)
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
