"""Agent skills: SKILL.md. VS Code opens them as `skill` (its promptTypes.ts)."""

from promptls.prompts.dialects.model import Dialect

SKILL = Dialect(
    name="skill",
    title="Agent skill",
    file_names=frozenset({"skill.md"}),
    language_ids=frozenset({"skill"}),
    forms=("at-import", "argument"),
    paths="importing-file",
    depth=5,
)
