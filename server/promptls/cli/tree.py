"""`promptls tree`: what documents bring in, and what that brings in, with what each part costs."""

from __future__ import annotations

import json
from typing import Unpack

import click

from promptls.cli.application import complain
from promptls.cli.growing import grow
from promptls.cli.import_tree import ImportTree
from promptls.cli.main import USAGE_ERROR
from promptls.cli.options import DocumentOptions, prepare, with_documents
from promptls.cli.progress import tracked
from promptls.cli.tree_text import show


@click.command(epilog="Example: promptls tree --depth 2 CLAUDE.md")
@with_documents
@click.option(
    "--depth", type=click.IntRange(min=1), metavar="LEVELS", help="Show so many levels. [all]"
)
@click.option(
    "--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True
)
def command(depth: int | None, form: str, **options: Unpack[DocumentOptions]) -> int:
    """Show the references of documents as a tree, with their tokens.

    PATH is a file, a folder, a glob, or - for standard input. `120 tok → 450`: the tokens of a
    text as it stands, and with all that it brings in. `(*)`: it is shown further up with what it
    brings in.

    Exit code: 0, or 2 when a document could not be counted.
    """
    request = prepare(**options)
    problems = [*request.selection.problems]
    trees: list[ImportTree] = []
    for source in tracked(request.selection.sources):
        examined, analysis, _ = request.examiner.analyse(source)
        if analysis is None:
            problems.append(f"{source.name}: {examined.failure}")
        else:
            trees.append(grow(source.name, analysis, depth, request.current))
    if form == "json":
        print(json.dumps({"documents": [tree.to_json() for tree in trees]}, indent=2))
    else:
        for number, tree in enumerate(trees):
            if number:
                print()
            show(tree)
    for problem in dict.fromkeys(problems):
        complain(problem)
    return USAGE_ERROR if problems else 0
