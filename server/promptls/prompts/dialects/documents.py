"""Which files are prompt documents: where hints and findings appear, what a walk takes."""

from __future__ import annotations

from pathlib import PurePath
from typing import Literal

from promptls.prompts.dialects.markdown import MARKDOWN
from promptls.prompts.dialects.paths import comparable_parts, lies_below
from promptls.prompts.dialects.registry import claimed_by_name, detect

_MARKDOWN_SUFFIXES = frozenset({".md", ".markdown"})
_TEXT_SUFFIXES = frozenset({".txt", ".text"})
_WALKED_SUFFIXES = (".md", ".markdown", ".txt", ".prompt", ".prompty", ".mdc")
_PROMPT_FOLDERS = (
    "prompts",
    "agents",
    "commands",
    "skills",
    ".claude",
    ".cursor",
    ".github/prompts",
)


_PROSE_LANGUAGES = frozenset(
    {
        "",
        "asciidoc",
        "html",
        "jinja",
        "jinja-html",
        "jinja-md",
        "json",
        "jsonc",
        "latex",
        "markdown",
        "mdx",
        "plaintext",
        "restructuredtext",
        "text",
        "toml",
        "xml",
        "yaml",
    }
)
"""Language ids of files that hold prose or data, as editors call them."""


def is_prose(language_id: str | None) -> bool:
    """Whether a native reference in a document of this language makes it a prompt.

    In programs it need not be one: Kotlin has annotations such as `@file:JvmName`.
    """
    return (language_id or "").lower() in _PROSE_LANGUAGES


def is_prompt_path(path: PurePath, root: PurePath | None = None) -> bool:
    """Whether a walk through folders takes this file; a file named explicitly needs no leave."""
    return path.name.lower().endswith(_WALKED_SUFFIXES) or claimed_by_name(path, root) is not None


def is_prompt_document(
    path: PurePath | None,
    root: PurePath | None,
    language_id: str | None,
    *,
    markdown: Literal["prompts", "all"] = "prompts",
    has_directive: bool = False,
    configured: bool = False,
) -> bool:
    """Whether hints and findings appear in a document unasked.

    They do in what a `[[files]]` rule claims (`configured`), in what holds a directive, in what a
    dialect claims by file name or language id, and in Markdown and text files with `prompt` in
    their name or in a folder of prompts. Another Markdown file is quiet unless the setting
    `markdown` is `all`. `path` is None for a document that was never saved.
    """
    if configured or has_directive or detect(path, language_id, root=root) is not MARKDOWN:
        return True
    is_markdown = _is_markdown(path, language_id)
    if is_markdown and markdown == "all":
        return True
    if path is None or not (is_markdown or _is_text(path, language_id)):
        return False
    parts = comparable_parts(path, root)
    return "prompt" in path.name.lower() or any(
        lies_below(parts, folder) for folder in _PROMPT_FOLDERS
    )


def _is_markdown(path: PurePath | None, language_id: str | None) -> bool:
    return language_id == "markdown" or (
        path is not None and path.suffix.lower() in _MARKDOWN_SUFFIXES
    )


def _is_text(path: PurePath, language_id: str | None) -> bool:
    # Editors call whatever they do not know `plaintext`; only without a suffix is that telling.
    suffix = path.suffix.lower()
    return suffix in _TEXT_SUFFIXES or (suffix == "" and language_id == "plaintext")
