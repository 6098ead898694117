"""`textDocument/completion`: paths, endpoints, variables, options, and how references begin."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from typing import Any

from lsprotocol import types

from promptls.lsp.completion_items import Item, openings, options, path_items
from promptls.lsp.features.table import FeatureTable
from promptls.lsp.session import Session
from promptls.prompts.mark_tree import LINES
from promptls.prompts.marks import Kind
from promptls.prompts.outline import Outline
from promptls.prompts.references import REFERENCE_LIMIT, CompletionContext, ReferenceGrammar
from promptls.references.model import Site
from promptls.references.policy import AccessPolicy
from promptls.references.resolver import Resolver
from promptls.report.references import columns
from promptls.report.site import site_of
from promptls.text import PositionEncoding
from promptls.text.units import units_to_characters

ITEMS_MAX = 200
_NOTHING: dict[str, Any] = {"isIncomplete": False, "items": []}


def register(features: FeatureTable, session: Session) -> None:
    """Register the request."""

    @features.handler(types.TEXT_DOCUMENT_COMPLETION)
    async def completion(params: types.CompletionParams) -> dict[str, Any]:
        document = session.find(params.text_document.uri)
        if document is None:
            return _NOTHING
        await session.ready(document, 0)
        settings, prompt = document.context, document.prompt
        line = params.position.line
        if settings is None or not _is_prose(prompt.outline, line):
            return _NOTHING
        text = prompt.buffer.line_text(line, REFERENCE_LIMIT)
        column = units_to_characters(text, params.position.character, session.encoding)[0]
        context = ReferenceGrammar(prompt.dialect).completion_context(text, column)
        if not document.shown and (context is None or context.form != "native"):
            # A file that nobody takes for a prompt is left in peace until it says what it is.
            return _NOTHING
        begun = openings(text[:column], prompt.dialect)
        site = site_of(document.path, document.root, prompt.dialect, settings)
        find = partial(_items, context, begun, site, session.resolver, session.policy)
        loop = asyncio.get_running_loop()
        items = await loop.run_in_executor(session.counting.executor, find)
        return {
            "isIncomplete": len(items) > ITEMS_MAX,
            "items": [
                _as_json(item, line, text, column, session.encoding) for item in items[:ITEMS_MAX]
            ],
        }


def _is_prose(outline: Outline, line: int) -> bool:
    """Whether references count in a line: not in front matter, fences and comments."""
    if not outline.settled:
        return False
    tree = outline.tree
    at = tree.find(LINES, line)
    at = tree.previous(at) or at if tree.is_end(at) else at
    mark = tree.item(at)
    following = tree.next(at)
    while not tree.is_end(following) and following.a <= line:
        at, mark = following, tree.item(following)
        following = tree.next(following)
    if at.a < line or mark.kind is Kind.START:
        return not mark.context
    return mark.active and mark.kind not in (Kind.FENCE, Kind.COMMENT)


def _items(
    context: CompletionContext | None,
    begun: list[Item],
    site: Site,
    resolver: Resolver,
    policy: AccessPolicy,
) -> list[Item]:
    """One more than there is room for, where there are more; may read folders and files."""
    found = begun
    if context is not None:
        found = [*begun, *islice(_named(context, site, resolver, policy), ITEMS_MAX + 1)]
    return found[: ITEMS_MAX + 1]


def _named(
    context: CompletionContext, site: Site, resolver: Resolver, policy: AccessPolicy
) -> Iterator[Item]:
    if context.kind == "option":
        return options(context)
    if context.kind == "file":
        return path_items(context, site, policy)
    if context.kind == "api":
        return _names(context, site.endpoints, "endpoint", types.CompletionItemKind.Interface)
    if context.kind == "var":
        names = _variables(context, site, resolver, policy)
        return _names(context, names, "variable", types.CompletionItemKind.Variable)
    return iter(())


def _variables(
    context: CompletionContext, site: Site, resolver: Resolver, policy: AccessPolicy
) -> Iterable[str]:
    from promptls.references.variables.handler import ENVIRONMENT, VariableHandler

    if context.form == "environment":
        allowed = sorted(policy.environment) if policy.trusted else ()
        return [f"{ENVIRONMENT}{name}" for name in allowed]
    handler = resolver.handlers.get(context.kind)
    return handler.names(site) if isinstance(handler, VariableHandler) else ()


def _names(
    context: CompletionContext, names: Iterable[str], detail: str, kind: types.CompletionItemKind
) -> Iterator[Item]:
    wanted = context.prefix.lower()
    for name in names:
        if wanted in name.lower():
            yield Item(name, name, context.start, kind, detail=detail)


def _as_json(
    item: Item, line: int, text: str, column: int, encoding: PositionEncoding
) -> dict[str, Any]:
    place = columns(line, item.start, column, text, encoding)
    made: dict[str, Any] = {
        "label": item.label,
        "kind": item.kind.value,
        "textEdit": {"range": place.to_json(), "newText": item.new_text},
        "filterText": item.filter_text or item.label,
        "sortText": f"{item.rank}{item.label.lower()}",
    }
    if item.detail:
        made["detail"] = item.detail
    return made
