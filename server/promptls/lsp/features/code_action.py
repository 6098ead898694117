"""`textDocument/codeAction`: the fixes of findings, and making a file that is not there."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

from lsprotocol import types

from promptls.findings import Finding, Fix
from promptls.lsp.diagnostics import to_diagnostics, to_range
from promptls.lsp.features.table import FeatureTable
from promptls.lsp.missing_files import uri_to_make
from promptls.lsp.open_document import OpenDocument
from promptls.lsp.placed_references import located
from promptls.lsp.session import Session

_NOT_FOUND = "reference/not-found"


def register(features: FeatureTable, session: Session) -> None:
    """Register the request."""

    @features.handler(types.TEXT_DOCUMENT_CODE_ACTION)
    async def code_action(params: types.CodeActionParams) -> list[types.CodeAction]:
        document = session.find(params.text_document.uri)
        if document is None or not _is_wanted(params.context.only):
            return []
        await session.ready(document)
        report = await session.reports.now(document) if document.shown else None
        if report is None:
            return []
        actions: list[types.CodeAction] = []
        for finding in report.findings:
            if finding.uri not in (None, document.uri) or not _touches(finding, params.range):
                continue
            of_finding = _with_fixes(session, document, finding)
            if finding.code == _NOT_FOUND and session.client.creates_files:
                of_finding += await _making(session, document, finding)
            if of_finding:
                diagnostics = _diagnostics(document, finding, params.context.diagnostics)
                for action in of_finding:
                    action.diagnostics = diagnostics
                actions += of_finding
        return actions


def _is_wanted(only: Sequence[types.CodeActionKind | str] | None) -> bool:
    """Whether quick fixes are among the kinds that are asked for; "" stands for all."""
    if not only:
        return True
    kinds = [kind.value if isinstance(kind, types.CodeActionKind) else kind for kind in only]
    return any(kind in ("", types.CodeActionKind.QuickFix.value) for kind in kinds)


def _touches(finding: Finding, wanted: types.Range) -> bool:
    """Whether a finding's range and another have a place in common, be it an end of both."""
    start, end = finding.range
    return tuple(start) <= (wanted.end.line, wanted.end.character) and tuple(end) >= (
        wanted.start.line,
        wanted.start.character,
    )


def _with_fixes(
    session: Session, document: OpenDocument, finding: Finding
) -> list[types.CodeAction]:
    """The fixes of a finding; the first one is the likeliest."""
    return [
        types.CodeAction(
            fix.title,
            kind=types.CodeActionKind.QuickFix,
            is_preferred=number == 0,
            edit=_edit(session, document, fix),
        )
        for number, fix in enumerate(finding.fixes)
    ]


def _edit(session: Session, document: OpenDocument, fix: Fix) -> types.WorkspaceEdit:
    edit = types.TextEdit(to_range(fix.range), fix.new_text)
    if not session.client.document_changes:
        return types.WorkspaceEdit(changes={document.uri: [edit]})
    version = types.OptionalVersionedTextDocumentIdentifier(document.uri, document.version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(version, [edit])])


async def _making(
    session: Session, document: OpenDocument, finding: Finding
) -> list[types.CodeAction]:
    """Making the file that a reference names, where a file of that name may be read at all."""
    made = document.references.made_for
    line = finding.range.start.line
    one = next((one for one in located(document, line, line) if one.range == finding.range), None)
    if one is None or made is None or one.reference.kind != "file":
        return []
    loop = asyncio.get_running_loop()
    find = partial(uri_to_make, one.reference, made[0], session.policy)
    found = await loop.run_in_executor(session.counting.executor, find)
    if found is None:
        return []
    create = types.CreateFile(found.uri, options=types.CreateFileOptions(ignore_if_exists=True))
    return [
        types.CodeAction(
            f"Make the file “{found.name}”",
            kind=types.CodeActionKind.QuickFix,
            is_preferred=not finding.fixes,
            edit=types.WorkspaceEdit(document_changes=[create]),
        )
    ]


def _diagnostics(
    document: OpenDocument, finding: Finding, given: Sequence[types.Diagnostic]
) -> list[types.Diagnostic]:
    """What the finding is to the client: its own diagnostic where it has sent that."""
    place = to_range(finding.range)
    same = [item for item in given if item.code == finding.code and item.range == place]
    return same or to_diagnostics([finding], document.uri)
