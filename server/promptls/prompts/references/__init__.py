"""The reference grammar: what in a line names content from elsewhere, for each dialect."""

from promptls.prompts.references.completion import CompletionContext
from promptls.prompts.references.grammar import (
    GRAMMAR_VERSION,
    REFERENCE_LIMIT,
    ReferenceGrammar,
)
from promptls.prompts.references.kinds import add_kinds, extra_kinds
from promptls.prompts.references.model import NO_OPTIONS, Options, Placement, Reference
from promptls.prompts.references.writing import write_target

__all__ = [
    "GRAMMAR_VERSION",
    "NO_OPTIONS",
    "REFERENCE_LIMIT",
    "CompletionContext",
    "Options",
    "Placement",
    "Reference",
    "ReferenceGrammar",
    "add_kinds",
    "extra_kinds",
    "write_target",
]
