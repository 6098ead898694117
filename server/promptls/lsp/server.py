"""The server with all its features."""

from __future__ import annotations

from lsprotocol import types

from promptls import __version__
from promptls.lsp.features import ALL
from promptls.lsp.features.diagnostics import register_pull
from promptls.lsp.protocol.server import HardenedServer
from promptls.lsp.session import Session


def create_server() -> HardenedServer:
    """A server that is ready to be served."""
    server = HardenedServer("promptls", __version__)
    session = Session(server)
    for feature in ALL:
        feature.register(server, session)

    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        session.initialize(params)
        if session.client.pull:
            register_pull(server, session)

    @server.feature(types.INITIALIZED)
    async def initialized(params: types.InitializedParams) -> None:
        await session.initialized()

    @server.feature(types.SHUTDOWN)
    def shutdown(params: None) -> None:
        session.shutdown()

    return server
