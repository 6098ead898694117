"""Imports every feature: the one place that knows them all."""

from __future__ import annotations

from promptls.lsp.features import (
    code_lens,
    diagnostics,
    document_symbol,
    folding_range,
    hover,
    inlay_hint,
    lifecycle,
    render,
    report,
    synchronization,
    workspace,
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
    report,
    render,
)


def register_all(features: FeatureTable, session: Session) -> None:
    """Fill in the handlers of all features."""
    for feature in _FEATURES:
        feature.register(features, session)
