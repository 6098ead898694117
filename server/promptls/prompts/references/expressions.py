"""`${…}`: Copilot's inputs and editor variables, Prompty's files and environment."""

from __future__ import annotations

import re
from collections.abc import Iterator

from promptls.prompts.references.masking import MASK
from promptls.prompts.references.model import NO_OPTIONS, Options, Reference
from promptls.prompts.references.targets import TARGET_MAX, is_known_at_run_time

EDITOR_VARIABLES = (
    "file",
    "fileBasename",
    "fileBasenameNoExtension",
    "fileDirname",
    "selectedText",
    "selection",
    "workspaceFolder",
    "workspaceFolderBasename",
)
"""Those that VS Code documents for prompt files ("Use prompt files in VS Code", 2026)."""

_INPUT = re.compile(rf"\$\{{input:([\w.-]++)(?:[:|][^{{}}{MASK}]*+)?\}}")
_EDITOR = re.compile(rf"\$\{{({'|'.join(EDITOR_VARIABLES)})\}}")
_FILE = re.compile(rf"\$\{{file:([^{{}}{MASK}]++)\}}")
_ENVIRONMENT = re.compile(rf"\$\{{(env:\w++)(?::([^{{}}{MASK}]*+))?\}}")


def find_inputs(line: str, masked: str) -> Iterator[Reference]:
    """Find `${input:name}` and `${input:name:placeholder}`; a placeholder is no value."""
    for found in _INPUT.finditer(masked):
        yield _variable(line, found, "input", certain=False)


def find_editor_variables(line: str, masked: str) -> Iterator[Reference]:
    """Find `${selection}` and what else VS Code fills in when the prompt is run."""
    for found in _EDITOR.finditer(masked):
        yield _variable(line, found, "editor-variable", certain=True, deferred=True)


def find_environment(line: str, masked: str) -> Iterator[Reference]:
    """Find Prompty's `${env:NAME}` and `${env:NAME:default}`."""
    for found in _ENVIRONMENT.finditer(masked):
        default = None if found[2] is None else line[found.start(2) : found.end(2)]
        options = NO_OPTIONS if default is None else Options(default=default)
        yield _variable(line, found, "environment", certain=True, options=options)


def find_files(line: str, masked: str) -> Iterator[Reference]:
    """Find Prompty's `${file:path}`."""
    for found in _FILE.finditer(masked):
        target = line[found.start(1) : found.end(1)]
        path = target.strip()
        if not path or len(path) > TARGET_MAX:
            continue
        start = found.start(1) + target.index(path)
        yield Reference(
            start=found.start(),
            end=found.end(),
            kind="file",
            target=path,
            target_start=start,
            target_end=start + len(path),
            text=line[found.start() : found.end()],
            form="file-expression",
            certain=True,
            deferred=is_known_at_run_time(path),
        )


def _variable(
    line: str,
    found: re.Match[str],
    form: str,
    *,
    certain: bool,
    deferred: bool = False,
    options: Options = NO_OPTIONS,
) -> Reference:
    return Reference(
        start=found.start(),
        end=found.end(),
        kind="var",
        target=found[1],
        target_start=found.start(1),
        target_end=found.end(1),
        text=line[found.start() : found.end()],
        form=form,
        certain=certain,
        options=options,
        deferred=deferred,
    )
