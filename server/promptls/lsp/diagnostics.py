"""Findings as LSP diagnostics."""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol import types

from promptls.findings import Finding, Range, Severity
from promptls.findings.documentation import documentation
from promptls.lsp.uris import to_uri

_SEVERITY: dict[Severity, types.DiagnosticSeverity] = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "information": types.DiagnosticSeverity.Information,
    "hint": types.DiagnosticSeverity.Hint,
}


def to_diagnostics(findings: Sequence[Finding], uri: str) -> list[types.Diagnostic]:
    """The findings of one document; those of other documents are left out."""
    return [
        types.Diagnostic(
            range=to_range(finding.range),
            severity=_SEVERITY[finding.severity],
            code=finding.code,
            code_description=types.CodeDescription(documentation_of(finding.code)),
            source="promptls",
            message=finding.message,
            related_information=[
                types.DiagnosticRelatedInformation(
                    types.Location(item.uri or uri, to_range(item.range)), item.message
                )
                for item in finding.related
            ]
            or None,
        )
        for finding in findings
        if finding.uri in (None, uri)
    ]


def documentation_of(code: str) -> str:
    """The page that explains a code."""
    return f"{to_uri(documentation())}#{code.replace('/', '-')}"


def to_range(range_: Range) -> types.Range:
    """A range in the shape of lsprotocol."""
    return types.Range(types.Position(*range_.start), types.Position(*range_.end))
