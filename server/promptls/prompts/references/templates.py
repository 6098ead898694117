"""`{{name}}` of Prompty and Dotprompt, and Dotprompt's partials `{{>name}}`.

Control tags, helpers and comments are no references.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from promptls.prompts.references.masking import MASK
from promptls.prompts.references.model import Reference
from promptls.prompts.references.targets import TARGET_MAX

_NAME = r"[ \t]*+([A-Za-z_][\w.-]*+)[ \t]*+"
# GitHub's `${{ … }}` is none.
_VARIABLE = re.compile(rf"(?<![\\${{])\{{\{{(?:\{{{_NAME}\}}|~?{_NAME}~?)\}}\}}")
_PARTIAL = re.compile(r"(?<![\\${])\{\{~?>[ \t]*+([\w./-]++)(?:[ \t]++[^{}]*+|~)?\}\}")
_HELPERS = frozenset(
    {
        "else",
        "history",
        "json",
        "log",
        "lookup",
        "media",
        "role",
        "section",
        "this",
        "end",
        "endfor",
        "endif",
        "ifEquals",
        "unlessEquals",
    }
)
"""Handlebars' and Dotprompt's own names (google/dotprompt, "Built-in helpers")."""


def find_variables(line: str, masked: str) -> Iterator[Reference]:
    """Find `{{name}}` and `{{{name}}}`; without a sample, their values are known at run time."""
    for found in _VARIABLE.finditer(_without_comments(masked)):
        group = 1 if found[1] is not None else 2
        if found[group].partition(".")[0] not in _HELPERS:
            yield _reference(line, found, group, "var", "template", certain=False)


def find_partials(line: str, masked: str) -> Iterator[Reference]:
    """Find `{{>name}}` and `{{> name key=value}}`."""
    for found in _PARTIAL.finditer(_without_comments(masked)):
        if len(found[1]) <= TARGET_MAX:
            yield _reference(line, found, 1, "file", "partial", certain=True)


def _reference(
    line: str, found: re.Match[str], group: int, kind: str, form: str, *, certain: bool
) -> Reference:
    return Reference(
        start=found.start(),
        end=found.end(),
        kind=kind,
        target=found[group],
        target_start=found.start(group),
        target_end=found.end(group),
        text=line[found.start() : found.end()],
        form=form,
        certain=certain,
    )


def _without_comments(masked: str) -> str:
    """Mask `{{! … }}` and `{{!-- … --}}`; one that is not closed goes to the end."""
    start = masked.find("{{!")
    if start < 0:
        return masked
    pieces: list[str] = []
    position = 0
    while start >= 0:
        closing = "--}}" if masked.startswith("--", start + 3) else "}}"
        end = masked.find(closing, start + 3)
        stop = len(masked) if end < 0 else end + len(closing)
        pieces += masked[position:start], MASK * (stop - start)
        position = stop
        start = masked.find("{{!", position)
    pieces.append(masked[position:])
    return "".join(pieces)
