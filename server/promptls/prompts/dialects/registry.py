"""All dialects, and the choice among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath
from types import MappingProxyType

from promptls.prompts.dialects.agents import AGENTS
from promptls.prompts.dialects.claude import CLAUDE
from promptls.prompts.dialects.continue_dev import CONTINUE
from promptls.prompts.dialects.copilot import COPILOT
from promptls.prompts.dialects.cursor import CURSOR
from promptls.prompts.dialects.dotprompt import DOTPROMPT
from promptls.prompts.dialects.gemini import GEMINI
from promptls.prompts.dialects.markdown import MARKDOWN
from promptls.prompts.dialects.model import Dialect
from promptls.prompts.dialects.paths import comparable_parts, lies_below
from promptls.prompts.dialects.prompty import PROMPTY
from promptls.prompts.dialects.skill import SKILL

_ALL = (
    MARKDOWN,
    CLAUDE,
    AGENTS,
    SKILL,
    COPILOT,
    GEMINI,
    CURSOR,
    CONTINUE,
    PROMPTY,
    DOTPROMPT,
)

DIALECTS: Mapping[str, Dialect] = MappingProxyType({dialect.name: dialect for dialect in _ALL})
"""Every dialect by its name."""

_BY_FILE_NAME = {name: dialect for dialect in _ALL for name in dialect.file_names}
_BY_FOLDER = tuple(
    (folder, suffixes, dialect) for dialect in _ALL for folder, suffixes in dialect.folders
)
_BY_SUFFIX = tuple((dialect.suffixes, dialect) for dialect in _ALL if dialect.suffixes)
_IN_COMMANDS = {
    dialect.name: replace(dialect, forms=(*dialect.forms, *dialect.command_forms))
    for dialect in _ALL
    if dialect.command_forms
}
_BY_LANGUAGE = {language: dialect for dialect in _ALL for language in dialect.language_ids}


def detect(
    path: PurePath | None,
    language_id: str | None = None,
    configured: str | None = None,
    root: PurePath | None = None,
) -> Dialect:
    """Choose the dialect of a document; the first that says anything decides.

    That is `configured` (from a directive, front matter or a `[[files]]` rule; a name that is no
    dialect says nothing), then the file's name, then the editor's language id, then Markdown.
    `root` is the workspace folder; the names of the folders above it are not looked at.
    """
    if configured is not None:
        chosen = DIALECTS.get(configured.strip().lower())
        if chosen is not None:
            return chosen
    if path is not None:
        claimed = claimed_by_name(path, root)
        if claimed is not None:
            return claimed
    return _BY_LANGUAGE.get((language_id or "").lower(), MARKDOWN)


def claimed_by_name(path: PurePath, root: PurePath | None = None) -> Dialect | None:
    """Find the dialect that claims a file by its name, its folder or its suffix, in this order.

    A name says most (`.claude/skills/x/SKILL.md` is a skill), a folder more than a suffix
    (`.continue/prompts/x.prompt` is Continue's, not Dotprompt's).
    """
    parts = comparable_parts(path, root)
    if not parts:
        return None
    name = parts[-1]
    if name in _BY_FILE_NAME:
        return _BY_FILE_NAME[name]
    for folder, suffixes, dialect in _BY_FOLDER:
        if name.endswith(suffixes) and lies_below(parts, folder):
            return dialect
    for suffixes, dialect in _BY_SUFFIX:
        if name.endswith(suffixes):
            return dialect
    return None


def at_place(dialect: Dialect, path: PurePath | None, root: PurePath | None = None) -> Dialect:
    """The dialect as it is read in a document that lies at `path`.

    In a folder `commands`, that is with the forms that the tool fills in commands alone. Files
    that a command imports are read in the plain dialect: `$1` means nothing in them.
    """
    in_commands = _IN_COMMANDS.get(dialect.name)
    if in_commands is None or path is None:
        return dialect
    parts = comparable_parts(path, root)
    if not parts or parts[-1] in dialect.file_names or not lies_below(parts, "commands"):
        return dialect
    return in_commands
