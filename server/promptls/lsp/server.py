"""The server with all its features."""

from __future__ import annotations

import asyncio

from lsprotocol import types

from promptls import __version__
from promptls.lsp.features.table import ADVERTISED, PULL, FeatureTable
from promptls.lsp.protocol.server import HardenedServer


def create_server() -> HardenedServer:
    """A server that is ready to be served."""
    server = HardenedServer("promptls", __version__)
    params: list[types.InitializeParams] = []

    def load(features: FeatureTable) -> None:
        from promptls.lsp.features.loading import register_all
        from promptls.lsp.session import Session

        session = Session(server)
        session.initialize(params[0])
        register_all(features, session)

    features = FeatureTable(server, load)
    features.advertise(ADVERTISED)
    features.advertise_commands()

    @server.feature(types.INITIALIZE)
    def initialize(given: types.InitializeParams) -> None:
        params.append(given)
        document = given.capabilities.text_document
        if document and document.diagnostic:
            features.advertise(PULL)
        # Behind the reply, which waits for nothing of this.
        asyncio.get_running_loop().call_soon(features.load)

    return server
