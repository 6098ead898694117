"""What a hover tells of a reference: figures, where it is from, what failed, its first lines."""

from __future__ import annotations

import asyncio
import time
from functools import partial

from promptls.budgets import BudgetPolicy, BudgetUse, budget_use
from promptls.lsp.document_references import Made
from promptls.lsp.labels import age, approximate, percent
from promptls.lsp.markdown import escaped, fenced, message
from promptls.lsp.open_document import OpenDocument
from promptls.lsp.session import Session
from promptls.prompts.references import Reference
from promptls.references.graph import request_of
from promptls.references.model import Content, Found
from promptls.references.resolution import Resolution
from promptls.references.resolver import Resolver
from promptls.report.build import Context, document_limit
from promptls.report.references import Located, reference_limit
from promptls.report.site import reading_of

_LINES_MAX = 10
_CHARACTERS_MAX = 1_000
_NAMES_MAX = 10
_NOTICES_MAX = 3
_SHOWN_MAX = 4 << 20
"""Bytes of the largest content that is read to show its first lines (10 ms)."""
_LEVELS = {
    "memory": "from memory",
    "database": "from the cache on disk",
    "source": "from its source",
    "editor": "as it stands in the editor",
}


async def reference_text(
    session: Session, document: OpenDocument, context: Context, one: Located
) -> str:
    """Markdown in which nothing of what the reference brings in renders or loads."""
    reference, resolution = one.reference, one.resolution
    rows = [*_state(reference, resolution), *_costs(document, context, one), *_origin(resolution)]
    graph, made = document.references.graph, document.references.made_for
    outcome = None if graph is None else graph.outcome(graph.root, reference)
    if isinstance(outcome, Found) and made is not None and not reference.loaded_by:
        if len(outcome.contents) == 1:
            look = partial(_first_lines, session.resolver, outcome.contents[0], reference, made)
            loop = asyncio.get_running_loop()
            rows.append(await loop.run_in_executor(session.counting.executor, look))
        else:
            rows.append(_list(outcome.contents))
    return "\n\n".join(row for row in rows if row)


def _state(reference: Reference, resolution: Resolution) -> list[str]:
    """What it is called, and what is wrong with it."""
    rows = [_title(reference, resolution)]
    if reference.loaded_by:
        rows.append(
            f"{escaped(reference.loaded_by)} loads this, the tool that this file is for does not."
        )
    elif resolution.status == "pending":
        rows.append("It is being looked up in the background.")
    elif resolution.status == "deferred":
        rows.append("It is known only when the prompt is run; it counts as nothing.")
    rows += [message(notice.message) for notice, _ in resolution.notices[:_NOTICES_MAX]]
    if resolution.retry_at is not None:
        wait = resolution.retry_at - time.time()
        rows.append(f"Next try in {age(wait)}." if wait > 0 else "The next try is due.")
    return rows


def _title(reference: Reference, resolution: Resolution) -> str:
    names = resolution.names
    name = names[0] if len(names) == 1 else reference.target
    title = f"**{escaped(name)}**" if name.strip() else ""
    if len(names) > 1:
        title += f" · {len(names):,} files"
    return title


def _costs(document: OpenDocument, context: Context, one: Located) -> list[str]:
    resolution = one.resolution
    tokens, expanded = resolution.tokens, resolution.expanded_tokens
    if tokens is None or expanded is None or one.reference.loaded_by:
        return []
    policy = context.policy()
    row = f"**{tokens:,} tokens**"
    if expanded != tokens:
        row += f", {expanded:,} with what it brings in itself"
    row += f" ({context.encoding}, exact)"
    rows = [row]
    if not resolution.has_content:
        rows.append("It is brought in above already, and not again.")
        return rows
    if policy.ratio is not None:
        model = escaped(context.resolved.settings.model or "the model")
        rows.append(f"{model}: {approximate(expanded, policy)} expected; {policy.ratio.source}")
    rows += _shares(document, context, one, expanded, policy)
    return rows


def _shares(
    document: OpenDocument, context: Context, one: Located, expanded: int, policy: BudgetPolicy
) -> list[str]:
    limit = reference_limit(one.reference, context.resolved.settings.budget.reference)
    shares = [_share(budget_use(expanded, limit, policy), "its budget of")]
    whole = document_limit(context)
    if whole is not None:
        used = expanded if policy.ratio is None else policy.ratio.expected(expanded)
        shares.append(f"{percent(used, whole)} of the document's budget of {whole:,}")
    elif document.prompt.expanded_tokens:
        shares.append(f"{percent(expanded, document.prompt.expanded_tokens)} of the document")
    return [" · ".join(share for share in shares if share)]


def _share(use: BudgetUse | None, of: str) -> str:
    return "" if use is None else f"{percent(use.used, use.limit)} of {of} {use.limit:,}"


def _origin(resolution: Resolution) -> list[str]:
    """Where it was found, how old it is, and what its source is called."""
    told = []
    if resolution.level is not None and resolution.uri is not None:
        told.append(_LEVELS[resolution.level])
    if resolution.fetched_at is not None:
        told.append(f"read {age(time.time() - resolution.fetched_at)} ago")
    if resolution.uri is not None and resolution.uri.startswith("http"):
        told.append(escaped(resolution.uri.partition("?")[0]))
    row = " · ".join(told)
    return [row[:1].upper() + row[1:]]


def _list(contents: tuple[Content, ...]) -> str:
    rows = [f"- {escaped(content.name)}" for content in contents[:_NAMES_MAX]]
    if len(contents) > _NAMES_MAX:
        rows.append(f"- and {len(contents) - _NAMES_MAX:,} more")
    return "\n".join(rows)


def _first_lines(resolver: Resolver, content: Content, reference: Reference, made: Made) -> str:
    """The beginning of a content; reads it, so it is for an executor."""
    if content.size > _SHOWN_MAX:
        return ""
    site, engine, _ = made
    text = resolver.text(content, request_of(reference, site, reading_of(engine, site.dialect)))
    if text is None:
        return "It has changed since it was counted."
    if content.secret:
        from promptls.references.variables.secrets import mask

        return fenced(mask(text))
    if not text:
        return "It is empty."
    lines = text[: _CHARACTERS_MAX + 1].splitlines()
    shown = "\n".join(lines[:_LINES_MAX])[:_CHARACTERS_MAX]
    is_cut = len(text) > _CHARACTERS_MAX or len(lines) > _LINES_MAX
    return fenced(f"{shown}\n…" if is_cut else shown)
