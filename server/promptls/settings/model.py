"""Every setting: its type, default, scope, accepted forms and meaning, in one place.

The reader, the JSON schema and the settings page are generated from these classes and from those
that they name. A name here is `snake_case`; clients write it in camelCase, TOML files in
kebab-case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Literal

from promptls.settings.declaration import Setting
from promptls.settings.fetching import EndpointSettings, TtlRule
from promptls.settings.file_rule import ENCODING, ENCODINGS, MODEL, FileRule
from promptls.settings.forms import (
    Choice,
    Flag,
    Fraction,
    Limit,
    ListOf,
    NamedTables,
    NamedValues,
    Rows,
    Text,
    WholeNumber,
)
from promptls.settings.limit import BudgetLimit
from promptls.settings.machine import DatabaseSettings, Engine, MachineSettings
from promptls.settings.names import ENDPOINT_NAME, VARIABLE_NAME, CodePattern, FilePath, PlainValue

__all__ = [
    "ENCODINGS",
    "NO_TOKENS",
    "BudgetLimit",
    "BudgetSettings",
    "CodeLensSettings",
    "DatabaseSettings",
    "EndpointSettings",
    "Engine",
    "FileRule",
    "HintSettings",
    "LimitSettings",
    "MachineSettings",
    "MarkdownDocuments",
    "ReferenceSettings",
    "Settings",
    "TtlRule",
]

NO_TOKENS = BudgetLimit(tokens=0)

MarkdownDocuments = Literal["prompts", "all"]

_MEGABYTE = 1 << 20


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
    reference: Annotated[
        BudgetLimit | None,
        Setting(
            Limit(),
            "The budget of each reference, with what it brings in itself. A share is taken of the "
            "model's input window less the reserved output. The option `max` of a reference "
            "comes before it.",
            example=2000,
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
    references: Annotated[
        bool, Setting(Flag(), "Show behind each reference what it brings in.", example=False)
    ] = True


@dataclass(frozen=True, slots=True)
class CodeLensSettings:
    """Code lenses."""

    document: Annotated[
        bool, Setting(Flag(), "Show the document's total above its first line.", example=False)
    ] = True


@dataclass(frozen=True, slots=True)
class ReferenceSettings:
    """What is done about references."""

    resolve: Annotated[
        bool,
        Setting(
            Flag(),
            "Whether references are looked up. Where they are not, each stays as it is written.",
            example=False,
        ),
    ] = True


@dataclass(frozen=True, slots=True)
class LimitSettings:
    """Bounds on what references may bring in."""

    file_bytes: Annotated[
        int,
        Setting(
            WholeNumber(1, 1024 * _MEGABYTE),
            "The largest file that is brought in, in bytes.",
            example=1_000_000,
        ),
    ] = 64 * _MEGABYTE
    expanded_bytes: Annotated[
        int,
        Setting(
            WholeNumber(1, 1024 * _MEGABYTE),
            "How large a document may grow by its references, in bytes of UTF-8.",
            example=10_000_000,
        ),
    ] = 64 * _MEGABYTE
    files: Annotated[
        int,
        Setting(
            WholeNumber(1, 100_000),
            "How many files one glob or folder may bring in.",
            example=100,
        ),
    ] = 1000


@dataclass(frozen=True, slots=True)
class Settings:
    """The resource settings as they hold for one document."""

    encoding: Annotated[
        str | None,
        Setting(
            ENCODING,
            "The encoding that tokens are counted in. Where it is not set, the model decides, "
            "and without a model `cl100k_base` is used.",
            example="o200k_base",
        ),
    ] = None
    model: Annotated[
        str | None,
        Setting(
            MODEL,
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
    references: ReferenceSettings = ReferenceSettings()
    limits: LimitSettings = LimitSettings()
    vars: Annotated[
        Mapping[str, str],
        Setting(
            NamedValues(VARIABLE_NAME, PlainValue()),
            "Variables for `@var:name` and the templates of the dialects. Levels are merged name "
            "by name, the nearest first.",
            example={"project": "Atlas", "max-retries": 3},
            secret=True,
        ),
    ] = field(default_factory=dict, repr=False)
    variable_files: Annotated[
        tuple[Path, ...],
        Setting(
            ListOf(FilePath()),
            "Files with more variables: TOML, YAML, JSON or `.env`, by the end of their name. The "
            "first that has a name decides. Names inside of tables are dotted: `project.name`.",
            example=["prompts/variables.yaml"],
        ),
    ] = ()
    """Absolute; one that is relative to nothing (a document without a folder) is left out."""
    aliases: Annotated[
        Mapping[str, str],
        Setting(
            NamedValues(Text("the beginning of a path"), Text("a path from the workspace folder")),
            "Other places for paths: a reference to a path that begins with the name is looked "
            "for under the value, from the workspace folder. Levels are merged name by name.",
            example={"~/.claude/get-shit-done": "get-shit-done"},
        ),
    ] = field(default_factory=dict)
    endpoints: Annotated[
        Mapping[str, EndpointSettings],
        Setting(
            NamedTables(ENDPOINT_NAME, EndpointSettings),
            "Sources for `@api:name`. Their hosts must be among the `allowedHosts` of the machine. "
            "Levels are merged name by name.",
            example={
                "status": {
                    "url": "https://status.example.com/v1/${var:project}",
                    "headers": {"Authorization": "Bearer ${env:STATUS_TOKEN}"},
                    "extract": "$.summary",
                    "ttl": 60,
                }
            },
            secret=True,
        ),
    ] = field(default_factory=dict)
    ttl: Annotated[
        tuple[TtlRule, ...],
        Setting(
            Rows(TtlRule),
            "How long answers stay fresh, by address, where their endpoint does not say. The "
            "rules of all levels count, the nearest first; the first that matches decides.",
            example=[{"url": "https://api.example.com/*", "seconds": 60}],
        ),
    ] = ()

    def ignores(self, code: str) -> bool:
        """Whether findings with this code are not to be shown."""
        return any(fnmatchcase(code, pattern) for pattern in self.ignore)
