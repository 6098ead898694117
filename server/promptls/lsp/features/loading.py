"""Imports every feature: the one place that knows them all."""

from __future__ import annotations

from promptls.lsp.features import (
    code_action,
    code_lens,
    completion,
    definition,
    diagnostics,
    document_link,
    document_symbol,
    find_references,
    folding_range,
    hover,
    inlay_hint,
    jobs,
    lifecycle,
    models,
    rename_files,
    render,
    report,
    semantic_tokens,
    status,
    summary,
    synchronization,
    workspace,
    workspace_diagnostics,
    workspace_report,
)
from promptls.lsp.features.table import FeatureTable
from promptls.lsp.session import Session

_FEATURES = (
    lifecycle,
    synchronization,
    workspace,
    inlay_hint,
    diagnostics,
    hover,
    document_symbol,
    folding_range,
    code_lens,
    document_link,
    definition,
    completion,
    semantic_tokens,
    code_action,
    find_references,
    rename_files,
    report,
    summary,
    render,
    models,
    status,
    workspace_report,
    workspace_diagnostics,
    jobs,
)


def register_all(features: FeatureTable, session: Session) -> None:
    """Fill in the handlers of all features."""
    for feature in _FEATURES:
        feature.register(features, session)
