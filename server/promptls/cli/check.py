"""`promptls check`: the findings of documents and of their settings, for a terminal and for CI."""

from __future__ import annotations

from typing import Unpack, get_args

import click

from promptls.cli import check_github, check_json, check_sarif, check_text
from promptls.cli.application import complain
from promptls.cli.examining import Examined
from promptls.cli.main import USAGE_ERROR
from promptls.cli.options import DocumentOptions, prepare, with_documents
from promptls.cli.outcome import collect
from promptls.cli.progress import tracked
from promptls.cli.selection import Source
from promptls.findings import Severity
from promptls.findings.model import SEVERITY_RANK

FOUND = 1

_FORMATS = {
    "text": check_text.show,
    "json": check_json.show,
    "github": check_github.show,
    "sarif": check_sarif.show,
}


@click.command(epilog="Example: promptls check --format github --fail-on warning .")
@with_documents
@click.option(
    "--only-prompts",
    is_flag=True,
    help="Pass over files that are no prompt documents, also where they are named.",
)
@click.option(
    "--fail-on",
    type=click.Choice(get_args(Severity)),
    default="error",
    show_default=True,
    help="The least severity that makes the exit code 1.",
)
@click.option(
    "--format", "form", type=click.Choice(list(_FORMATS)), default="text", show_default=True
)
def command(
    only_prompts: bool, fail_on: Severity, form: str, **options: Unpack[DocumentOptions]
) -> int:
    """Check documents, their budgets, references and settings.

    PATH is a file, a folder, a glob, or - for standard input. Of folders, prompt documents are
    checked: what a tool claims by name, what lies in a folder such as prompts, what the settings
    name, what holds references such as @file:path; .gitignore is respected.

    Exit code: 0 when clean, 1 when a finding reaches --fail-on, 2 when something could not be
    checked.
    """
    request = prepare(**options)
    selection = request.selection
    checked: list[tuple[Source, Examined]] = []
    for source in tracked(selection.sources):
        is_wanted = source.is_named and not only_prompts
        examiner = request.examiner
        examined = examiner.examine(source) if is_wanted else examiner.examine_prompt(source)
        if examined is not None:
            checked.append((source, examined))
    problems = list(selection.problems)
    problems += [f"{one.report.key}: {one.failure}" for _, one in checked if one.failure]
    searched = {folder for source, _ in checked for folder in source.folders}
    problems += [
        f"{folder}: holds no prompt documents"
        for folder in selection.folders
        if folder not in searched
    ]
    outcome = collect((one for _, one in checked), request.current)
    _FORMATS[form](outcome)
    for problem in dict.fromkeys(problems):
        complain(problem)
    if problems:
        return USAGE_ERROR
    least = SEVERITY_RANK[fail_on]
    reached = any(SEVERITY_RANK[one.finding.severity] <= least for one in outcome.findings)
    return FOUND if reached else 0
