"""`initialized` and `shutdown`."""

from __future__ import annotations

from lsprotocol import types

from promptls.lsp.features.table import FeatureTable
from promptls.lsp.session import Session


def register(features: FeatureTable, session: Session) -> None:
    """Register both."""

    @features.handler(types.INITIALIZED)
    async def initialized(params: object) -> None:
        await session.initialized()

    @features.handler(types.SHUTDOWN)
    async def shutdown(params: object) -> None:
        await session.shutdown()
