"""Every form that a reference may be written in, by the name that dialects list it under."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from promptls.prompts.references.arguments import find_arguments
from promptls.prompts.references.at_path import find_mentions, find_urls, import_finder
from promptls.prompts.references.expressions import (
    find_editor_variables,
    find_environment,
    find_files,
    find_inputs,
)
from promptls.prompts.references.hash_file import hash_file_finder
from promptls.prompts.references.links import find_links
from promptls.prompts.references.targets import Finder
from promptls.prompts.references.templates import find_partials, find_variables


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a reference."""

    trigger: str
    """Stands in every line that holds one."""
    find: Finder


FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "argument": Form("$", find_arguments),
        "at-import": Form("@", import_finder()),
        "at-path": Form("@", find_mentions),
        "at-url": Form("@http", find_urls),
        "editor-variable": Form("${", find_editor_variables),
        "environment": Form("${env:", find_environment),
        "file-expression": Form("${file:", find_files),
        "hash-file": Form("#file:", hash_file_finder()),
        "input": Form("${input:", find_inputs),
        "markdown-link": Form("](", find_links),
        "partial": Form("{{", find_partials),
        "template": Form("{{", find_variables),
    }
)

FOREIGN_FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "at-import": Form("@", import_finder("Claude Code")),
        "hash-file": Form("#file:", hash_file_finder("GitHub Copilot")),
    }
)
"""What is told about in files whose tool does not load it (`Dialect.foreign_forms`)."""
