"""The options that several commands have, and what they are made into."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypedDict, TypeVar, Unpack

import click

from promptls.cli.examining import Examiner, PatientService
from promptls.cli.places import Roots
from promptls.cli.selection import Selection, select
from promptls.settings import Layer, SettingsStore
from promptls.settings.model import ENCODINGS
from promptls.tokens.vocabularies import VocabularySource

COMMAND_LINE = "command line"

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

_PATHS = click.argument("paths", nargs=-1, required=True, metavar="PATH...")
_OPTIONS = (
    click.option("--model", metavar="NAME", help="The model that the prompts are for."),
    click.option(
        "--encoding", type=click.Choice(ENCODINGS), help="The encoding to count in.", metavar="NAME"
    ),
    click.option(
        "--root",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="The folder up to which settings are looked for. [default: the nearest above each "
        "file with promptls.toml or .git]",
    ),
    click.option(
        "--stdin-path", metavar="NAME", default="", help="The name that - is treated as having."
    ),
    click.option(
        "--engine",
        type=click.Choice(("auto", "tiktoken", "quicktok")),
        help="What encodes text. [default: auto]",
    ),
    click.option(
        "--trust", is_flag=True, help="Trust the files: a missing vocabulary may be downloaded."
    ),
)


class DocumentOptions(TypedDict):
    """The values of the arguments that `with_documents` declares."""

    paths: tuple[str, ...]
    model: str | None
    encoding: str | None
    root: Path | None
    stdin_path: str
    engine: str | None
    trust: bool


class Request(NamedTuple):
    """What the arguments ask for."""

    selection: Selection
    examiner: Examiner
    current: Path
    """The folder that output names files from, absolute."""


def with_documents(function: Decorated) -> Decorated:
    """Give a command the paths of documents and the options on how they are read."""
    for option in reversed((_PATHS, *_OPTIONS)):
        function = option(function)
    return function


def prepare(**options: Unpack[DocumentOptions]) -> Request:
    """Find the documents and make what examines them. Raises a ClickException."""
    try:
        current = Path.cwd()
    except OSError as error:
        raise click.UsageError("The current folder is gone.") from error
    store = SettingsStore()
    machine = store.machine(command_line={"engine": options["engine"]}).settings
    source = VocabularySource(
        machine.vocabulary_folder, machine.vocabulary_download and options["trust"]
    )
    root = options["root"]
    layer = Layer(COMMAND_LINE, {"model": options["model"], "encoding": options["encoding"]})
    examiner = Examiner(
        store,
        PatientService(machine.engine, source),
        Roots(None if root is None else Path(os.path.abspath(root))),  # noqa: PTH100
        current,
        [layer],
    )
    selection = select(options["paths"], current, examiner.accepts, options["stdin_path"])
    return Request(selection, examiner, current)
