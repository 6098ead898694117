"""Examines documents that nobody has open: figures, findings, and what they refer to."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from promptls.budgets import find_profile
from promptls.prompts.dialects import DIALECTS, at_place, detect, is_prompt_document, is_prompt_path
from promptls.references.files.lookup import Ground, home_of
from promptls.references.files.uris import file_key
from promptls.references.graph import Graph
from promptls.references.model import (
    Awaited,
    Blocked,
    Content,
    Embedded,
    Failed,
    Found,
    NotFound,
    Outcome,
    Request,
)
from promptls.references.policy import AccessPolicy
from promptls.references.resolver import Resolver, root_key
from promptls.report.analysis import resolve_context, resolve_document
from promptls.report.build import Context, build, draft
from promptls.report.declared import DeclaredReader
from promptls.report.document import PromptDocument
from promptls.report.model import Report
from promptls.report.site import site_of
from promptls.settings import FileRule, SettingsStore
from promptls.settings.globs import matches
from promptls.text import PositionEncoding
from promptls.tokens.errors import TokenError
from promptls.tokens.service import TokenCountingService
from promptls.workspace.index import Examined
from promptls.workspace.mentions import Mention, mentions_in, without_repeats
from promptls.workspace.reading import Unread, read_text
from promptls.workspace.walking import Accept

FINDINGS_MAX = 200
"""Findings that are kept of one document; more help nobody who has not opened it."""

_profile_of = lru_cache(512)(find_profile)


@dataclass(frozen=True, slots=True)
class Subject:
    """One document to examine."""

    path: Path
    """Absolute."""
    root: Path
    """The workspace folder that it lies in."""
    uri: str
    client: object = None
    """The client's settings for it."""
    language_id: str | None = None
    readers: frozenset[str] = frozenset()
    """The dialects of documents that bring it in; references are read in these too."""

    @property
    def key(self) -> str:
        """Its file key."""
        return root_key(self.path)


@dataclass(frozen=True, slots=True)
class _Read:
    """A document whose text and settings are known; nothing is counted yet."""

    document: PromptDocument
    context: Context
    mentions: list[Mention]


