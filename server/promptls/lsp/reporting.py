"""Reports of open documents: made when asked for, kept until something changes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from functools import partial
from typing import TYPE_CHECKING

from promptls.budgets import UnknownModel
from promptls.lsp.configuration import ANSWER_WITHIN
from promptls.report.analysis import analyse, moved_context
from promptls.report.build import Draft, build, document_limit, draft
from promptls.report.model import Report
from promptls.tokens.errors import TokenError

if TYPE_CHECKING:
    from promptls.lsp.open_document import OpenDocument
    from promptls.lsp.session import Session

_BUILD_HERE_MAX = 500
"""Lines with structure in a document whose report is put together on the loop (2 ms)."""


class Reports:
    """Makes the report of a document as it stands, or as it stood when it was asked for."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def now(self, document: OpenDocument) -> Report | None:
        """The report of the document as it stands; None while its settings are not known."""
        return await self._finish(document, document.state, self._take(document))

    def as_asked(self, document: OpenDocument) -> Awaitable[Report | None]:
        """The report of the version that is current at this call, whatever is edited meanwhile."""
        if document.judged.is_set():
            return self._finish(document, document.state, self._take(document))
        text = document.prompt.buffer.text()
        return self._when_judged(document, document.edits, document.version, text)

    def follow(self, document: OpenDocument) -> None:
        """Find directives again where edits beside them have moved them."""
        context = document.context
        if context is None or not document.has_moved:
            return
        generation = document.reader.generation
        document.context = moved_context(
            context,
            document.reader,
            self._session.store,
            document.path,
            document.root,
            document.client_settings,
        )
        document.judged_edits = document.edits
        if document.reader.generation != generation:
            document.hint_key = object()
            self._session.publisher.ask_for_refresh()

    def _take(self, document: OpenDocument) -> Draft | Report | None:
        """All that the report needs, or the report itself where it was kept."""
        self.follow(document)
        if document.context is None:
            return None
        if document.report is not None and document.report_key == document.state:
            return document.report
        return draft(
            document.prompt,
            document.context,
            document.uri,
            document.version,
            problem=document.problem,
        )

    async def _finish(
        self, document: OpenDocument, state: tuple[int, int], taken: Draft | Report | None
    ) -> Report | None:
        if not isinstance(taken, Draft):
            return taken
        if len(taken.entries) < _BUILD_HERE_MAX:
            report = build(taken)
        else:
            loop = asyncio.get_running_loop()
            report = await loop.run_in_executor(self._session.counting.executor, build, taken)
        if document.state == state and document.context is taken.context:
            document.report, document.report_key = report, state
        return report

    async def _when_judged(
        self, document: OpenDocument, edits: int, version: int, text: str
    ) -> Report | None:
        session = self._session
        await session.ready(document, ANSWER_WITHIN)
        if document.edits == edits:
            return await self.now(document)
        # Edited while the settings were not known: what was asked for is counted by itself.
        count = partial(
            analyse,
            text,
            document.uri,
            session.service,
            session.store,
            path=document.path,
            root=document.root,
            language_id=document.language_id,
            client=await session.client_settings.of(document.uri),
            encoding=session.encoding,
            version=version,
            resolve=session.resolver.resolve_many,
        )
        loop = asyncio.get_running_loop()
        try:
            analysis = await loop.run_in_executor(session.counting.executor, count)
        except TokenError:
            return await self.now(document)
        return analysis.report


def is_clean(document: OpenDocument) -> bool:
    """Whether it is plain without a report that there are no findings."""
    context = document.context
    if context is None or document.problem or not document.prompt.outline.settled:
        return False
    if document.references.known or document.prompt.pending_references:
        return False
    declared, resolved = context.declared, context.resolved
    budget = resolved.settings.budget
    if declared.findings or declared.has_directive or resolved.document_problems:
        return False
    if isinstance(context.profile, UnknownModel) or budget.section is not None:
        return False
    if budget.document is None:
        return True
    limit = document_limit(context)
    expanded = document.prompt.expanded_tokens
    if limit is None or expanded is None:
        return False
    ratio = context.policy().ratio
    used = expanded if ratio is None else ratio.expected(expanded)
    return used < budget.warn_at * limit - 1
