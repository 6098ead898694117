"""GitHub Copilot and VS Code: prompt files, instructions, custom agents and chat modes.

The language ids are those of VS Code's promptTypes.ts; `chatmode` is what it called `chatagent`
until autumn 2025.
"""

from promptls.prompts.dialects.model import Dialect

COPILOT = Dialect(
    name="copilot",
    title="GitHub Copilot",
    file_names=frozenset({"copilot-instructions.md"}),
    folders=((".github/agents", (".md",)),),
    suffixes=(".prompt.md", ".instructions.md", ".chatmode.md", ".agent.md"),
    language_ids=frozenset({"prompt", "instructions", "chatagent", "chatmode"}),
    forms=("hash-file", "markdown-link", "input", "editor-variable"),
    paths="prompt-file",
    depth=1,
    transitive=False,
)
