"""Findings as JSON, each in the shape that it has in a report."""

from __future__ import annotations

import json

from promptls.cli.outcome import Outcome
from promptls.findings.model import SEVERITY_RANK
from promptls.report.model import finding_to_json


def show(outcome: Outcome) -> None:
    """Print `{"findings": […], "summary": {"documents", "error", "warning", …}}`.

    `uri` is the path of the file, as text output names it.
    """
    findings = [finding_to_json(one.finding, one.path) for one in outcome.findings]
    counts: dict[str, int] = {severity: outcome.count(severity) for severity in SEVERITY_RANK}
    summary = {"documents": outcome.documents} | counts
    print(json.dumps({"findings": findings, "summary": summary}, indent=2))
