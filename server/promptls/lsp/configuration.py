"""The client's settings: asked for per document, or pushed where it cannot be asked."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from promptls.lsp.protocol.logs import describe

if TYPE_CHECKING:
    from promptls.lsp.client import Client
    from promptls.lsp.protocol.server import HardenedServer

SECTION = "promptls"
ANSWER_WITHIN = 2.0
"""Seconds that reports and hints wait for the client's first answer."""
SETTINGS_FILES = ("promptls.toml", "pyproject.toml")

logger = logging.getLogger(__name__)


class ClientSettings:
    """What the client answered, by document."""

    def __init__(self, server: HardenedServer) -> None:
        self._server = server
        self._client: Client | None = None
        self._answers: dict[str, object] = {}
        self._asked: dict[str, asyncio.Task[object]] = {}
        self._pushed: object = None

    def connect(self, client: Client) -> None:
        """Begin, once the client's abilities are known."""
        self._client = client
        self._pushed = client.settings

    def changed(self, settings: object) -> None:
        """The client says that settings changed, and perhaps which they are now."""
        if isinstance(settings, dict) and SECTION in settings:
            self._pushed = settings[SECTION]
        self._answers.clear()
        self._asked.clear()

    def forget(self, uri: str) -> None:
        """A document was closed."""
        self._answers.pop(uri, None)
        self._asked.pop(uri, None)

    async def of(self, uri: str) -> object:
        """The client's settings for a document; what is known when it does not answer in time."""
        if uri in self._answers:
            return self._answers[uri]
        if self._client is None or not self._client.configuration:
            return self._pushed
        task = self._asked.get(uri)
        if task is None:
            task = self._asked[uri] = asyncio.ensure_future(self._ask(uri))
        done, _ = await asyncio.wait([task], timeout=ANSWER_WITHIN)
        return task.result() if done else self._pushed

    async def _ask(self, uri: str) -> object:
        item = types.ConfigurationItem(scope_uri=uri, section=SECTION)
        params = types.ConfigurationParams(items=[item])
        try:
            answer = await self._server.protocol.send_request_async(
                types.WORKSPACE_CONFIGURATION, params
            )
        except Exception as error:
            logger.warning("the client did not give its settings: %s", describe(error))
            return self._pushed
        # lsprotocol makes a tuple of the array.
        value = next(iter(answer), None) if isinstance(answer, (list, tuple)) else None
        if self._asked.get(uri) is asyncio.current_task():
            self._answers[uri] = value
        return value

    async def register(self) -> None:
        """Ask to be told of changes to settings and to settings files, where that is possible."""
        client = self._client
        if client is None:
            return
        registrations = []
        if client.configuration_registration:
            registrations.append(
                types.Registration(
                    id="promptls-settings",
                    method=types.WORKSPACE_DID_CHANGE_CONFIGURATION,
                    register_options={"section": SECTION},
                )
            )
        if client.watch_registration:
            watchers: list[dict[str, Any]] = [
                {"globPattern": f"**/{name}"} for name in SETTINGS_FILES
            ]
            registrations.append(
                types.Registration(
                    id="promptls-settings-files",
                    method=types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
                    register_options={"watchers": watchers},
                )
            )
        if not registrations:
            return
        try:
            await self._server.protocol.send_request_async(
                types.CLIENT_REGISTER_CAPABILITY, types.RegistrationParams(registrations)
            )
        except Exception as error:
            logger.warning("the client refused to register: %s", describe(error))
