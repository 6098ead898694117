"""Gemini CLI: GEMINI.md."""

from promptls.prompts.dialects.model import Dialect

GEMINI = Dialect(
    name="gemini",
    title="Gemini CLI",
    file_names=frozenset({"gemini.md"}),
    forms=("at-import",),
    paths="importing-file",
    depth=5,
)
