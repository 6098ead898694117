"""`promptls/workspaceReport`: totals and findings of the workspace's prompt documents."""

from __future__ import annotations

from collections import Counter
from typing import Any

from promptls.lsp.features.table import WORKSPACE_REPORT, FeatureTable
from promptls.lsp.session import Session
from promptls.report.model import Report, to_json

_KEYS = (
    "uri",
    "dialect",
    "model",
    "encoding",
    "accuracy",
    "tokens",
    "expandedTokens",
    "pending",
    "estimate",
    "budget",
    "findings",
)
"""What it tells of each document, as in the document's own report."""


def register(features: FeatureTable, session: Session) -> None:
    """Register the request."""

    @features.handler(WORKSPACE_REPORT)
    async def workspace_report(params: object) -> dict[str, Any]:
        session.index.look_again()
        complete = session.index.complete
        reports = [
            examined.report
            for examined, _ in session.index.closed_documents()
            if examined.report is not None
        ]
        for document in list(session.documents.values()):
            if document.shown and document.path is not None and document.root is not None:
                report = await session.reports.now(document)
                if report is not None:
                    reports.append(report)
        reports.sort(key=lambda report: report.key)
        return {
            "documents": [_document(report) for report in reports],
            "totals": _totals(reports),
            "complete": complete,
        }


def _document(report: Report) -> dict[str, Any]:
    whole = to_json(report)
    return {key: whole[key] for key in _KEYS}


def _totals(reports: list[Report]) -> dict[str, Any]:
    """Sums over the documents whose figures are known; `pending` says how many are not."""
    severities = Counter(finding.severity for report in reports for finding in report.findings)
    return {
        "documents": len(reports),
        "tokens": sum(report.tokens or 0 for report in reports),
        "expandedTokens": sum(report.expanded_tokens or 0 for report in reports),
        "pending": sum(
            report.tokens is None or report.expanded_tokens is None for report in reports
        ),
        "findings": {
            severity: severities[severity]
            for severity in ("error", "warning", "information", "hint")
        },
    }
