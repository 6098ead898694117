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
from promptls.cli.unresolved import unresolved
from promptls.findings import Finding
from promptls.report.model import Report, to_json
from promptls.report.references import ReferenceReport

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
_REFERENCE_COLUMNS = (
    Column("TOKENS"),
    Column("EXPANDED"),
    Column("LINE"),
    Column("KIND", is_figure=False),
    Column("STATUS", is_figure=False),
    Column("TARGET", is_figure=False),
)
_INDENT = "  "
_NOT_UTF8 = "text/not-utf8"
_UNKNOWN_MODEL = "budget/unknown-model"


@click.command(epilog="Example: promptls count --sections CLAUDE.md")
@with_documents
@click.option("--sections", is_flag=True, help="Show the sections of each document.")
@click.option("--references", is_flag=True, help="Show what each document brings in.")
@click.option(
    "--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True
)
def command(sections: bool, references: bool, form: str, **options: Unpack[DocumentOptions]) -> int:
    """Count the tokens of documents.

    PATH is a file, a folder, a glob, or - for standard input. Folders give the prompt documents
    in them, Markdown and text files; what .gitignore leaves out is left out.

    TOKENS is the exact count of the text as it stands, SENT that of what a model gets: without
    front matter and the like, and with all that references bring in.

    Exit code: 0, or 2 when something could not be counted.
    """
    request = prepare(**options)
    examined = [request.examiner.examine(one) for one in tracked(request.selection.sources)]
    reports = [one.report for one in examined]
    if form == "json":
        _print_json(reports)
    elif sections or references:
        for report in reports:
            _print_document(report, sections, references)
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


def _print_document(report: Report, sections: bool, references: bool) -> None:
    sent = ""
    if report.expanded_tokens != report.tokens:
        sent = f", {figure(report.expanded_tokens)} sent,"
    print(f"{escape(report.key)}: {figure(report.tokens)} tokens{sent} in {report.encoding}")
    if sections:
        _print_sections(report)
    if references and report.references:
        show_table(_REFERENCE_COLUMNS, [_reference(one) for one in report.references])
    print()


def _print_sections(report: Report) -> None:
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


def _reference(one: ReferenceReport) -> tuple[str, ...]:
    return (
        figure(one.tokens),
        figure(one.expanded_tokens),
        str(one.range.start.line + 1),
        one.kind,
        _status(one),
        one.target,
    )


def _status(one: ReferenceReport) -> str:
    """The status, or why it brings nothing in: `not-found`."""
    if one.status == "failed" and one.code is not None:
        return one.code.partition("/")[2]
    return one.status


def _budget(use: BudgetUse | None) -> str:
    return ABSENT if use is None else f"{use.used * 100 // use.limit}%/{figure(use.limit)}"


def _tell_of_doubts(examined: Sequence[Examined], current: Path) -> None:
    """Say what is wrong with the settings, models and bytes that the figures rest on."""
    told: dict[tuple[str, Finding], None] = {}
    models: dict[str, str] = {}
    missing = 0
    for one in examined:
        missing += len(unresolved(one.report))
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
    if missing:
        count = "1 reference counts" if missing == 1 else f"{missing:,} references count"
        complain(f"{count} as written, for nothing could be brought in: see `promptls check`")
