"""The rules of `[[files]]`: settings for the documents that a glob matches."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from promptls.settings.declaration import Setting
from promptls.settings.forms import Choice, GlobText, Limit, Text
from promptls.settings.limit import BudgetLimit

ENCODINGS = (
    "cl100k_base",
    "o200k_base",
    "o200k_harmony",
    "p50k_base",
    "p50k_edit",
    "r50k_base",
    "gpt2",
)
"""The names that tiktoken's own registry has."""

ENCODING = Choice(ENCODINGS)
MODEL = Text("a model's name")


@dataclass(frozen=True, slots=True)
class FileRule:
    """Values for the documents that a glob matches."""

    glob: Annotated[
        str,
        Setting(
            GlobText(),
            "Which documents the rule is for, as in `.gitignore`: `*.md` at any depth, "
            "`prompts/*.md` and `/x.md` from the folder of the file that holds the rule (for "
            "the client's settings and the user's own file: from the workspace folder), "
            "`prompts/` for all below a folder, `**` for any number of folders.",
            example="prompts/**/*.md",
        ),
    ]
    dialect: Annotated[
        str | None, Setting(Text("a dialect's name"), "The dialect of these documents.", "claude")
    ] = None
    model: Annotated[str | None, Setting(MODEL, "As `model`, for these documents.", "gpt-4o")] = (
        None
    )
    encoding: Annotated[
        str | None, Setting(ENCODING, "As `encoding`, for these documents.", "o200k_base")
    ] = None
    document: Annotated[
        BudgetLimit | None, Setting(Limit(), "As `budget.document`, for these documents.", 4000)
    ] = None
    section: Annotated[
        BudgetLimit | None, Setting(Limit(), "As `budget.section`, for these documents.", 800)
    ] = None
    folder: Path | None = None
    """What the glob is relative to; not a setting. None: the rule matches nothing."""
