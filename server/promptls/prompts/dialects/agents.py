"""AGENTS.md, the instructions that many coding agents read, and Codex's override of it."""

from promptls.prompts.dialects.model import Dialect

AGENTS = Dialect(
    name="agents",
    title="AGENTS.md",
    file_names=frozenset({"agents.md", "agents.override.md"}),
)
