"""Native prompt documents: Markdown with the role forms of all other dialects."""

from promptls.prompts.dialects.model import Dialect

MARKDOWN = Dialect(
    name="markdown",
    title="Markdown",
    language_ids=frozenset({"markdown"}),
    role_lines=True,
    role_helpers=True,
    # A bare `@name` in a README is a mention or a package.
    foreign_forms=("hash-file",),
)
