"""Every finding code, with its cause and way out: the source of docs/findings.md."""

from __future__ import annotations

from dataclasses import dataclass

from promptls.findings.model import Severity


@dataclass(frozen=True, slots=True)
class Code:
    """One finding code as the documentation explains it."""

    code: str
    severity: Severity
    """The severity that it has unless a setting says otherwise."""
    title: str
    cause: str
    way_out: str


_CODES = (
    Code(
        "budget/document-exceeded",
        "error",
        "The document is over its budget",
        "What is sent of the document has as many tokens as its budget (100 %), or more.",
        "Shorten the sections that the diagnostic lists (largest first), or raise the budget.",
    ),
    Code(
        "budget/document-near",
        "warning",
        "The document is near its budget",
        "The document has reached the warning share of its budget (`budget.warnAt`).",
        "Shorten it before it crosses the limit, or raise `budget.warnAt`.",
    ),
    Code(
        "budget/section-exceeded",
        "error",
        "A section is over its budget",
        "What is sent of the section, with its subsections, has as many tokens as its budget "
        "(100 %), or more.",
        "Shorten the section, or raise its budget in the directive or setting that sets it.",
    ),
    Code(
        "budget/section-near",
        "warning",
        "A section is near its budget",
        "The section has reached the warning share of its budget (`budget.warnAt`).",
        "Shorten it before it crosses the limit, or raise `budget.warnAt`.",
    ),
    Code(
        "budget/no-room",
        "warning",
        "The reserved output leaves no room",
        "A budget is given as a share of the model's input window, and `budget.reserveOutput` "
        "takes all of that window.",
        "Reserve less for the output, or give the budget in tokens.",
    ),
    Code(
        "budget/no-window",
        "warning",
        "A share of an unknown window",
        'A budget is given as a share (`"80%"`), but the model\'s context window is not known.',
        "Name a model whose window is known (`promptls models`), or give an absolute budget.",
    ),
    Code(
        "budget/unknown-model",
        "warning",
        "A model that is not known",
        "No provider in the built-in list has a model of that name, so its window, its price and "
        "its tokenizer are not known; tokens are counted in the encoding that the settings name.",
        "Correct the name (`promptls models` lists them all); for a deployment with a name of its "
        "own, name the model behind it in a directive, or ignore this code.",
    ),
    Code(
        "directive/unknown-key",
        "warning",
        "A directive that is not known",
        "A comment `<!-- promptls: … -->` names a setting that directives do not have.",
        "Use `budget`, `dialect`, `encoding`, `ignore` or `model`.",
    ),
    Code(
        "directive/wrong-value",
        "warning",
        "A directive with a wrong value",
        "A setting in a comment `<!-- promptls: … -->` has no value, or one that is not taken.",
        "Write it as the message shows; a value with blanks in it stands in quotes.",
    ),
    Code(
        "front-matter/invalid",
        "warning",
        "Front matter that is not YAML",
        "YAML refuses the front matter, which names a model or a setting. promptls still reads "
        "each entry for itself, but many tools drop the whole block, some without a word.",
        "Put quotes around a value that holds `: ` or begins with `@`, `` ` ``, `%` or `*`; "
        "indent with blanks, not tabs.",
    ),
    Code(
        "front-matter/unknown-key",
        "warning",
        "A setting in front matter that is not known",
        "Under `promptls:` or `budget:` in the front matter stands a name that is no setting.",
        "Use `budget`, `dialect`, `encoding`, `ignore` or `model`; in a budget `document`, "
        "`section`, `warn-at` or `reserve-output`.",
    ),
    Code(
        "front-matter/wrong-value",
        "warning",
        "A setting in front matter with a wrong value",
        "A setting in the front matter has a value that is not taken; it is passed over.",
        "Write it as the message says; the settings page lists what each accepts.",
    ),
    Code(
        "settings/machine-only",
        "warning",
        "A machine setting in the wrong place",
        "A setting that holds for a whole machine stands in a workspace's settings file, in a "
        "document or in the client's settings per document. It is ignored there, so that opening "
        "a folder cannot change what runs on your machine.",
        "Set it in your own settings file, in `initializationOptions.machine`, or by a "
        "command-line option.",
    ),
    Code(
        "settings/not-toml",
        "error",
        "A settings file that is not TOML",
        "The file cannot be parsed, so no settings are taken from it.",
        "Correct the place that the diagnostic shows; text, globs and shares need quotes.",
    ),
    Code(
        "settings/unknown-key",
        "warning",
        "A setting that is not known",
        "No setting has this name in this place.",
        "Use the name that the message suggests, or look it up in the settings page.",
    ),
    Code(
        "settings/unreadable",
        "error",
        "A settings file that cannot be read",
        "The file is there, but it is not a regular file, is not allowed to be read, or has more "
        "than 1,000,000 bytes. No settings are taken from it.",
        "Make it a readable, small text file, or remove it.",
    ),
    Code(
        "settings/wrong-value",
        "error",
        "A setting with a wrong value",
        "The value has the wrong type or is out of its bounds. It is ignored: what is set "
        "farther from the document holds, else the default. Of a list, only the wrong items are "
        "left out.",
        "Give a value that the message names.",
    ),
    Code(
        "text/binary",
        "error",
        "A binary file",
        "The file holds NUL bytes near its beginning and no byte order mark of UTF-16, so it is "
        "no text and is not counted.",
        "Leave the file out (`.gitignore` does so for folders), or save it as UTF-8.",
    ),
    Code(
        "text/not-utf8",
        "warning",
        "Bytes that are not UTF-8",
        "Some bytes of the file are not UTF-8 (or UTF-16, where its byte order mark says so). Each "
        "such stretch counts as one replacement character, U+FFFD, so the figures are of a text "
        "that nobody wrote.",
        "Save the file as UTF-8.",
    ),
    Code(
        "text/too-large",
        "error",
        "A file that is too large",
        "The file has more than 64 MB, many times what any model takes, and is not counted.",
        "Leave the file out, or split it.",
    ),
    Code(
        "text/unreadable",
        "error",
        "A file that cannot be read",
        "The file is gone, is not allowed to be read, or is not a regular file but a pipe or a "
        "device. It is not counted.",
        "The message names the reason; correct it, or leave the file out.",
    ),
    Code(
        "tokens/not-counted",
        "error",
        "The document could not be counted",
        "The encoding's vocabulary is missing or broken, or the tokenizer failed.",
        "The message says which and what to do; `cl100k_base` and `o200k_base` need no network.",
    ),
)

CATALOGUE: dict[str, Code] = {code.code: code for code in _CODES}
