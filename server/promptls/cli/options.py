"""The options that several commands have, and what they are made into."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypedDict, TypeVar, Unpack

import click

from promptls.cache import Problem
from promptls.cache.location import locate
from promptls.cli.application import complain
from promptls.cli.examining import Examiner, PatientService
from promptls.cli.places import Roots
from promptls.cli.references import References
from promptls.cli.selection import Selection, select
from promptls.settings import Layer, SettingsStore
from promptls.settings.model import ENCODINGS
from promptls.tokens.vocabularies import VocabularySource

COMMAND_LINE = "command line"

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def _check_database(
    _context: click.Context, _parameter: click.Parameter, url: str | None
) -> str | None:
    """Refuse what names no database; the message does not repeat it, for it may hold a password."""
    location = locate(url, None) if url else None
    if location is not None and location.kind == "unknown":
        raise click.BadParameter("neither a URL of SQLite or PostgreSQL nor `memory`.")
    return url


_PATHS = click.argument("paths", nargs=-1, required=True, metavar="PATH...")
_PATH = click.argument("paths", metavar="FILE", callback=lambda _context, _parameter, path: (path,))
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
        "--no-resolve", is_flag=True, help="Look up no references: each counts as it is written."
    ),
    click.option(
        "--no-network", is_flag=True, help="Fetch nothing; earlier answers are still used."
    ),
    click.option(
        "--trust",
        is_flag=True,
        help="Trust the files: they may bring in what your settings allow (hosts, environment "
        "variables, other folders), and a missing vocabulary may be downloaded.",
    ),
    click.option(
        "--database",
        metavar="URL",
        callback=_check_database,
        help="Where counts and answers are kept: sqlite:///FILE, postgresql://SERVER/NAME, or "
        "memory. [default: `database.url` of your settings, else a file in your cache folder]",
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
    no_resolve: bool
    no_network: bool
    trust: bool
    database: str | None


class Request(NamedTuple):
    """What the arguments ask for."""

    selection: Selection
    examiner: Examiner
    references: References | None
    """What resolves references; None when none is to be looked up."""
    current: Path
    """The folder that output names files from, absolute."""


def with_documents(function: Decorated) -> Decorated:
    """Give a command the paths of documents and the options on how they are read."""
    for option in reversed((_PATHS, *_OPTIONS)):
        function = option(function)
    return function


def with_document(function: Decorated) -> Decorated:
    """Give a command the path of one document and the options on how it is read."""
    for option in reversed((_PATH, *_OPTIONS)):
        function = option(function)
    return function


def prepare(**options: Unpack[DocumentOptions]) -> Request:
    """Find the documents and make what examines them, until the command ends.

    Raises a ClickException.
    """
    try:
        current = Path.cwd()
    except OSError as error:
        raise click.UsageError("The current folder is gone.") from error
    store = SettingsStore()
    given = {"engine": options["engine"], "network": False if options["no_network"] else None}
    machine = store.machine(command_line=given).settings
    trusted = options["trust"]
    source = VocabularySource(
        machine.vocabulary_folder, trusted and machine.network and machine.vocabulary_download
    )
    references = None
    if not options["no_resolve"]:
        references = References(
            machine, trusted=trusted, database=options["database"], on_problem=_tell
        )
        click.get_current_context().call_on_close(references.close)
    root = options["root"]
    layer = Layer(COMMAND_LINE, {"model": options["model"], "encoding": options["encoding"]})
    examiner = Examiner(
        store,
        PatientService(machine.engine, source),
        Roots(None if root is None else Path(os.path.abspath(root))),  # noqa: PTH100
        current,
        references,
        [layer],
    )
    selection = select(options["paths"], current, examiner.accepts, options["stdin_path"])
    return Request(selection, examiner, references, current)


def _tell(problem: Problem) -> None:
    complain(problem.message)
