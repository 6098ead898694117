"""Prompty: front matter, then messages behind role lines that may carry attributes."""

from promptls.prompts.dialects.model import Dialect

PROMPTY = Dialect(
    name="prompty",
    title="Prompty",
    suffixes=(".prompty",),
    language_ids=frozenset({"prompty"}),
    role_lines=True,
    role_attributes=True,
    forms=("file-expression", "environment", "template"),
    paths="prompt-file",
    depth=1,
    transitive=False,
)
