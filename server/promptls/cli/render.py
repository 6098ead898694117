"""`promptls render`: a prompt as it is sent, with all that its references bring in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Unpack

import click

from promptls.cli.application import complain
from promptls.cli.check_text import place_of
from promptls.cli.escaping import escape
from promptls.cli.main import USAGE_ERROR
from promptls.cli.options import DocumentOptions, Request, prepare, with_document
from promptls.cli.rendering import Prompt, render_prompt
from promptls.cli.selection import Source
from promptls.cli.tables import is_terminal
from promptls.cli.unresolved import unresolved
from promptls.references.rendering import ChangedMeanwhileError

_TRIES = 3
"""How often a document is rendered whose contents change meanwhile."""


@click.command(epilog="Example: promptls render CLAUDE.md --output prompt.txt")
@with_document
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file to write to."
)
@click.option(
    "--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True
)
def command(output: Path | None, form: str, **options: Unpack[DocumentOptions]) -> int:
    """Print a document as it is sent to a model.

    FILE is a file, or - for standard input. What is not sent is left out, and references are
    replaced by what they bring in. Those that cannot be brought in stay as they are written;
    standard error tells of them.

    The text is written byte for byte in UTF-8, with no line break added; only on a terminal are
    control characters escaped. JSON has it in segments, each with the place that it is from.

    Exit code: 0, or 2 when the document cannot be had, or what it brings in keeps changing.
    """
    request = prepare(**options)
    selection = request.selection
    for problem in selection.problems:
        complain(problem)
    if selection.problems:
        return USAGE_ERROR
    if selection.folders or len(selection.sources) != 1:
        raise click.UsageError("FILE must be one document.")
    (source,) = selection.sources
    if output is not None and source.path is not None and _is_same(output, source.path):
        raise click.UsageError("--output is the document itself.")
    prompt = _render(request, source)
    if isinstance(prompt, str):
        complain(f"{source.name}: {prompt}")
        return USAGE_ERROR
    for finding in unresolved(prompt.report):
        complain(f"{place_of(finding.range, source.name)}: {finding.message}")
    text = prompt.text if form == "text" else json.dumps(prompt.to_json(), indent=2) + "\n"
    if output is None:
        click.echo(_shown(text) if is_terminal() else text.encode(), nl=False)
        return 0
    try:
        output.write_bytes(text.encode())
    except OSError as error:
        complain(f"{output}: cannot be written: {error.strerror or type(error).__name__}")
        return USAGE_ERROR
    return 0


def _render(request: Request, source: Source) -> Prompt | str:
    """The rendered prompt, or why it cannot be had."""
    changed = ""
    for _ in range(1 if source.is_stdin else _TRIES):
        examined, analysis, root = request.examiner.analyse(source)
        if analysis is None:
            return examined.failure
        try:
            return render_prompt(analysis, source.path, root, request.references)
        except ChangedMeanwhileError as error:
            changed = str(error)
    return f"{changed}; nothing is rendered, try again."


def _is_same(first: Path, second: Path) -> bool:
    try:
        return first.samefile(second)
    except OSError:  # it is not there yet
        return False


def _shown(text: str) -> str:
    """The text for a terminal: it obeys control characters, but for tabs and line breaks."""
    lines = ("\t".join(escape(part) for part in line.split("\t")) for line in _lines(text))
    return "\n".join(lines)


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").split("\n")
