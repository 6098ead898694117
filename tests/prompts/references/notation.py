"""References as the tables of these tests write them."""

from __future__ import annotations

from pathlib import PurePosixPath

from promptls.prompts.dialects import DIALECTS, at_place
from promptls.prompts.references import NO_OPTIONS, Reference, ReferenceGrammar

_GRAMMARS = {name: ReferenceGrammar(dialect) for name, dialect in DIALECTS.items()}
_GRAMMARS["claude command"] = ReferenceGrammar(
    at_place(DIALECTS["claude"], PurePosixPath(".claude/commands/x.md"))
)


def grammar_of(dialect: str) -> ReferenceGrammar:
    return _GRAMMARS[dialect]


def written(dialect: str, line: str) -> list[str]:
    """The references of a line, each as `kind target` with what is not usual about it."""
    return [notation(reference) for reference in grammar_of(dialect).find(line)]


def notation(reference: Reference) -> str:
    words = [reference.kind, reference.target]
    options = reference.options
    if options != NO_OPTIONS:
        shown = {
            "lines": options.lines and "-".join(str(line or "") for line in options.lines),
            "max": options.max,
            "optional": options.optional or None,
            "default": options.default,
        }
        words += [f"{name}={value}" for name, value in shown.items() if value is not None]
    words += [] if reference.certain else ["candidate"]
    words += ["deferred"] if reference.deferred else []
    words += [] if reference.placement == "inline" else [reference.placement]
    words += [f"for {reference.loaded_by}"] if reference.loaded_by else []
    words += [f"broken by {reference.trailing}"] if reference.trailing else []
    words += [reference.problem[0]] if reference.problem else []
    return " ".join(words)
