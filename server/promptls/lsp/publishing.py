"""What the client is told unasked: diagnostics, refreshes and `promptls/reportChanged`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from promptls.findings import Finding
from promptls.lsp.diagnostics import to_diagnostics
from promptls.lsp.protocol.logs import describe
from promptls.lsp.reporting import is_clean
from promptls.lsp.uris import to_uri

if TYPE_CHECKING:
    from promptls.cache import Problem
    from promptls.lsp.open_document import OpenDocument
    from promptls.lsp.session import Session
    from promptls.settings import Resolved, ResolvedMachine
    from promptls.tokens.errors import TokenError

REPORT_CHANGED = "promptls/reportChanged"
_DELAY_MAX = 1.0
"""Seconds that steady typing can put diagnostics off."""

logger = logging.getLogger(__name__)


class Publisher:
    """Sends diagnostics after typing has paused, and asks the client to look again."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._timers: dict[OpenDocument, asyncio.TimerHandle] = {}
        self._first_due: dict[OpenDocument, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.settings_findings: dict[Path, tuple[Finding, ...]] = {}
        """Of the settings files that were read, what is wrong with them."""
        self._published: set[str] = set()
        self._warned: set[str] = set()
        self._refreshing = False

    def schedule(self, document: OpenDocument) -> None:
        """Have diagnostics sent when typing has paused."""
        context = document.context
        if context is None:
            return
        loop = asyncio.get_running_loop()
        now = loop.time()
        delay = context.resolved.settings.debounce / 1000
        document.due = now + delay
        if document not in self._timers:
            self._first_due[document] = now + delay + _DELAY_MAX
            self._timers[document] = loop.call_at(document.due, self._is_due, document)

    def _is_due(self, document: OpenDocument) -> None:
        self._timers.pop(document, None)
        if document.closed:
            return
        loop = asyncio.get_running_loop()
        latest = min(document.due, self._first_due.get(document, 0.0))
        if latest > loop.time():
            # Typing went on: one timer is set anew here instead of one at each key.
            self._timers[document] = loop.call_at(latest, self._is_due, document)
            return
        self._first_due.pop(document, None)
        self._tell(document)

    def refresh(self, document: OpenDocument) -> None:
        """Figures changed without an edit: tell everybody."""
        if document not in self._timers:  # else somebody types, and it waits for the pause
            self._tell(document)
        self.ask_for_refresh()

    def ask_for_refresh(self) -> None:
        """Have the client ask for hints, lenses and diagnostics again, where it can."""
        if not self._refreshing:
            self._refreshing = True
            asyncio.get_running_loop().call_soon(self._send_refresh)

    def _send_refresh(self) -> None:
        self._refreshing = False
        client = self._session.client
        methods = []
        if client.hint_refresh:
            methods.append(types.WORKSPACE_INLAY_HINT_REFRESH)
        if client.lens_refresh:
            methods.append(types.WORKSPACE_CODE_LENS_REFRESH)
        if client.semantic_tokens_refresh:
            methods.append(types.WORKSPACE_SEMANTIC_TOKENS_REFRESH)
        if client.pull and client.diagnostic_refresh:
            methods.append(types.WORKSPACE_DIAGNOSTIC_REFRESH)
        for method in methods:
            self._session.server.protocol.send_request(method).add_done_callback(_ignore)

    def closed(self, document: OpenDocument) -> None:
        """A document was closed: its diagnostics go."""
        timer = self._timers.pop(document, None)
        if timer is not None:
            timer.cancel()
        self._first_due.pop(document, None)
        if document.uri in self._published:
            self._published.discard(document.uri)
            self._send(document.uri, None, self._of_settings_file(document))

    def not_counted(self, error: TokenError) -> None:
        """Say why documents have no figures, once for each reason."""
        if error.code not in self._warned:
            self._warned.add(error.code)
            self._session.server.protocol.notify(
                types.WINDOW_SHOW_MESSAGE,
                types.ShowMessageParams(types.MessageType.Error, f"promptls: {error}"),
            )

    def cache_problem(self, problem: Problem) -> None:
        """Say why counts are not remembered beyond this session, once for each reason."""
        if problem.code not in self._warned:
            self._warned.add(problem.code)
            logger.warning("%s", problem.code)
            self._session.server.protocol.notify(
                types.WINDOW_SHOW_MESSAGE,
                types.ShowMessageParams(types.MessageType.Warning, f"promptls: {problem.message}"),
            )

    def machine_problems(self, resolved: ResolvedMachine) -> None:
        """Tell of wrong machine settings."""
        self._client_problems(resolved.client_problems)
        self._settings_files(resolved.problems)

    def settings_problems(self, resolved: Resolved) -> None:
        """Tell of wrong settings in the files and the client's answer that a document takes."""
        self._client_problems(resolved.client_problems)
        # A file that was removed has nothing wrong with it any more.
        of_files = {path: resolved.problems.get(path, ()) for path in resolved.looked_at}
        self._settings_files(of_files)

    def _client_problems(self, findings: tuple[Finding, ...]) -> None:
        for finding in findings:
            if finding.message not in self._warned:
                self._warned.add(finding.message)
                self._session.server.protocol.notify(
                    types.WINDOW_SHOW_MESSAGE,
                    types.ShowMessageParams(
                        types.MessageType.Warning, f"promptls settings: {finding.message}"
                    ),
                )

    def _settings_files(self, problems: Mapping[Path, tuple[Finding, ...]]) -> None:
        changed = False
        for path, findings in problems.items():
            if self.settings_findings.get(path, ()) != findings:
                changed = True
                if not self._session.client.pull:
                    self._send(to_uri(path), None, to_diagnostics(findings, to_uri(path)))
            self.settings_findings[path] = findings
        if changed:
            self.ask_for_diagnostics()

    def ask_for_diagnostics(self) -> None:
        """Have the client ask for diagnostics again, where it can."""
        client = self._session.client
        if client.pull and client.diagnostic_refresh:
            self._session.server.protocol.send_request(
                types.WORKSPACE_DIAGNOSTIC_REFRESH
            ).add_done_callback(_ignore)

    async def diagnostics(self, document: OpenDocument) -> list[types.Diagnostic]:
        """The diagnostics of a document as it stands."""
        items = self._of_settings_file(document)
        if document.shown and not is_clean(document):
            report = await self._session.reports.now(document)
            if report is not None:
                items += to_diagnostics(report.findings, document.uri)
        return items

    def _of_settings_file(self, document: OpenDocument) -> list[types.Diagnostic]:
        findings = self.settings_findings.get(document.path, ()) if document.path else ()
        return to_diagnostics(findings, document.uri)

    async def _publish(self, document: OpenDocument) -> None:
        version, edits = document.version, document.edits
        diagnostics = await self.diagnostics(document)
        if document.closed or document.edits != edits:
            return
        if diagnostics or document.uri in self._published:
            self._published.add(document.uri)
            self._send(document.uri, version, diagnostics)
        if not diagnostics:
            self._published.discard(document.uri)

    def _send(self, uri: str, version: int | None, diagnostics: list[types.Diagnostic]) -> None:
        params = types.PublishDiagnosticsParams(uri, diagnostics, version)
        self._session.server.protocol.notify(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, params)

    def _tell(self, document: OpenDocument) -> None:
        session = self._session
        if session.client.report_notifications:
            params = {
                "uri": document.uri,
                "version": document.version,
                "revision": document.prompt.revision,
            }
            session.server.protocol.notify(REPORT_CHANGED, params)
        if not session.client.pull and not document.references.is_first_pass(document.prompt):
            self._start(self._publish(document))

    def _start(self, coroutine: Coroutine[None, None, None]) -> None:
        task = asyncio.ensure_future(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("publishing failed: %s", describe(error))


def _ignore(future: Future[object]) -> None:
    """The client's answer to a refresh says nothing."""
    if not future.cancelled():
        future.exception()
