"""What stands behind each reference as a hint: its cost, or why there is none."""

from __future__ import annotations

import json
import time

from promptls.budgets import budget_use
from promptls.lsp.labels import approximate, reference_label
from promptls.lsp.open_document import OpenDocument
from promptls.prompts.references import Reference
from promptls.references.resolution import Resolution
from promptls.report.document import Placed
from promptls.report.references import is_shown, reference_limit
from promptls.text.units import count_units


def reference_parts(document: OpenDocument, first: int, last: int) -> list[str]:
    """The hints of the references in the lines from `first` to `last`, each as JSON.

    What does not depend on the line's number is kept with the line as long as nothing changes.
    """
    context = document.context
    if context is None or not context.resolved.settings.hints.references:
        return []
    key = document.hint_key
    parts = []
    for place in document.prompt.placed_between(first, last):
        kept = place.mark.reference_hints
        if kept is None or kept[0] is not key:
            kept = place.mark.reference_hints = (key, _tails(document, place))
        parts += [f'{{"position":{{"line":{place.line}{tail}' for tail in kept[1]]
    return parts


def _tails(document: OpenDocument, place: Placed) -> tuple[str, ...]:
    buffer = document.prompt.buffer
    text = document.prompt.line_of(place)
    tails = []
    for reference, resolution in place.pairs():
        if not is_shown(reference, resolution) or reference.loaded_by:
            continue
        column = count_units(text[: reference.end], buffer.encoding)
        hint = {
            "label": _label(document, reference, resolution),
            "paddingLeft": True,
            "tooltip": _tooltip(document, resolution),
        }
        body = json.dumps(hint, separators=(",", ":"))
        tails.append(f',"character":{column}}},{body[1:]}')
    return tuple(tails)


def _label(document: OpenDocument, reference: Reference, resolution: Resolution) -> str:
    context = document.context
    assert context is not None  # noqa: S101 - the caller has looked
    policy = context.policy()
    label = reference_label(resolution, policy, time.time())
    limit = reference_limit(reference, context.resolved.settings.budget.reference)
    use = budget_use(resolution.expanded_tokens, limit, policy)
    if use is not None:
        label += f" · {100 * use.used // use.limit} % of {use.limit:,}"
    return label


def _tooltip(document: OpenDocument, resolution: Resolution) -> str:
    context = document.context
    assert context is not None  # noqa: S101 - the caller has looked
    if resolution.notices:
        return resolution.notices[0][0].message
    if resolution.status == "pending":
        return "It is being looked up in the background."
    if resolution.status == "deferred":
        return "It is known only when the prompt is run; it counts as nothing."
    if resolution.tokens is None or resolution.expanded_tokens is None:
        return ""
    policy = context.policy()
    names = ", ".join(resolution.names[:3]) + ("…" if len(resolution.names) > 3 else "")
    text = f"{names}: {resolution.tokens:,} tokens in {context.encoding}"
    if resolution.expanded is None:
        return f"{text}; it is brought in above already and not again"
    if resolution.expanded_tokens != resolution.tokens:
        text += f", {resolution.expanded_tokens:,} with what it brings in itself"
    if policy.ratio is not None:
        text += f". {approximate(resolution.expanded_tokens, policy)} expected for the model"
    return text
