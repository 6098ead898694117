"""`workspace/willRenameFiles`: references go with the files and folders that are renamed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from lsprotocol import types

from promptls.jobs import Priority
from promptls.lsp.diagnostics import to_range
from promptls.lsp.features.table import FeatureTable
from promptls.lsp.session import Session
from promptls.lsp.uris import to_path
from promptls.lsp.workspace_mentions import Mentions, mentions_of
from promptls.references.files.uris import file_key
from promptls.references.policy import AccessPolicy
from promptls.text import PositionEncoding
from promptls.workspace.index import DocumentIndex
from promptls.workspace.renaming import Change, Moves, Rewriter

_Edits = list[types.TextEdit | types.AnnotatedTextEdit | types.SnippetTextEdit]


def register(features: FeatureTable, session: Session) -> None:
    """Register the request."""

    @features.handler(types.WORKSPACE_WILL_RENAME_FILES)
    async def will_rename_files(params: types.RenameFilesParams) -> types.WorkspaceEdit | None:
        paths = ((to_path(file.old_uri), to_path(file.new_uri)) for file in params.files)
        moves = Moves((old, new) for old, new in paths if old is not None and new is not None)
        if not moves.sources:
            return None
        session.index.look_again()
        await session.index.edges_known()
        found = await mentions_of(session, _concerned(session.index.documents, moves))
        work = [
            (one, session.root_of(Path(moves.moved(str(one.subject.path)))) or one.subject.root)
            for one in found
        ]
        changes = await session.processor.submit(
            object(),
            partial(_changes, work, moves, session.policy, session.encoding),
            priority=Priority.VISIBLE,
            label="rename",
        )
        return _edit(changes, session.client.document_changes)


def _concerned(documents: DocumentIndex, moves: Moves) -> set[str]:
    """The documents that are renamed, and those that refer to what is."""
    concerned: set[str] = set()
    for source in moves.sources:
        for key in {file_key(source), file_key(os.path.realpath(source))}:
            concerned.update(documents.below(key))
            for imported in documents.imported_below(key):
                concerned |= documents.graph.importers_of(imported)
    return concerned


def _changes(
    found: Sequence[tuple[Mentions, Path]],
    moves: Moves,
    policy: AccessPolicy,
    encoding: PositionEncoding,
) -> list[tuple[Mentions, list[Change]]]:
    """What has to change in each document; those in which nothing has to are left out."""
    changed = []
    for one, root in found:
        rewriter = Rewriter(moves, policy, one.subject.path, root)
        changes = list(rewriter.changes(one.mentions, encoding))
        if changes:
            changed.append((one, changes))
    return changed


def _edit(
    changed: list[tuple[Mentions, list[Change]]], document_changes: bool
) -> types.WorkspaceEdit | None:
    """The edits, under the names that the documents have before the rename."""
    if not changed:
        return None
    if not document_changes:
        return types.WorkspaceEdit(
            changes={
                one.subject.uri: [_text_edit(change) for change in changes]
                for one, changes in changed
            }
        )
    return types.WorkspaceEdit(
        document_changes=[
            types.TextDocumentEdit(
                types.OptionalVersionedTextDocumentIdentifier(one.subject.uri, one.version),
                [_text_edit(change) for change in changes],
            )
            for one, changes in changed
        ]
    )


def _text_edit(change: Change) -> types.TextEdit:
    return types.TextEdit(to_range(change.range), change.text)
