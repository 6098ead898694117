"""Cursor: rules (`.mdc`), commands, and the older `.cursorrules`.

No language id: `mdc` belongs to another format (Markdown components).
"""

from promptls.prompts.dialects.model import Dialect

CURSOR = Dialect(
    name="cursor",
    title="Cursor",
    file_names=frozenset({".cursorrules"}),
    folders=((".cursor", (".md",)),),
    suffixes=(".mdc",),
    forms=("at-path",),
    paths="workspace",
    depth=1,
    transitive=False,
)
