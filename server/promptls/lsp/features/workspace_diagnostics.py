"""`workspace/diagnostic`: the findings of files that are not open, settings files among them."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from typing import NamedTuple

from lsprotocol import types

from promptls.findings import Finding
from promptls.lsp.diagnostics import to_diagnostics
from promptls.lsp.features.table import FeatureTable
from promptls.lsp.session import Session
from promptls.lsp.uris import file_key, to_uri

_Item = (
    types.WorkspaceFullDocumentDiagnosticReport | types.WorkspaceUnchangedDocumentDiagnosticReport
)


class _File(NamedTuple):
    uri: str
    findings: tuple[Finding, ...]
    times_closed: int = 0
    """What the client shows of a file it closes is what it asked for last while it was open."""

    @property
    def result_id(self) -> str:
        """Equal while there is nothing new to tell."""
        digest = blake2b(repr(self.findings).encode("utf-8", "surrogatepass"), digest_size=12)
        return f"{digest.hexdigest()}-{self.times_closed}"


def register(features: FeatureTable, session: Session) -> None:
    """Register the request; it is advertised to clients that ask for diagnostics."""

    @features.handler(types.WORKSPACE_DIAGNOSTIC)
    async def workspace_diagnostic(
        params: types.WorkspaceDiagnosticParams,
    ) -> types.WorkspaceDiagnosticReport:
        session.index.look_again()
        told = {file_key(one.uri): one for one in params.previous_result_ids}
        items: list[_Item] = []
        for file in _files(session):
            before = told.pop(file_key(file.uri), None)
            if before is not None and before.value == file.result_id:
                items.append(
                    types.WorkspaceUnchangedDocumentDiagnosticReport(file.uri, before.value)
                )
            elif before is not None or file.findings:
                diagnostics = to_diagnostics(file.findings, file.uri)
                items.append(
                    types.WorkspaceFullDocumentDiagnosticReport(
                        file.uri, diagnostics, result_id=file.result_id
                    )
                )
        # What is open is asked for by itself; of anything else that was told nothing is left.
        items += [
            types.WorkspaceFullDocumentDiagnosticReport(one.uri, [])
            for one in told.values()
            if session.find(one.uri) is None
        ]
        return types.WorkspaceDiagnosticReport(items)


def _files(session: Session) -> Iterator[_File]:
    """The files that are not open, each once."""
    settings = session.publisher.settings_findings
    for path, findings in settings.items():
        if session.find(to_uri(path)) is None:
            yield _File(to_uri(path), findings)
    for examined, times_closed in session.index.closed_documents():
        if examined.report is not None and examined.path not in settings:
            yield _File(examined.report.key, examined.report.findings, times_closed)
