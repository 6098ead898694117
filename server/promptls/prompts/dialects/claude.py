"""Claude Code: memory files, commands, agents and rules."""

from promptls.prompts.dialects.model import Dialect

CLAUDE = Dialect(
    name="claude",
    title="Claude Code",
    file_names=frozenset({"claude.md", "claude.local.md"}),
    folders=((".claude", (".md",)),),
    forms=("at-import",),
    command_forms=("argument",),
    paths="importing-file",
    depth=5,
    # Claude Code keeps the paths that it has loaded and loads none twice.
    repeats="once",
)
