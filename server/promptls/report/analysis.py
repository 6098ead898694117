"""One document from text to report: what the command line does, and the server in steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from promptls.budgets import ModelProfile, UnknownModel, find_profile
from promptls.prompts.dialects import at_place, detect
from promptls.references.expansion import Expander
from promptls.references.graph import Graph
from promptls.references.resolution import Resolution
from promptls.references.resolver import ResolveMany, resolve_all
from promptls.report.build import Context, build, choose_encoding, draft
from promptls.report.declared import DeclaredReader
from promptls.report.document import PromptDocument
from promptls.report.model import Report
from promptls.report.site import limits_of, reading_of, site_of
from promptls.settings import Layer, SettingsStore
from promptls.text import PositionEncoding
from promptls.tokens.service import TokenCountingService

ProfileFinder = Callable[[str], ModelProfile | UnknownModel | None]


def resolve_context(
    document: PromptDocument,
    reader: DeclaredReader,
    store: SettingsStore,
    path: Path | None,
    root: Path | None,
    *,
    language_id: str | None = None,
    client: object = None,
    overrides: Sequence[Layer] = (),
    find: ProfileFinder = find_profile,
) -> Context:
    """Find out in which dialect a document is read and by what it is judged.

    The dialect of `document` is changed when its declarations or a rule of the settings say so.
    `overrides` are nearest of all (the command line).
    """
    declared = reader.read()
    resolved = store.for_document(path, root, client, [*overrides, *declared.layers])
    configured = declared.dialect or (resolved.rule.dialect if resolved.rule else None)
    dialect = at_place(detect(path, language_id, configured, root), path, root)
    if dialect is not document.dialect:
        document.read_as(dialect)
        document.outline.settle()
        declared = reader.read()
        resolved = store.for_document(path, root, client, [*overrides, *declared.layers])
    model = resolved.settings.model
    profile = find(model) if model else None
    return Context(resolved, profile, declared, choose_encoding(resolved, profile))


def moved_context(
    context: Context,
    reader: DeclaredReader,
    store: SettingsStore,
    path: Path | None,
    root: Path | None,
    client: object = None,
) -> Context:
    """The context after edits beside the directives: they have moved.

    What they say must not have changed: model, encoding and dialect stay as they are.
    """
    declared = reader.read()
    resolved = store.for_document(path, root, client, declared.layers)
    return replace(context, declared=declared, resolved=resolved)


class Analysis(NamedTuple):
    """One document, counted and judged."""

    report: Report
    context: Context
    document: PromptDocument
    graph: Graph | None
    """What its references bring in; None when there are none, or none was resolved."""


def analyse(
    text: str,
    key: str,
    service: TokenCountingService,
    store: SettingsStore,
    *,
    path: Path | None = None,
    root: Path | None = None,
    overrides: Sequence[Layer] = (),
    language_id: str | None = None,
    client: object = None,
    encoding: PositionEncoding = "utf-16",
    version: int | None = None,
    resolve: ResolveMany | None = None,
) -> Analysis:
    """Count and judge one text. Raises a TokenError when its encoding cannot be had.

    `key` is what the report calls the document; `path` and `root` are absolute; `client` is what
    an editor answered for its settings; columns are in units of `encoding`. References are
    resolved by `resolve`; without it they are deferred, and what they bring in is not counted.
    """
    dialect = at_place(detect(path, language_id, None, root), path, root)
    document = PromptDocument(text, dialect, encoding)
    document.outline.settle()
    context = resolve_context(
        document,
        DeclaredReader(document),
        store,
        path,
        root,
        language_id=language_id,
        client=client,
        overrides=overrides,
    )
    document.count_with(service.engine(context.encoding))
    document.count_now()
    graph = resolve_document(document, context, path, root, resolve)
    report = build(draft(document, context, key, version))
    return Analysis(report, context, document, graph)


def resolve_document(
    document: PromptDocument,
    context: Context,
    path: Path | None,
    root: Path | None,
    resolve: ResolveMany | None,
) -> Graph | None:
    """Resolve the references of a counted document, here and now; None when there are none.

    A document's own limits and settings (`context`) hold. Without `resolve` all are deferred.
    """
    placed = document.placed()
    references = [reference for place in placed for reference in place.mark.references]
    document.outline.references_changed = False
    if not references or document.counter is None:
        return None
    if resolve is None or not context.resolved.settings.references.resolve:
        document.resolve_with(placed, [Resolution("deferred")] * len(references))
        document.count_now()
        return None
    engine, dialect = document.counter.engine, document.dialect
    site = site_of(path, root, dialect, context)
    limits = limits_of(dialect, context)
    graph = resolve_all(references, site, reading_of(engine, dialect), resolve, limits.depth)
    expander = Expander(graph, engine, limits)
    document.resolve_with(placed, expander.resolutions(references))
    document.count_now()
    return graph
