"""`promptls count`: the tokens of documents, and of their sections."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Unpack

import click

from promptls.budgets import BudgetUse
from promptls.cli.application import complain
from promptls.cli.check_text import place_of
from promptls.cli.escaping import escape
from promptls.cli.examining import Examined
from promptls.cli.main import USAGE_ERROR
from promptls.cli.options import DocumentOptions, prepare, with_documents
from promptls.cli.places import shown_path
from promptls.cli.progress import tracked
from promptls.cli.tables import ABSENT, Column, figure, show_table
from promptls.findings import Finding
from promptls.report.model import Report, to_json

_DOCUMENT_COLUMNS = (
    Column("TOKENS"),
    Column("SENT"),
    Column("ESTIMATE"),
    Column("BUDGET"),
    Column("ENCODING", is_figure=False),
    Column("PATH", is_figure=False),
)
_SECTION_COLUMNS = (
    Column("TOKENS"),
    Column("OWN"),
    Column("SENT"),
    Column("BUDGET"),
    Column("LINE"),
    Column("SECTION", is_figure=False),
)
_INDENT = "  "
_NOT_UTF8 = "text/not-utf8"
_UNKNOWN_MODEL = "budget/unknown-model"


@click.command(epilog="Example: promptls count --sections CLAUDE.md")
@with_documents
@click.option("--sections", is_flag=True, help="Show the sections of each document.")
@click.option(
    "--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True
)
def command(sections: bool, form: str, **options: Unpack[DocumentOptions]) -> int:
    """Count the tokens of documents.

    PATH is a file, a folder, a glob, or - for standard input. Folders give the prompt documents
    in them, Markdown and text files; what .gitignore leaves out is left out.

    TOKENS is the exact count of the text, SENT that of the part of it that a model gets.
    Exit code: 0, or 2 when something could not be counted.
    """
    request = prepare(**options)
    examined = [request.examiner.examine(one) for one in tracked(request.selection.sources)]
    reports = [one.report for one in examined]
    if form == "json":
        _print_json(reports)
    elif sections:
        for report in reports:
            _print_sections(report)
    elif reports:
        _print_documents(reports)
    problems = [*request.selection.problems]
    problems += [f"{one.report.key}: {one.failure}" for one in examined if one.failure]
    if not problems and not reports:
        problems.append("nothing to count: the folders hold no prompt documents")
    for problem in dict.fromkeys(problems):
        complain(problem)
    _tell_of_doubts(examined, request.current)
    return USAGE_ERROR if problems else 0


def _print_json(reports: Sequence[Report]) -> None:
    """One document a line, so that line tools can read it too. ASCII: no character is obeyed."""
    print('{"documents": [', end="")
    for place, report in enumerate(reports):
        print("," if place else "")
        print(json.dumps(to_json(report, key="path")), end="")
    print("\n]}")


def _print_documents(reports: Sequence[Report]) -> None:
    rows = [
        (
            figure(report.tokens),
            figure(report.expanded_tokens),
            figure(report.estimate.likely if report.estimate else None),
            _budget(report.budget),
            report.encoding,
            report.key,
        )
        for report in reports
    ]
    total = None
    if len(reports) > 1:
        tokens = sum(report.tokens or 0 for report in reports)
        sent = sum(report.expanded_tokens or 0 for report in reports)
        name = f"total ({len(reports)} documents)"
        total = (figure(tokens), figure(sent), ABSENT, ABSENT, ABSENT, name)
    show_table(_DOCUMENT_COLUMNS, rows, total)


def _print_sections(report: Report) -> None:
    print(f"{escape(report.key)}: {figure(report.tokens)} tokens in {report.encoding}")
    levels = [0] * len(report.sections)
    ends: list[tuple[int, int]] = []
    for place, section in enumerate(report.sections):
        while ends and ends[-1][1] <= section.range.start.line:
            ends.pop()
        levels[place] = len(ends)
        ends.append((place, section.range.end.line))
    show_table(
        _SECTION_COLUMNS,
        [
            (
                figure(section.tokens),
                figure(section.own_tokens),
                figure(section.expanded_tokens),
                _budget(section.budget),
                str(section.range.start.line + 1),
                _INDENT * level + section.title,
            )
            for section, level in zip(report.sections, levels, strict=True)
        ],
    )
    print()


def _budget(use: BudgetUse | None) -> str:
    return ABSENT if use is None else f"{use.used * 100 // use.limit}%/{figure(use.limit)}"


def _tell_of_doubts(examined: Sequence[Examined], current: Path) -> None:
    """Say what is wrong with the settings, models and bytes that the figures rest on."""
    told: dict[tuple[str, Finding], None] = {}
    models: dict[str, str] = {}
    for one in examined:
        for path, findings in one.settings_problems.items():
            name = shown_path(path, current)
            told.update(dict.fromkeys((name, finding) for finding in findings))
        for finding in one.report.findings:
            if finding.code == _NOT_UTF8:
                told[one.report.key, finding] = None
            elif finding.code == _UNKNOWN_MODEL:
                models.setdefault(finding.message, place_of(finding.range, one.report.key))
    for name, finding in told:
        complain(f"{place_of(finding.range, name)}: {finding.message}")
    for message, first in models.items():  # one model of many documents is told of once
        complain(f"{first}: {message}")
