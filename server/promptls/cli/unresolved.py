"""References that bring nothing in and should."""

from __future__ import annotations

from promptls.findings import Finding
from promptls.report.model import Report


def unresolved(report: Report) -> list[Finding]:
    """One finding for each; an optional reference, or one whose finding is ignored, has none."""
    told = {(finding.code, finding.range): finding for finding in report.findings}
    found = (
        told.get((one.code, one.range))
        for one in report.references
        if one.code is not None and one.status in ("failed", "blocked")
    )
    return [finding for finding in found if finding is not None]
