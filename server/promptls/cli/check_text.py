"""Findings as text: `path:line:column: severity[code] message`, which editors and CI understand."""

from __future__ import annotations

from promptls.cli.escaping import escape
from promptls.cli.outcome import Outcome
from promptls.cli.tables import is_coloured
from promptls.findings import Range, Severity
from promptls.findings.model import SEVERITY_RANK

_COLOURS: dict[Severity, str] = {
    "error": "red",
    "warning": "yellow",
    "information": "blue",
    "hint": "cyan",
}


def show(outcome: Outcome) -> None:
    """Print each finding, with the places that explain it, and a summary."""
    coloured = is_coloured()
    for path, finding in outcome.findings:
        kind = f"{finding.severity}[{finding.code}]"
        if coloured:
            import click

            kind = click.style(kind, fg=_COLOURS[finding.severity], bold=True)
        print(f"{escape(place_of(finding.range, path))}: {kind} {escape(finding.message)}")
        for item in finding.related:
            print(f"    {escape(place_of(item.range, item.uri or path))}: {escape(item.message)}")
    if outcome.documents:
        print(summary(outcome))


def place_of(range_: Range, path: str) -> str:
    """`path:line:column`, both from 1; columns in utf-16 code units, as editors count them."""
    return f"{path}:{range_.start.line + 1}:{range_.start.character + 1}"


def summary(outcome: Outcome) -> str:
    """`2 errors and 1 warning in 3 documents`."""
    counts = [(outcome.count(severity), severity) for severity in SEVERITY_RANK]
    named = [_number(count, severity) for count, severity in counts if count]
    found = f"{', '.join(named[:-1])} and {named[-1]}" if named[1:] else "".join(named)
    return f"{found or 'no findings'} in {_number(outcome.documents, 'document')}"


def _number(count: int, noun: str) -> str:
    plural = "" if count == 1 or noun == "information" else "s"
    return f"{count:,} {noun}{plural}"
