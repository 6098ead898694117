"""Every setting: its type, default, scope, accepted forms and meaning, in one place.

The reader, the JSON schema and the settings page are generated from these classes. A name here
is `snake_case`; clients write it in camelCase, TOML files in kebab-case.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Literal

from promptls.settings.declaration import Setting
from promptls.settings.forms import (
    Choice,
    CodePattern,
    Flag,
    Folder,
    Fraction,
    GlobText,
    Limit,
    ListOf,
    Rows,
    Text,
    WholeNumber,
)
from promptls.settings.limit import BudgetLimit

__all__ = [
    "ENCODINGS",
    "NO_TOKENS",
    "BudgetLimit",
    "BudgetSettings",
    "CodeLensSettings",
    "Engine",
    "FileRule",
    "HintSettings",
    "MachineSettings",
    "MarkdownDocuments",
    "Settings",
]

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

NO_TOKENS = BudgetLimit(tokens=0)

Engine = Literal["auto", "tiktoken", "quicktok"]
MarkdownDocuments = Literal["prompts", "all"]

_ENCODING = Choice(ENCODINGS)
_MODEL = Text("a model's name")


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
    model: Annotated[str | None, Setting(_MODEL, "As `model`, for these documents.", "gpt-4o")] = (
        None
    )
    encoding: Annotated[
        str | None, Setting(_ENCODING, "As `encoding`, for these documents.", "o200k_base")
    ] = None
    document: Annotated[
        BudgetLimit | None, Setting(Limit(), "As `budget.document`, for these documents.", 4000)
    ] = None
    section: Annotated[
        BudgetLimit | None, Setting(Limit(), "As `budget.section`, for these documents.", 800)
    ] = None
    folder: Path | None = None
    """What the glob is relative to; not a setting. None: the rule matches nothing."""


@dataclass(frozen=True, slots=True)
class BudgetSettings:
    """Limits on what is sent."""

    document: Annotated[
        BudgetLimit | None,
        Setting(
            Limit(),
            "The budget of a document. A share is taken of the model's input window less the "
            "reserved output.",
            example=8000,
        ),
    ] = None
    section: Annotated[
        BudgetLimit | None,
        Setting(
            Limit(),
            "The budget of each section, with its subsections. A share is taken of the model's "
            "input window less the reserved output.",
            example="10%",
        ),
    ] = None
    warn_at: Annotated[
        float, Setting(Fraction(), "The share of a budget from which on it warns.", example=0.9)
    ] = 0.8
    reserve_output: Annotated[
        BudgetLimit,
        Setting(
            Limit(zero=True, max_share=1.0),
            "Room in the model's window that is kept for its answer, before shares are taken.",
            example=4096,
        ),
    ] = NO_TOKENS


@dataclass(frozen=True, slots=True)
class HintSettings:
    """Inlay hints."""

    sections: Annotated[
        bool, Setting(Flag(), "Show the tokens of each section at its first line.", example=False)
    ] = True


@dataclass(frozen=True, slots=True)
class CodeLensSettings:
    """Code lenses."""

    document: Annotated[
        bool, Setting(Flag(), "Show the document's total above its first line.", example=False)
    ] = True


@dataclass(frozen=True, slots=True)
class Settings:
    """The resource settings as they hold for one document."""

    encoding: Annotated[
        str | None,
        Setting(
            _ENCODING,
            "The encoding that tokens are counted in. Where it is not set, the model decides, "
            "and without a model `cl100k_base` is used.",
            example="o200k_base",
        ),
    ] = None
    model: Annotated[
        str | None,
        Setting(
            _MODEL,
            "The model that prompts are written for; it decides the encoding, the window and the "
            "price. A model set nearer to the document than an `encoding` takes its place.",
            example="gpt-4o",
        ),
    ] = None
    budget: BudgetSettings = BudgetSettings()
    files: Annotated[
        tuple[FileRule, ...],
        Setting(
            Rows(FileRule),
            "Rules for the documents that a glob matches. The rules of all levels count, the "
            "nearest first; per key, the first rule that matches and sets it decides. A rule is "
            "nearer than the plain settings of its own level.",
            example=[{"glob": "prompts/**/*.md", "model": "gpt-4o", "document": 4000}],
        ),
    ] = ()
    markdown: Annotated[
        MarkdownDocuments,
        Setting(
            Choice(("prompts", "all")),
            "Which Markdown files show hints and findings: those that are prompts by their name, "
            "place or content, or all.",
            example="all",
        ),
    ] = "prompts"
    ignore: Annotated[
        tuple[str, ...],
        Setting(
            ListOf(CodePattern()), "Findings that are not shown.", example=["budget/section-near"]
        ),
    ] = ()
    debounce: Annotated[
        int,
        Setting(
            WholeNumber(0, 10_000),
            "Milliseconds without typing before diagnostics are published.",
            example=300,
        ),
    ] = 150
    hints: HintSettings = HintSettings()
    code_lens: CodeLensSettings = CodeLensSettings()

    def ignores(self, code: str) -> bool:
        """Whether findings with this code are not to be shown."""
        return any(fnmatchcase(code, pattern) for pattern in self.ignore)


@dataclass(frozen=True, slots=True)
class MachineSettings:
    """What holds for a machine and its user; never taken from a workspace."""

    engine: Annotated[
        Engine,
        Setting(
            Choice(("auto", "tiktoken", "quicktok")),
            "What encodes text. `auto` takes quicktok where it is installed (`promptls[fast]`) "
            "and agrees with tiktoken, else tiktoken.",
            example="tiktoken",
            scope="machine",
        ),
    ] = "auto"
    vocabulary_folder: Annotated[
        Path | None,
        Setting(
            Folder(),
            "A folder with `<encoding>.tiktoken` files, for encodings that are not built in.",
            example="/opt/vocabularies",
            scope="machine",
        ),
    ] = None
    vocabulary_download: Annotated[
        bool,
        Setting(
            Flag(),
            "Whether a vocabulary that is missing may be downloaded. This is done in trusted "
            "workspaces only.",
            example=False,
            scope="machine",
        ),
    ] = True
