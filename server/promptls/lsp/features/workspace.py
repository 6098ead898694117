"""Notifications about the workspace: settings, files, folders, trust, progress."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types

from promptls.lsp.features.table import TRUST_GRANTED, FeatureTable
from promptls.lsp.session import Session
from promptls.lsp.uris import to_path


def register(features: FeatureTable, session: Session) -> None:
    """Register the notifications."""

    @features.handler(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def did_change_configuration(params: types.DidChangeConfigurationParams) -> None:
        session.settings_changed(params.settings)

    @features.handler(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change_watched_files(params: types.DidChangeWatchedFilesParams) -> None:
        changed: dict[Path, bool] = {}
        for event in params.changes:
            path = to_path(event.uri)
            if path is not None:
                came_or_went = event.type != types.FileChangeType.Changed
                changed[path] = changed.get(path, False) or came_or_went
        session.files_changed(changed)

    @features.handler(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def did_change_workspace_folders(params: types.DidChangeWorkspaceFoldersParams) -> None:
        session.folders_changed(list(params.event.added), list(params.event.removed))

    @features.handler(types.WINDOW_WORK_DONE_PROGRESS_CANCEL)
    def work_done_progress_cancel(params: types.WorkDoneProgressCancelParams) -> None:
        session.progress.cancel(params.token)

    @features.handler(TRUST_GRANTED)
    def trust_granted(params: object) -> None:
        session.grant_trust()
