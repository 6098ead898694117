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
        "budget/reference-exceeded",
        "error",
        "A reference is over its budget",
        "What a reference brings in, with all that it imports itself, has as many tokens as "
        "its budget (the option `max`, or the setting `budget.reference`), or more.",
        "Bring in less (`?lines=1-40`, a narrower glob), or raise the budget.",
    ),
    Code(
        "budget/reference-near",
        "warning",
        "A reference is near its budget",
        "What a reference brings in has reached the warning share of its budget (`budget.warnAt`).",
        "Bring in less before it crosses the limit, or raise the budget.",
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
        "cache/corrupt",
        "warning",
        "The cache database was damaged",
        "The file is no SQLite database, or parts of it are missing or overwritten. It was "
        "renamed to `….corrupt-<time>`, and a new one was begun.",
        "Nothing: what it held is counted and fetched again. The renamed file may be removed. If "
        "it happens often, the disk may be failing.",
    ),
    Code(
        "cache/newer-version",
        "information",
        "The cache database belongs to a newer version",
        "Another installation of promptls, newer than this one, has made its tables. This one "
        "goes on in memory, and counts and fetches again after each start.",
        "Update promptls, or give this version a database of its own (`database.url`).",
    ),
    Code(
        "cache/unavailable",
        "warning",
        "The cache database cannot be used",
        "It is locked by another process, may not be read or written, has no room left on its "
        "disk, or its server does not answer. promptls goes on in memory and tries again from "
        "time to time.",
        "The message names the reason; correct it, or set `database.enabled` to false.",
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
        "reference/api-failed",
        "warning",
        "A source does not answer as it should",
        "The service behind an `@api:` reference cannot be reached, takes too long, answers with "
        "an error, or answers what cannot be read (invalid JSON, nothing where `extract` looks). "
        "Where it is only down or busy, its last good answer stands in, marked as stale.",
        "The message gives the status, how often it was asked and when it is asked again. Check "
        "the endpoint's address, headers, `extract` and `timeout`, or ask who runs it.",
    ),
    Code(
        "reference/bad-option",
        "warning",
        "A wrong option in a reference",
        "What stands behind the `?` (or the `#`) of a reference is no option, has a wrong "
        "value, or names lines that the file does not have.",
        "Use `lines=1-40`, `max=2000` or `optional`, with `&` between them.",
    ),
    Code(
        "reference/binary",
        "error",
        "A reference to a binary file",
        "The file is no text: its first 8 KB hold NUL bytes (and no byte order mark of UTF-16), "
        "many control characters, or the signature of a document, image or archive.",
        "Refer to a text file: convert the document to Markdown, or save the file as UTF-8.",
    ),
    Code(
        "reference/blocked",
        "warning",
        "A reference that is not allowed",
        "The file lies outside of the workspace (after symbolic links are followed), its name "
        "says that it holds secrets, or the workspace is not trusted and the reference would "
        "leave it. Nothing was read or asked for.",
        "The message gives the reason: move the file into the workspace, trust the workspace, "
        "or allow the folder, host or variable in the machine settings `allowedRoots`, "
        "`allowedHosts` or `environment`. Files of secrets are never read.",
    ),
    Code(
        "reference/cycle",
        "warning",
        "Imports that go round",
        "A file imports itself, by itself or through others. The import that closes the ring "
        "is not put in: it stays in the prompt as it is written.",
        "Remove one of the imports; the related places show the way round.",
    ),
    Code(
        "reference/duplicate-content",
        "information",
        "The same content twice",
        "Two references of the document bring in the same text; it is sent, and paid for, at each.",
        "Remove one of them.",
    ),
    Code(
        "reference/expansion-too-large",
        "error",
        "A reference that brings in too much",
        "With everything that it imports, what the reference brings in is larger than the "
        "setting `limits.expandedBytes`, or made of more than 100,000 files, each place "
        "counted. It is left out. Files that import each other many times grow like this.",
        "Import less, or raise `limits.expandedBytes`.",
    ),
    Code(
        "reference/handler-failed",
        "warning",
        "A handler of references failed",
        "What resolves this kind of reference, promptls itself or a package, has a mistake.",
        "Tell its makers; the server's log says where it failed.",
    ),
    Code(
        "reference/no-handler",
        "error",
        "A reference of an unknown kind",
        "No handler that is loaded resolves references of this kind.",
        "Install the package that does, and name its entry point in the machine setting `plugins`.",
    ),
    Code(
        "reference/not-found",
        "error",
        "A reference to nothing",
        "There is no file of that name where the dialect looks for it. Many tools drop such a "
        "reference without a word.",
        "Correct the path (the quick fix offers the nearest names), make the file, or add "
        "`?optional`.",
    ),
    Code(
        "reference/not-loaded",
        "information",
        "A reference that this tool does not load",
        "The file is there, but the way the reference is written is another tool's: `@path` is "
        "loaded by Claude Code, `#file:path` by GitHub Copilot. For the tool that this document "
        "is for, it is plain text.",
        "Write it in the form of the document's own tool, or as `@file:path`.",
    ),
    Code(
        "reference/not-utf8",
        "warning",
        "A referenced file that is not UTF-8",
        "Some bytes of the file are not UTF-8 (or UTF-16, where its byte order mark says so). "
        "They count as U+FFFD, so the figures are of a text that nobody wrote.",
        "Save the file as UTF-8.",
    ),
    Code(
        "reference/too-large",
        "error",
        "A reference to a file that is too large",
        "The file has more bytes than `limits.fileBytes` allows (64 MB unless set), or holds "
        "more than 100,000 references. It is not brought in.",
        "Refer to a part of it, split it, or raise the limit.",
    ),
    Code(
        "reference/too-many-files",
        "error",
        "A glob or folder with too many files",
        "A reference names more files than `limits.files` allows (1,000 unless set), or 10,000 "
        "entries had to be looked at to find them. None of them is brought in.",
        "Name a smaller folder or a narrower glob, or leave folders out by `.gitignore`.",
    ),
    Code(
        "reference/too-deep",
        "warning",
        "Imports that are too deep",
        "The import lies deeper than the tool that the document is for follows imports, so it "
        "stays in the prompt as it is written.",
        "Import the file nearer to the top.",
    ),
    Code(
        "reference/trailing-punctuation",
        "warning",
        "Punctuation that breaks a reference",
        "Claude Code and Gemini CLI read an import up to the next white space, and so does "
        "GitHub Copilot with `#file:`. Punctuation right behind the path becomes part of it, so "
        "nothing is loaded, and the tool says nothing.",
        "Put a blank between the path and the punctuation, or leave the punctuation out.",
    ),
    Code(
        "reference/undefined-variable",
        "warning",
        "Nothing defines the variable",
        "The front matter, `vars` of the settings, the variable files and the allowed environment "
        "variables have no variable of this name.",
        "Define it in one of them, or correct the name; the message gives the nearest ones.",
    ),
    Code(
        "reference/unknown-endpoint",
        "error",
        "No endpoint has this name",
        "An `@api:` reference names an endpoint that no settings define.",
        "Correct the name, or define the endpoint: `[endpoints.name]` with its `url`.",
    ),
    Code(
        "reference/unresolved-inside",
        "information",
        "A problem in an imported file",
        "A reference in a file that this document imports, by itself or through others, does "
        "not resolve.",
        "The message says where it stands and what is wrong; the related places show the way "
        "to it.",
    ),
    Code(
        "reference/unreadable",
        "error",
        "A reference to a file that cannot be read",
        "The file is there, but it is not allowed to be read, changes while it is read, is a "
        "pipe or a device, or its text cannot be counted.",
        "The message names the reason; correct it, or refer to another file.",
    ),
    Code(
        "reference/variable-file",
        "warning",
        "A variable file is left out",
        "A file that `variableFiles` names is not there, may not be read, or is not valid, so a "
        "variable took its value from a later place.",
        "Correct the file or the path; a `.env` file counts in trusted workspaces only.",
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
