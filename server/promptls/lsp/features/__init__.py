"""One small file a feature; each registers itself with the server."""

from __future__ import annotations

from promptls.lsp.features import (
    code_lens,
    diagnostics,
    document_symbol,
    folding_range,
    hover,
    inlay_hint,
    render,
    report,
    synchronization,
    workspace,
)

ALL = (
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
