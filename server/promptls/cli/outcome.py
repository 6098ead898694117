"""What a check found: the value that each output format shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from promptls.cli.examining import Examined
from promptls.cli.places import shown_path
from promptls.findings import Finding, Severity


class Located(NamedTuple):
    """A finding with the name of the file that it is in."""

    path: str
    finding: Finding


class Outcome(NamedTuple):
    """All that a check found."""

    findings: list[Located]
    """Those of settings files first, then document by document, in the order of their lines."""
    documents: int
    """How many documents were checked."""

    def count(self, severity: Severity) -> int:
        """How many findings have this severity."""
        return Counter(one.finding.severity for one in self.findings)[severity]


def collect(examined: Iterable[Examined], current: Path) -> Outcome:
    """Put the findings of documents and of the settings files that they rest on together.

    What is wrong with a settings file is told once, unless all that rest on it ignore it.
    """
    of_settings: dict[tuple[str, Finding], None] = {}
    of_documents: list[Located] = []
    documents = 0
    for one in examined:
        documents += 1
        for path, findings in one.settings_problems.items():
            shown = [found for found in findings if not one.settings.ignores(found.code)]
            of_settings.update(dict.fromkeys((shown_path(path, current), found) for found in shown))
        ordered = sorted(one.report.findings, key=lambda found: found.range)
        of_documents += [Located(found.uri or one.report.key, found) for found in ordered]
    return Outcome(
        [*(Located(path, found) for path, found in of_settings), *of_documents], documents
    )
