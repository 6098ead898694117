"""Findings as GitHub's workflow commands, which show as annotations on a pull request.

https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions; the escapes are
those of `@actions/core`.
"""

from __future__ import annotations

from promptls.cli.check_text import place_of, summary
from promptls.cli.escaping import escape_lines
from promptls.cli.outcome import Located, Outcome
from promptls.findings import Range, Severity

_COMMANDS: dict[Severity, str] = {
    "error": "error",
    "warning": "warning",
    "information": "notice",
    "hint": "notice",
}


def show(outcome: Outcome) -> None:
    """Print a command for each finding, and a summary."""
    for one in outcome.findings:
        print(_command(one))
    if outcome.documents:
        print(summary(outcome))


def _command(located: Located) -> str:
    path, finding = located
    start = finding.range.start
    properties = {
        "file": path,
        "line": str(start.line + 1),
        "endLine": str(last_line(finding.range) + 1),
        "col": str(start.character + 1),
        "title": finding.code,
    }
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    # An annotation has one place: those that explain it stand in its text.
    lines = [finding.message]
    lines += [f"{place_of(one.range, one.uri or path)}: {one.message}" for one in finding.related]
    message = "%0A".join(_data(line) for line in lines)
    return f"::{_COMMANDS[finding.severity]} {written}::{message}"


def last_line(range_: Range) -> int:
    """The last line that holds something of a range: one that ends at a line's start, ends before.

    Counted from 0.
    """
    start, end = range_
    return end.line - 1 if end.character == 0 and end.line > start.line else end.line


def _data(text: str) -> str:
    safe = escape_lines(text).replace("%", "%25")
    return safe.replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