class Examiner:
    """Examines documents by one session's settings. Safe to call from several threads."""

    def __init__(
        self,
        store: SettingsStore,
        service: TokenCountingService,
        policy: Callable[[], AccessPolicy],
        resolver: Callable[[], Resolver],
        encoding: Callable[[], PositionEncoding],
    ) -> None:
        self._store = store
        self._service = service
        self._policy = policy
        self._resolver = resolver
        self._encoding = encoding

    def acceptance(self, root: Path, client: object) -> Accept:
        """What says whether a file may be a prompt document: by its name or a `[[files]]` rule."""
        by_folder: dict[Path, tuple[FileRule, ...]] = {}

        def accept(path: Path) -> bool:
            if is_prompt_path(path, root):
                return True
            rules = by_folder.get(path.parent)
            if rules is None:
                rules = self._store.for_document(path, root, client).settings.files
                by_folder[path.parent] = rules
            return any(
                rule.folder is not None and matches(rule.glob, rule.folder, path) for rule in rules
            )

        return accept

    def read(self, subject: Subject) -> str | Unread:
        """The text of a document as it is on disk."""
        return read_text(str(subject.path), self._policy())

    def examine(self, subject: Subject, text: str) -> Examined:
        """Find out what a document refers to, and if it is a prompt document, what it costs."""
        read = self._read(subject, text)
        document, context = read.document, read.context
        imports = {mention.key for mention in read.mentions}
        imports.update(
            file_key(os.path.realpath(subject.root / path))
            for path in context.resolved.settings.variable_files
        )
        open_ended = _looks_for_more(document, read.mentions)
        if not self._is_prompt(subject, context):
            return Examined(
                subject.key, subject.path, None, frozenset(imports), open_ended=open_ended
            )
        try:
            document.count_with(self._service.engine(context.encoding))
        except TokenError as error:
            report = build(draft(document, context, subject.uri, problem=str(error)))
            return Examined(
                subject.key, subject.path, _head(report), frozenset(imports), open_ended=True
            )
        document.count_now()
        graph = resolve_document(document, context, subject.path, subject.root, self._resolve)
        if graph is not None:
            imports.update(brought_in(graph))
            open_ended = open_ended or _is_open_ended(graph)
        return Examined(
            subject.key,
            subject.path,
            _head(build(draft(document, context, subject.uri))),
            frozenset(imports),
            _readers(document, graph, subject.root),
            open_ended,
        )

    def mentions(self, subject: Subject, text: str) -> list[Mention]:
        """The references of a document to files that are there, in order."""
        return self._read(subject, text).mentions

    def _read(self, subject: Subject, text: str) -> _Read:
        path, root = subject.path, subject.root
        dialect = at_place(detect(path, subject.language_id, None, root), path, root)
        document = PromptDocument(text, dialect, self._encoding())
        document.outline.settle()
        context = resolve_context(
            document,
            DeclaredReader(document),
            self._store,
            path,
            root,
            language_id=subject.language_id,
            client=subject.client,
            find=_profile_of,
        )
        mentions = list(self._mentions(subject, document, context))
        for reader in sorted(subject.readers - {document.dialect.name}):
            other = PromptDocument(text, DIALECTS[reader], self._encoding())
            other.outline.settle()
            mentions += self._mentions(subject, other, context)
        return _Read(document, context, without_repeats(mentions))

    def _mentions(
        self, subject: Subject, document: PromptDocument, context: Context
    ) -> Iterator[Mention]:
        site = site_of(subject.path, subject.root, document.dialect, context)
        return mentions_in(document, Ground.of(site, home_of(site)), self._policy())

    def _is_prompt(self, subject: Subject, context: Context) -> bool:
        return is_prompt_document(
            subject.path,
            subject.root,
            None,
            markdown=context.resolved.settings.markdown,
            has_directive=context.declared.has_directive,
            configured=context.resolved.rule is not None,
        )

    def _resolve(self, requests: list[Request]) -> list[Outcome]:
        """Resolve what is at hand. For a document that nobody looks at, nothing is fetched."""
        resolver = self._resolver()
        quick = [request for request in requests if not resolver.is_slow(request)]
        found = iter(resolver.resolve_many(quick))
        return [Awaited() if resolver.is_slow(request) else next(found) for request in requests]


def _head(report: Report) -> Report:
    return replace(report, sections=(), references=(), findings=report.findings[:FINDINGS_MAX])


def _looks_for_more(document: PromptDocument, mentions: Collection[Mention]) -> bool:
    if any(mention.named.pattern or os.path.isdir(mention.named.path) for mention in mentions):  # noqa: PTH112
        return True
    wanted = sum(
        reference.kind == "file"
        for place in document.placed()
        for reference in place.mark.references
    )
    return wanted > len(mentions)


def _is_open_ended(graph: Graph) -> bool:
    return any(
        isinstance(outcome, NotFound | Failed | Blocked)
        or (isinstance(outcome, Found) and len(outcome.contents) != 1)
        for outcome in graph.outcomes.values()
    )


def brought_in(graph: Graph) -> Iterator[str]:
    """The file keys of what a document itself brings in."""
    for (holder, _), outcome in graph.outcomes.items():
        if holder == graph.root and isinstance(outcome, Found):
            for content in outcome.contents:
                if content.path is not None:
                    yield file_key(str(content.path))


def _readers(
    document: PromptDocument, graph: Graph | None, root: Path
) -> frozenset[tuple[Path, str]]:
    if graph is None or not document.dialect.transitive:
        return frozenset()
    return frozenset(
        (content.path, document.dialect.name)
        for content in graph.contents.values()
        if content.path is not None
        and content.key != graph.root
        and _holds_references(content)
        and is_prompt_path(content.path, root)
    )


def _holds_references(content: Content) -> bool:
    return any(isinstance(part, Embedded) for part in content.parts)
