"""Notifications about the workspace: settings, files, folders, trust, progress."""

from __future__ import annotations

from typing import Any

from lsprotocol import types

from promptls.lsp.protocol.server import HardenedServer
from promptls.lsp.session import Session

TRUST_GRANTED = "promptls/trustGranted"


def register(server: HardenedServer, session: Session) -> None:
    """Register the notifications."""

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def did_change_configuration(params: types.DidChangeConfigurationParams) -> None:
        session.settings_changed(params.settings)

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change_watched_files(params: types.DidChangeWatchedFilesParams) -> None:
        session.files_changed()

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def did_change_workspace_folders(params: types.DidChangeWorkspaceFoldersParams) -> None:
        session.folders_changed(list(params.event.added), list(params.event.removed))

    @server.feature(types.WINDOW_WORK_DONE_PROGRESS_CANCEL)
    def work_done_progress_cancel(params: types.WorkDoneProgressCancelParams) -> None:
        session.counting.cancel_progress(params.token)

    @server.feature(TRUST_GRANTED)
    def trust_granted(params: Any) -> None:
        session.grant_trust()
