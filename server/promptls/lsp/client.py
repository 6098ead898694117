"""What the client said of itself in `initialize`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types

from promptls.lsp.uris import to_path
from promptls.text import PositionEncoding


@dataclass(frozen=True, slots=True)
class Client:
    """The abilities of the client that the server makes use of."""

    configuration: bool = False
    """It answers `workspace/configuration`."""
    configuration_registration: bool = False
    watch_registration: bool = False
    hint_refresh: bool = False
    lens_refresh: bool = False
    diagnostic_refresh: bool = False
    semantic_tokens_refresh: bool = False
    definition_links: bool = False
    """It takes `LocationLink`s, which say from where they lead."""
    document_changes: bool = False
    """It takes edits that say of which version of a document they are."""
    creates_files: bool = False
    pull: bool = False
    """It asks for diagnostics; nothing is pushed then."""
    progress: bool = False
    report_notifications: bool = False
    trusted: bool = False
    machine: object = None
    """`initializationOptions.machine`, unchecked."""
    settings: object = None
    """`initializationOptions.settings`: what holds until the client answers for itself."""

    @classmethod
    def of(cls, params: types.InitializeParams) -> Client:
        """Read the abilities; what is missing or of the wrong type counts as absent."""
        capabilities = params.capabilities
        workspace = capabilities.workspace
        document = capabilities.text_document
        window = capabilities.window
        edits = workspace.workspace_edit if workspace else None
        options = params.initialization_options
        given: Mapping[str, object] = options if isinstance(options, dict) else {}

        def refresh(part: object) -> bool:
            return bool(getattr(part, "refresh_support", False))

        def registration(part: object) -> bool:
            return bool(getattr(part, "dynamic_registration", False))

        return cls(
            configuration=bool(workspace and workspace.configuration),
            configuration_registration=bool(
                workspace and registration(workspace.did_change_configuration)
            ),
            watch_registration=bool(workspace and registration(workspace.did_change_watched_files)),
            hint_refresh=bool(workspace and refresh(workspace.inlay_hint)),
            lens_refresh=bool(workspace and refresh(workspace.code_lens)),
            diagnostic_refresh=bool(workspace and refresh(workspace.diagnostics)),
            semantic_tokens_refresh=bool(workspace and refresh(workspace.semantic_tokens)),
            definition_links=bool(
                document and document.definition and document.definition.link_support
            ),
            document_changes=bool(edits and edits.document_changes),
            creates_files=bool(
                edits
                and edits.document_changes
                and types.ResourceOperationKind.Create in (edits.resource_operations or ())
            ),
            pull=bool(document and document.diagnostic),
            progress=bool(window and window.work_done_progress),
            report_notifications=given.get("reportNotifications") is True,
            trusted=given.get("trusted") is True,
            machine=given.get("machine"),
            settings=given.get("settings"),
        )


def position_encoding(params: types.InitializeParams) -> PositionEncoding:
    """The first encoding in the client's list that the server knows; utf-16 when there is none."""
    general = params.capabilities.general
    for kind in (general.position_encodings if general else None) or ():
        if kind == types.PositionEncodingKind.Utf8:
            return "utf-8"
        if kind == types.PositionEncodingKind.Utf16:
            return "utf-16"
        if kind == types.PositionEncodingKind.Utf32:
            return "utf-32"
    return "utf-16"


def folders_of(params: types.InitializeParams) -> list[Path]:
    """The workspace folders that are on disk."""
    if params.workspace_folders:
        uris = [folder.uri for folder in params.workspace_folders]
    elif params.root_uri:
        uris = [params.root_uri]
    else:
        return [Path(params.root_path)] if params.root_path else []
    return [path for path in map(to_path, uris) if path is not None]
