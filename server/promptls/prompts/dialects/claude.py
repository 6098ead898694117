"""Claude Code: memory files, commands, agents and rules."""

from promptls.prompts.dialects.model import Dialect

CLAUDE = Dialect(
    name="claude",
    title="Claude Code",
    file_names=frozenset({"claude.md", "claude.local.md"}),
    folders=((".claude", (".md",)),),
)
